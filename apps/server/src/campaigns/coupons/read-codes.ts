import { templateLimits } from "@tincan/whatsapp/templates";

export interface ReadCodes {
  codes: string[];
  /** Lines that hold no code. */
  refused: { line: number; text: string }[];
}

/**
 * Codes out of a text: one to a line, or the first column of a CSV, with a heading or without. A code that occurs twice is taken once; a
 * code holds no quotation marks, separators or spaces, so lines need no closer reading. One that no copy-code button holds is refused here,
 * not for each person who would get it.
 */
export function readCodes(text: string): ReadCodes {
  const codes = new Set<string>();
  const refused: ReadCodes["refused"] = [];
  let line = 0;
  for (const written of text.replace(/^\ufeff/, "").split(/\r\n|\n|\r/)) {
    line++;
    if (written.trim() === "") continue;
    const code = written.split(/[,;\t]/, 1)[0]!.trim().replace(/^"(.*)"$/, "$1").trim();
    if (line === 1 && /^(coupon[ _]?)?codes?$/i.test(code)) continue;
    if (/^[^\s\p{C}"]+$/u.test(code) && code.length <= templateLimits.couponCode) codes.add(code);
    else refused.push({ line, text: code.slice(0, 60).toWellFormed() });
  }
  return { codes: [...codes], refused };
}
