/** A file a person sent, by the provider's id of it. */
export interface MarkedMedia {
  providerId: string;
  wireMediaId: string;
}

/** Offers a stored file to a platform: downloads it from the provider if that has not happened, and signs an expiring URL. */
export interface MediaLinks {
  publish(workspaceId: string, providerId: string, wireMediaId: string): Promise<{ url: string; mimeType: string }>;
}

/** A host that can never exist (RFC 2606). */
const HOST = "https://media.invalid/";

/**
 * Stands for a file's URL in a stored callback. The real one is made when the callback leaves: it takes a download, which has no
 * place in a transaction, and it expires, while a callback may wait for days.
 */
export function mediaMark({ providerId, wireMediaId }: MarkedMedia): string {
  return `${HOST}${providerId}/${encodeURIComponent(wireMediaId)}`;
}

/** The file a body waits for, if any. What a person wrote is never taken for one: within a text the quotes are escaped. */
export function markedMedia(body: string): MarkedMedia | undefined {
  const match = /"mediaURL":"https:\/\/media\.invalid\/([0-9a-f-]{36})\/([^"\\]+)"/.exec(body);
  return match ? { providerId: match[1]!, wireMediaId: decodeURIComponent(match[2]!) } : undefined;
}

/** The body with the real URL in every place of the mark. */
export function resolveMedia(body: string, media: MarkedMedia, url: string): string {
  return body.replaceAll(JSON.stringify(mediaMark(media)), () => JSON.stringify(url));
}
