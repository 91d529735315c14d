import type { Template, TemplatePatch } from "@tincan/api";
import { api } from "../../../api.ts";
import { definitionOf } from "./definition.ts";
import { type Draft, draftOf } from "./draft.ts";

/** Files that were chosen and are not at Meta yet, with the card they stand on. */
function chosenFiles(draft: Draft): { file: File; card?: number }[] {
  if (draft.category === "AUTHENTICATION") return [];
  if (draft.shape !== "carousel") return draft.header.file ? [{ file: draft.header.file }] : [];
  return draft.cards.flatMap(({ header }, card) => (header.file ? [{ file: header.file, card }] : []));
}

/** Of a template that Meta has: only what differs, so that a new sample value costs no review. */
function changesOf(draft: Draft, existing: Template): TemplatePatch {
  const { name: _name, language: _language, components, category, parameterFormat, timeToLiveSeconds, ...ours } = definitionOf(draft);
  const before = definitionOf(draftOf(existing));
  const same = JSON.stringify(components) === JSON.stringify(before.components);
  return { ...ours, ...(same ? {} : { components, parameterFormat }), ...(category === before.category ? {} : { category }), ...(timeToLiveSeconds === before.timeToLiveSeconds ? {} : { timeToLiveSeconds }) };
}

interface Saving {
  draft: Draft;
  /** The template as it was saved last; none for a new one. */
  existing: Template | null;
  submit: boolean;
  /** Told as soon as the server has it, so that a later failure does not make it twice. */
  onSaved: (template: Template) => void;
}

/** Saves, uploads the chosen samples, and submits when asked to: in this order, since an upload needs the template it belongs to. */
export async function saveTemplate({ draft, existing, submit, onSaved }: Saving): Promise<Template> {
  const files = chosenFiles(draft);
  const isDraft = !existing || existing.status === "DRAFT";
  if (isDraft) {
    const written = definitionOf(draft);
    let template = existing ? await api.templates.update(existing.id, written) : await api.templates.create({ provider: draft.provider, ...written });
    onSaved(template);
    for (const { file, card } of files) ({ template } = await api.templates.addMediaSample(template.id, file, card));
    onSaved(template);
    return submit ? api.templates.submit(template.id) : template;
  }
  const uploaded: Draft = { ...draft, header: { ...draft.header }, cards: draft.cards.map((card) => ({ ...card, header: { ...card.header } })) };
  for (const { file, card } of files) {
    const { handle } = await api.templates.addMediaSample(existing.id, file, card);
    const header = card === undefined ? uploaded.header : uploaded.cards[card]?.header;
    if (header) header.handle = handle;
  }
  return api.templates.update(existing.id, changesOf(uploaded, existing));
}
