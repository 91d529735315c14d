import { open } from "node:fs/promises";
import type { FileHandle } from "node:fs/promises";
import type { Readable } from "node:stream";
import type { FastifyReply, FastifyRequest } from "fastify";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import type { MediaFiles, StoredFile } from "./files.ts";
import type { MediaLinks } from "./links.ts";
import { mayBeShown } from "./types-allowed.ts";

/** `GET /media/{signed name}`: hands out a stored file to whoever has its address. */
export function mediaRoutes(deps: { files: MediaFiles; links: MediaLinks }): RoutePlugin {
  return async (app) => {
    app.route<{ Params: { name: string } }>({
      method: ["GET", "HEAD"],
      url: "/media/:name",
      schema: { hide: true },
      handler: async (request, reply) => {
        const named = deps.links.read(request.params.name);
        const file = named && (await deps.files.find(named.workspaceId, named.fileId));
        // Opened once: a file that is removed from here on is still read to its end.
        const opened = file && (await open(file.path).catch(() => undefined));
        if (!file || !opened) throw new ApiError("not_found");
        const body = await answer(file, opened, request, reply);
        // A stream closes the file when it ends or is broken off.
        if (!body) await opened.close();
        return reply.send(body);
      },
    });
  };
}

/** Sets status and headers; answers the bytes to send, if any are to be sent. */
async function answer(file: StoredFile, opened: FileHandle, request: FastifyRequest, reply: FastifyReply): Promise<Readable | undefined> {
  const { size } = await opened.stat();
  const shown = mayBeShown(file.mimeType);
  void reply.headers({
    "content-type": shown ? file.mimeType : "application/octet-stream",
    "content-disposition": `${shown ? "inline" : "attachment"}${namePart(file.filename)}`,
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "private, max-age=3600",
    "accept-ranges": "bytes",
    etag: `"${file.sha256}"`,
  });
  if (request.headers["if-none-match"] === `"${file.sha256}"`) {
    void reply.code(304);
    return undefined;
  }
  const range = readRange(request.headers.range, size);
  if (range === "unsatisfiable") {
    void reply.code(416).header("content-range", `bytes */${size}`);
    return undefined;
  }
  const { start, end } = range ?? { start: 0, end: size - 1 };
  void reply.header("content-length", String(end - start + 1));
  if (range) void reply.code(206).header("content-range", `bytes ${start}-${end}/${size}`);
  return request.method === "HEAD" || size === 0 ? undefined : opened.createReadStream({ start, end });
}

/** The name for saving, in the form that carries any letter (RFC 6266). */
function namePart(filename: string | null): string {
  if (filename === null) return "";
  const encoded = encodeURIComponent(filename.replaceAll(/[\p{C}/\\]/gu, "_")).replaceAll(/['()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`);
  return `; filename*=UTF-8''${encoded}`;
}

/** One range of bytes, both ends included; undefined for the whole file, also when several ranges are asked for (RFC 9110, 14.2). */
function readRange(header: string | undefined, size: number): { start: number; end: number } | "unsatisfiable" | undefined {
  const match = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? "");
  if (!match || (match[1] === "" && match[2] === "")) return undefined;
  const [, first = "", last = ""] = match;
  if (first === "") return last === "0" || size === 0 ? "unsatisfiable" : { start: Math.max(0, size - Number(last)), end: size - 1 };
  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (start >= size) return "unsatisfiable";
  return end < start ? undefined : { start, end };
}
