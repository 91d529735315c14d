import { isObject, type JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import { pickFields } from "./call.ts";
import type { StoredTemplate } from "./template-store.ts";
import { mediaIdOfHandle } from "./uploads.ts";

const shownByDefault = ["name", "parameter_format", "components", "language", "status", "category", "sub_category", "previous_category", "correct_category"];

/** A template as `GET` shows it. Sample handles become addresses, as Meta shows them in lists. */
export function viewOf(world: World, template: StoredTemplate, fields: unknown): JsonObject {
  const all: JsonObject = {
    ...template.extra,
    id: template.id,
    name: template.name,
    parameter_format: template.parameterFormat,
    components: withSampleAddresses(world, template.components),
    language: template.language,
    status: template.status,
    category: template.category,
    previous_category: template.previousCategory,
    correct_category: template.correctCategory,
    rejected_reason: template.rejectedReason,
    quality_score: { score: template.quality.score, date: Math.floor(template.quality.at / 1000) },
    message_send_ttl_seconds: template.ttlSeconds,
    last_updated_time: new Date(template.updatedAt).toISOString().replace(/\.\d+Z$/, "+0000"),
    created_time: new Date(template.createdAt).toISOString().replace(/\.\d+Z$/, "+0000"),
  };
  return pickFields(all, fields, shownByDefault);
}

function withSampleAddresses(world: World, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((each) => withSampleAddresses(world, each));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === "header_handle" && Array.isArray(member) ? member.map((handle) => addressOf(world, String(handle))) : withSampleAddresses(world, member),
    ]),
  );
}

function addressOf(world: World, handle: string): string {
  if (/^https?:/.test(handle)) return handle;
  if (handle.startsWith("/")) return world.address + handle;
  const mediaId = mediaIdOfHandle(handle);
  return mediaId ? `${world.address}/sandbox/files/${mediaId}` : `${world.address}/sandbox/assets/order.png`;
}
