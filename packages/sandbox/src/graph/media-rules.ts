import { textOf, type JsonObject } from "../json.ts";
import { GraphError, lacking, notValid } from "./graph-error.ts";

/** A media object names exactly one of an uploaded file and a link. */
export function checkMedia(path: string, media: JsonObject, allowed: { caption: boolean }): void {
  const [id, link] = [textOf(media["id"]), textOf(media["link"])];
  if (!id && !link) throw lacking(`${path}: one of id and link is required.`);
  if (id && link) throw notValid(`${path}: only one of id and link may be given.`);
  if (link && !/^https?:\/\/[^\s/]+/i.test(link)) throw new GraphError(100, { message: `(#100) Param ${path}['link'] is not a valid URI.` });
  const caption = media["caption"];
  if (caption === undefined) return;
  if (!allowed.caption) throw notValid(`${path} takes no caption.`);
  if (textOf(caption).length > 1024) throw notValid(`${path}['caption'] must be at most 1024 characters long.`);
}
