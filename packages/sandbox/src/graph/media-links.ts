/** Media named in a send, by upload id or by link. */
import { request } from "undici";
import { isObject, textOf, type JsonObject } from "../json.ts";
import type { World } from "../world/world.ts";
import { GraphError } from "./graph-error.ts";

const kinds = ["image", "video", "audio", "document", "sticker", "gif"];
/** Meta takes an identical link from its cache for ten minutes. */
const cachedMs = 600_000;
const mostCached = 1000;
/** When each link was last fetched well, in real milliseconds. */
const fetched = new Map<string, number>();

/** Refuses a send that names an upload that is not there (any more). */
export function checkUploadedMedia(world: World, content: JsonObject): void {
  for (const { kind, media } of mediaIn(content)) {
    const id = textOf(media["id"]);
    if (id && !world.media.find(id, world.clock.now())) {
      throw new GraphError(100, { message: `(#100) Param ${kind}['id'] is not a valid whatsapp business account media attachment ID` });
    }
  }
}

/** Links to this machine; links elsewhere are not fetched. */
export function linksOf(content: JsonObject): string[] {
  return mediaIn(content).map(({ media }) => textOf(media["link"])).filter(isLocal);
}

/** The first link that does not answer 200, with what happened. */
export async function unreachableLink(links: string[]): Promise<string | undefined> {
  for (const link of links) {
    const trouble = await tryLink(link);
    if (trouble) return trouble;
  }
  return undefined;
}

async function tryLink(link: string): Promise<string | undefined> {
  const now = Date.now();
  if (now - (fetched.get(link) ?? 0) < cachedMs) return undefined;
  try {
    const { statusCode, body } = await request(link, { headersTimeout: 5000, bodyTimeout: 5000 });
    await body.dump();
    if (statusCode !== 200) return `Downloading media from weblink failed with http code ${statusCode}`;
  } catch {
    return "Downloading media from weblink failed: the address could not be reached";
  }
  if (fetched.size >= mostCached) fetched.clear();
  fetched.set(link, now);
  return undefined;
}

function isLocal(link: string): boolean {
  const host = URL.parse(link)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || host.startsWith("127.");
}

/** Every media object within a message's content, whatever the depth: headers, cards, template parameters. */
function mediaIn(content: unknown): { kind: string; media: JsonObject }[] {
  if (Array.isArray(content)) return content.flatMap(mediaIn);
  if (!isObject(content)) return [];
  return Object.entries(content).flatMap(([kind, value]) => {
    if (kinds.includes(kind) && isObject(value)) return [{ kind, media: value }];
    return typeof value === "object" ? mediaIn(value) : [];
  });
}
