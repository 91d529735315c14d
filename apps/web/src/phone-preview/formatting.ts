/*
 * WhatsApp's text marks: *bold* _italic_ ~strike~ `code` ```block```, quotes, lists and links. A mark counts only where a word begins and
 * ends with it; inside it the other marks still work, except in code. {{1}} and {{name}} are a template's open variables.
 */

export type Inline =
  | { kind: "text" | "code" | "variable"; text: string }
  | { kind: "link"; text: string; href: string }
  | { kind: "bold" | "italic" | "strike"; parts: Inline[] };

export interface Line {
  kind: "line" | "quote" | "bullet" | "number" | "block";
  marker?: string;
  parts: Inline[];
}

const marks: Record<string, "bold" | "italic" | "strike"> = { "*": "bold", _: "italic", "~": "strike" };
const linkPattern = /^(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]'*_~]|www\.[^\s<>"]*[^\s<>".,;:!?)\]'*_~])/i;
const variablePattern = /^\{\{\s*[\w.]+\s*\}\}/;

const isWord = (character: string | undefined) => character !== undefined && /[\p{L}\p{N}]/u.test(character);
const isSpace = (character: string | undefined) => character === undefined || /\s/.test(character);

/** Where the mark opened at `start` closes, or -1. */
function closing(text: string, start: number, mark: string): number {
  if (isWord(text[start - 1]) || isSpace(text[start + 1]) || text[start + 1] === mark) return -1;
  for (let at = start + 2; at < text.length; at++) {
    if (text[at] === mark && !isSpace(text[at - 1]) && !isWord(text[at + 1])) return at;
  }
  return -1;
}

/** The inline parts of one line. */
export function inlineParts(text: string): Inline[] {
  const parts: Inline[] = [];
  let plain = "";
  const push = (part: Inline) => {
    if (plain) parts.push({ kind: "text", text: plain });
    plain = "";
    parts.push(part);
  };
  for (let at = 0; at < text.length; ) {
    const rest = text.slice(at);
    const character = text[at] ?? "";
    const variable = variablePattern.exec(rest)?.[0];
    const link = isWord(text[at - 1]) ? undefined : linkPattern.exec(rest)?.[0];
    const mark = marks[character];
    const codeEnd = character === "`" ? text.indexOf("`", at + 1) : -1;
    const end = mark ? closing(text, at, character) : -1;
    if (variable) {
      push({ kind: "variable", text: variable });
      at += variable.length;
    } else if (link) {
      push({ kind: "link", text: link, href: link.startsWith("www.") ? `https://${link}` : link });
      at += link.length;
    } else if (codeEnd > at + 1) {
      push({ kind: "code", text: text.slice(at + 1, codeEnd) });
      at = codeEnd + 1;
    } else if (mark && end > 0) {
      push({ kind: mark, parts: inlineParts(text.slice(at + 1, end)) });
      at = end + 1;
    } else {
      plain += character;
      at++;
    }
  }
  if (plain) parts.push({ kind: "text", text: plain });
  return parts;
}

function lineOf(text: string): Line {
  const quote = /^> (.*)$/.exec(text);
  if (quote) return { kind: "quote", parts: inlineParts(quote[1] ?? "") };
  const bullet = /^[*-] (.+)$/.exec(text);
  if (bullet) return { kind: "bullet", parts: inlineParts(bullet[1] ?? "") };
  const number = /^(\d{1,2}\.) (.+)$/.exec(text);
  if (number) return { kind: "number", marker: number[1] ?? "", parts: inlineParts(number[2] ?? "") };
  return { kind: "line", parts: inlineParts(text) };
}

/** A message's text as the lines and marks WhatsApp shows. */
export function formatted(text: string): Line[] {
  return text
    .split(/```([\s\S]+?)```/)
    .flatMap((piece, index): Line[] => {
      if (index % 2 === 1) return [{ kind: "block", parts: [{ kind: "code", text: piece.replace(/^\n|\n$/g, "") }] }];
      if (piece === "") return [];
      return piece.split("\n").map(lineOf);
    });
}
