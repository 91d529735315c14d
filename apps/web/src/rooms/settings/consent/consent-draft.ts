import type { ConsentReply, ConsentScope, ConsentState, ConsentWord } from "@tincan/api";

/** Words of one language that do the same. `id` is the line's own, while it is edited. */
export interface WordLine {
  id: number;
  state: ConsentState;
  category: ConsentScope;
  words: string[];
}

/** Everything about one language: its words and what is answered to them. */
export interface LanguageDraft {
  language: string;
  lines: WordLine[];
  out: string;
  in: string;
}

/** Groups words and answers by language; languages with an answer come first, in their order, because the first answers for all others. */
export function draftOf(words: ConsentWord[], replies: ConsentReply[]): LanguageDraft[] {
  const languages = [...new Set([...replies.map(({ language }) => language), ...words.map(({ language }) => language)])];
  let id = 0;
  return languages.map((language) => {
    const reply = replies.find((one) => one.language === language);
    const lines: WordLine[] = [];
    for (const { word, state, category } of words.filter((one) => one.language === language)) {
      const line = lines.find((one) => one.state === state && one.category === category);
      if (line) line.words.push(word);
      else lines.push({ id: id++, state, category, words: [word] });
    }
    return { language, lines, out: reply?.out ?? "", in: reply?.in ?? "" };
  });
}

export function wordsOf(draft: LanguageDraft[]): ConsentWord[] {
  return draft.flatMap(({ language, lines }) => lines.flatMap(({ state, category, words }) => words.map((word) => ({ word, state, category, language }))));
}

/** A language without any answer has none, so that the first one answers for it. */
export function repliesOf(draft: LanguageDraft[]): ConsentReply[] {
  return draft.filter((one) => one.out.trim() !== "" || one.in.trim() !== "").map((one) => ({ language: one.language, out: one.out.trim(), in: one.in.trim() }));
}

/** How words are compared: capitals and spaces do not count. */
const folded = (word: string) => word.trim().toLowerCase().replaceAll(/\s+/g, " ");

/** Words listed twice in one language: nobody could tell which was meant. Two languages may share a word; then the person's own counts. */
export function listedTwice(draft: LanguageDraft[]): string[] {
  return draft.flatMap(({ lines }) => {
    const words = lines.flatMap((line) => line.words);
    return words.filter((word, index) => words.findIndex((other) => folded(other) === folded(word)) < index);
  });
}

const names = new Intl.DisplayNames("en", { type: "language", fallback: "none" });

/** "Portuguese (Brazil)" for pt_BR; undefined for what is no language code. */
export function languageName(code: string): string | undefined {
  try {
    return names.of(code.trim().replaceAll("_", "-"));
  } catch {
    return undefined;
  }
}
