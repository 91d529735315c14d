/** Files that go up in pieces, for template samples (Meta: Resumable Upload API). */
import { textOf } from "../json.ts";
import { parametersOf, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, missing, unknownObject } from "./graph-error.ts";

const mostSessions = 200;

/** `POST /{app id}/uploads?file_name=&file_length=&file_type=` */
export function openUpload(call: GraphCall): GraphAnswer {
  const { world } = call;
  const given = parametersOf(call);
  for (const name of ["file_length", "file_type"]) if (textOf(given[name]) === "") throw missing(name);
  const length = Number(given["file_length"]);
  if (!Number.isInteger(length) || length < 1 || length > 100 * 1024 * 1024) throw new GraphError(100, { message: "(#100) Param file_length must be between 1 and 104857600." });
  const id = `upload:${Buffer.from(world.random.letters(24)).toString("base64url")}`;
  const [oldest] = world.uploads.keys();
  if (world.uploads.size >= mostSessions && oldest) world.uploads.delete(oldest);
  world.uploads.set(id, { filename: textOf(given["file_name"]), mimeType: textOf(given["file_type"]), length, bytes: Buffer.alloc(0) });
  return { body: { id } };
}

/** `POST /upload:…` adds bytes from `file_offset`; `GET` tells how far it got. */
export function continueUpload(call: GraphCall): GraphAnswer {
  const { world, node } = call;
  const upload = world.uploads.get(node);
  if (!upload) throw unknownObject(node, call.method);
  if (call.method === "GET") return { body: { id: node, file_offset: upload.bytes.length } };
  const offset = Number(call.headers["file_offset"] ?? 0);
  if (offset !== upload.bytes.length) throw new GraphError(100, { message: `(#100) The file_offset must be ${upload.bytes.length}.` });
  upload.bytes = Buffer.concat([upload.bytes, call.bytes]);
  if (upload.bytes.length > upload.length) throw new GraphError(100, { message: "(#100) More bytes were sent than file_length said." });
  if (upload.bytes.length < upload.length) return { body: { id: node, file_offset: upload.bytes.length } };
  world.uploads.delete(node);
  const mediaId = world.random.digits(16);
  world.media.add(mediaId, { mimeType: upload.mimeType, bytes: upload.bytes, filename: upload.filename, expiresAt: world.clock.now() + 30 * 86_400_000 });
  const type = Buffer.from(upload.mimeType).toString("base64");
  return { body: { h: `4::${type}:${world.random.letters(40)}:e:${world.clock.seconds() + 86_400}:${call.world.account.appId}:${mediaId}` } };
}

/** The uploaded file a handle stands for, when it came from this sandbox. */
export function mediaIdOfHandle(handle: string): string | undefined {
  return /^4::.*:(\d{16})$/.exec(handle)?.[1];
}
