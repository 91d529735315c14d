/** Which addresses in a message can become short links: those in a value's text, and a button whose address ends in ours. */
import { isWebAddress, LINK_PATH, type LinkOrigins } from "./address.ts";

/**
 * An address in running text: up to a space, a control character, a quotation mark, a bracket that no address has, or a mark of another
 * script ("。", "»", an emoji). An address that hangs on an ASCII word is not one.
 */
const ADDRESS = /(?<![0-9A-Za-z])https?:\/\/[^\s<>"`\{\}\|\\^\p{C}[[\p{P}\p{S}]--\p{ASCII}]]+/giv;

/**
 * Replaces each http(s) address in a text by what `makeLink` answers for it; null leaves it. The same address twice is asked for once.
 * A full stop, a bracket that was opened before the address, and WhatsApp's marks for bold and italics are not part of it.
 */
export function trackText(text: string, makeLink: (url: string) => string | null): string {
  const made = new Map<string, string | null>();
  return text.replaceAll(ADDRESS, (found, at: number) => {
    const url = withoutTail(found, text.slice(0, at));
    if (!isWebAddress(url)) return found;
    let link = made.get(url);
    if (link === undefined) made.set(url, (link = makeLink(url)));
    return (link ?? url) + found.slice(url.length);
  });
}

/** Whether a template's address for a URL button ("https://tincan.example/l/{{1}}") is ours, so that its value may be a short link's code. */
export function trackButton(url: string, { publicUrl, domain }: LinkOrigins): boolean {
  const base = /^([^{}]*)\{\{[^{}]*\}\}$/.exec(url.trim())?.[1] ?? "";
  if (!isWebAddress(base) || /[?#]/.test(base)) return false;
  const { origin, pathname } = new URL(base);
  return (origin === publicUrl || origin === domain) && pathname === LINK_PATH;
}

/** Takes from the end what belongs to the sentence; `before` is the text in front of the address. */
function withoutTail(found: string, before: string): string {
  // Closing brackets beyond those that the address opens.
  const excess = { ")": count(found, ")") - count(found, "("), "]": count(found, "]") - count(found, "[") };
  // Italics may have begun words earlier.
  const isItalic = found.includes("_") && /(^|[\s*~("'])_/.test(before);
  let end = found.length;
  for (; end > 0; end--) {
    const last = found.charAt(end - 1);
    if (".,;:!?'*~".includes(last) || (last === "_" && isItalic)) continue;
    if ((last !== ")" && last !== "]") || excess[last]-- <= 0) break;
  }
  return found.slice(0, end);
}

function count(text: string, letter: string): number {
  return text.split(letter).length - 1;
}
