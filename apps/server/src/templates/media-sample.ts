/** The sample that shows a reviewer what a media header will look like: uploaded to Meta, its handle put into the header. */
import type { MediaSample, TemplateComponent } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import { storable } from "../database/storable.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import type { AuthoringDeps } from "./authoring.ts";
import type { SampleFile } from "./host.ts";
import { findTemplate, presentTemplate } from "./store.ts";
import { saveTemplate } from "./write.ts";

const MEGABYTE = 1024 * 1024;
/** The largest sample taken here; Meta's own limits by kind are below. Documents may be sent larger than their sample. */
export const SAMPLE_BYTES = 16 * MEGABYTE;

/** Meta: Cloud API media, supported types. */
const kinds: Record<string, { types: readonly string[]; bytes: number }> = {
  IMAGE: { types: ["image/jpeg", "image/png"], bytes: 5 * MEGABYTE },
  VIDEO: { types: ["video/mp4", "video/3gpp"], bytes: 16 * MEGABYTE },
  GIF: { types: ["video/mp4"], bytes: 3.5 * MEGABYTE },
  DOCUMENT: { types: ["application/pdf"], bytes: SAMPLE_BYTES },
};

/**
 * Uploads a sample for the template's header, or for the header of one card. In a draft the handle is stored at once; a template that
 * Meta has keeps its own until it is changed with the handle that is answered.
 */
export async function addSample(deps: AuthoringDeps, actor: Actor, id: string, file: SampleFile, card: number | undefined): Promise<MediaSample> {
  const { db } = deps.database;
  const row = await findTemplate(db, actor.workspaceId, id);
  const format = headerOf(placeOf(row.components, card))?.format?.toUpperCase() ?? "";
  const kind = kinds[format];
  if (!kind) throw new ApiError("template_without_media_header", { field: card === undefined ? "components" : `cards[${card}]` });
  if (!kind.types.includes(file.mimeType)) {
    throw new ApiError("sample_not_taken", { field: "file", expected: kind.types.join(" or "), detail: `It is ${file.mimeType}; the header is ${format.toLowerCase()}.` });
  }
  if (file.bytes.length === 0) throw new ApiError("sample_not_taken", { field: "file", detail: "It is empty." });
  if (file.bytes.length > kind.bytes) throw new ApiError("sample_not_taken", { field: "file", expected: `at most ${kind.bytes / MEGABYTE} MB`, detail: "It is too large." });
  const host = await deps.hosts(actor.workspaceId, row.provider_id);
  if (!host) throw new ApiError("sample_not_taken", { detail: "Only templates that Meta reviews need one; give a generic provider's template a sample link instead." });
  const handle = await host.uploadSample(file);
  if (row.status === "DRAFT") {
    await db.transaction().execute(async (tx) => {
      await saveTemplate(tx, actor.workspaceId, row, { components: withHandle(row.components, card, handle) });
      await audit(tx, actor, { action: "template.changed", target: { kind: "template", id, name: `${row.name} (${row.language})` }, detail: { sample: storable(file.filename.slice(0, 200)) } });
    });
    deps.registry.changed(actor.workspaceId);
  }
  return { handle, template: presentTemplate(await findTemplate(db, actor.workspaceId, id)) };
}

type Components = readonly TemplateComponent[];

function placeOf(components: Components, card: number | undefined): Components {
  if (card === undefined) return components;
  return components.find(({ type }) => type.toUpperCase() === "CAROUSEL")?.cards?.[card]?.components ?? [];
}

function headerOf(components: Components): TemplateComponent | undefined {
  return components.find(({ type }) => type.toUpperCase() === "HEADER");
}

function withHandle(components: Components, card: number | undefined, handle: string): TemplateComponent[] {
  if (card === undefined) return components.map((each) => (each === headerOf(components) ? { ...each, example: { header_handle: [handle] } } : each));
  return components.map((each) => {
    if (each.type.toUpperCase() !== "CAROUSEL" || !each.cards) return each;
    return { ...each, cards: each.cards.map((one, i) => (i === card ? { ...one, components: withHandle(one.components, undefined, handle) } : one)) };
  });
}
