/** Media up, down and away (Meta: Cloud API media). */
import { textOf } from "../json.ts";
import type { StoredMedia } from "../world/media-store.ts";
import type { World } from "../world/world.ts";
import { parametersOf, success, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, missing } from "./graph-error.ts";

const megabyte = 1024 * 1024;
const day = 86_400_000;

/** Most bytes by type. */
const limits: Record<string, number> = {
  "audio/aac": 16 * megabyte, "audio/mp4": 16 * megabyte, "audio/mpeg": 16 * megabyte, "audio/amr": 16 * megabyte, "audio/ogg": 16 * megabyte, "audio/opus": 16 * megabyte,
  "application/vnd.ms-powerpoint": 100 * megabyte, "application/msword": 100 * megabyte, "application/vnd.ms-excel": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": 100 * megabyte,
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": 100 * megabyte,
  "application/pdf": 100 * megabyte, "text/plain": 100 * megabyte,
  "image/jpeg": 5 * megabyte, "image/png": 5 * megabyte, "image/webp": 500 * 1024,
  "video/mp4": 16 * megabyte, "video/3gpp": 16 * megabyte,
};

/** Uploads live 30 days, files received from users 7. */
export const mediaLife = { uploaded: 30 * day, received: 7 * day };
const linkLifeMs = 300_000;

export function uploadMedia(call: GraphCall): GraphAnswer {
  const { world, file } = call;
  const given = parametersOf(call);
  if (given["messaging_product"] === undefined) throw missing("messaging_product");
  if (!file) throw missing("file");
  // Clients state the type in `type`, in the part's own header, or in both; the part's header decides.
  const mimeType = file.mimeType === "application/octet-stream" ? textOf(given["type"]) || file.mimeType : file.mimeType;
  const most = limits[mimeType];
  if (most === undefined) {
    const list = Object.keys(limits).join(", ");
    throw new GraphError(100, { message: `(#100) Param file must be a file with one of the following types: ${list}. Received file of type '${mimeType}'.` });
  }
  if (file.bytes.length > most) {
    throw new GraphError(131053, { httpStatus: 400, details: `The file has ${file.bytes.length} bytes; a file of type ${mimeType} has at most ${most}.` });
  }
  const id = world.random.digits(16);
  world.media.add(id, { mimeType, bytes: file.bytes, filename: file.filename, expiresAt: world.clock.now() + mediaLife.uploaded });
  return { body: { id } };
}

/** `GET` and `DELETE /{media id}`. */
export function mediaNode(call: GraphCall, media: StoredMedia): GraphAnswer {
  const { world } = call;
  if (call.method === "DELETE") {
    world.media.delete(media.id);
    return success;
  }
  return {
    body: {
      messaging_product: "whatsapp",
      url: downloadUrl(world, media),
      mime_type: media.mimeType,
      sha256: media.sha256,
      file_size: String(media.bytes.length),
      id: media.id,
    },
  };
}

/** Where the file can be had for five minutes, with the token. */
export function downloadUrl(world: World, media: StoredMedia): string {
  const expires = Math.floor((world.clock.now() + linkLifeMs) / 1000);
  return `${world.address}/whatsapp_business/attachments/?mid=${media.id}&ext=${expires}&hash=${media.sha256.slice(0, 24)}`;
}

/** The file behind a download address, unless the address is wrong or its five minutes are over. */
export function fileOfUrl(world: World, query: { mid?: unknown; ext?: unknown; hash?: unknown }): StoredMedia | undefined {
  const media = world.media.find(textOf(query.mid), world.clock.now());
  const valid = media && textOf(query.hash) === media.sha256.slice(0, 24) && Number(query.ext) * 1000 > world.clock.now();
  return valid ? media : undefined;
}
