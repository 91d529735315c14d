import type { Template, TemplateValues } from "@tincan/api";
import { definitionOf } from "../editor/definition.ts";
import { type Draft, type DraftHeader, draftOf } from "../editor/draft.ts";

/** What a test fills in beside the samples. */
export interface TestExtras {
  /** The one-time code of an authentication template. */
  code: string;
  /** When an offer ends, as a local date and time (`2026-12-24T18:00`). */
  ends: string;
}

/** A file without an address of its own is tried with the one under which Meta lists its sample. */
const withLink = (header: DraftHeader): DraftHeader => (header.link === "" && /^https?:/.test(header.handle) ? { ...header, link: header.handle } : header);

/** What a test begins with: the template's samples. */
export function testDraft(template: Template): Draft {
  const draft = draftOf(template);
  return { ...draft, header: withLink(draft.header), cards: draft.cards.map((card) => ({ ...card, header: withLink(card.header) })) };
}

/** The values of a test: the samples as they stand in the form. */
export function testValues(draft: Draft, { code, ends }: TestExtras): TemplateValues {
  if (draft.category === "AUTHENTICATION") return { body: [{ text: code }], buttons: [{ kind: "url", index: 0, suffix: code }] };
  const expires = draft.shape === "offer" && draft.offer.expires && ends !== "" ? { expiresAtMs: Date.parse(ends) } : {};
  return { ...definitionOf(draft).samples, ...expires };
}

/** Numbers as somebody types them, one to a line or with commas: each once, in international form where it begins with 00. */
export function numbersIn(text: string): string[] {
  const numbers = text
    .split(/[,;\n]+/)
    .map((part) => part.trim().replace(/^00/, "+"))
    .filter(Boolean);
  return [...new Set(numbers)];
}
