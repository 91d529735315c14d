/*
 * What a text reads of a person or an event, as far as it is written plainly: `{{ profile.City | default: "your town" }}`. The server
 * fills all of Liquid; this serves the fields in which such texts are written.
 */

export interface Read {
  /** The whole of it, from `{{` to `}}`. */
  source: string;
  /** "profile.City" */
  name: string;
  /** What stands there when it is empty; null when nothing is said. */
  fallback: string | null;
}

const plain = /\{\{\s*((?:profile|event)(?:\.[A-Za-z_][\w-]*|\[\s*"[^"\\]*"\s*\]))\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?\}\}/g;

/** Each plain output of a text, in order. */
export function readsOf(text: string): Read[] {
  return Array.from(text.matchAll(plain), ([source, name = "", double, single]) => ({ source, name, fallback: double ?? single ?? null }));
}

/** How a text writes a property: by a dot where its name is a plain word. */
export function outputOf(root: "profile" | "event", key: string, fallback = ""): string {
  const name = /^[A-Za-z_][\w-]*$/.test(key) && !["size", "first", "last"].includes(key) ? `${root}.${key}` : `${root}["${key.replaceAll(/["\\]/g, "")}"]`;
  return writeOutput(name, fallback);
}

function writeOutput(name: string, fallback: string): string {
  const safe = fallback.replaceAll(/["\\]/g, "");
  return safe === "" ? `{{ ${name} }}` : `{{ ${name} | default: "${safe}" }}`;
}

/** The text with another fallback for everything of this name. */
export function withFallback(text: string, name: string, fallback: string): string {
  return text.replaceAll(plain, (source: string, found: string) => (found === name ? writeOutput(name, fallback) : source));
}

/** The text in pieces, Liquid apart from the rest. */
export function liquidPieces(text: string): { text: string; isLiquid: boolean; at: number }[] {
  let at = 0;
  return text.split(/(\{\{.*?\}\}|\{%.*?%\})/s).flatMap((piece) => {
    const start = at;
    at += piece.length;
    return piece === "" ? [] : [{ text: piece, isLiquid: /^\{[{%]/.test(piece), at: start }];
  });
}
