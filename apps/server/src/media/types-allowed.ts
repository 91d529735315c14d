/** A person may send 100 MB at most (Meta: media, supported types). */
export const MOST_BYTES = 100 * 1024 * 1024;

/** What a browser may show in place. Everything else could carry script, so it is only ever offered for saving. */
const shown = new Set([
  "image/jpeg", "image/png", "image/webp", "image/gif", "audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg", "audio/opus", "video/mp4", "video/3gpp",
  "application/pdf", "text/plain",
]);

const extensions: Record<string, string> = {
  "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "image/gif": "gif",
  "audio/aac": "aac", "audio/amr": "amr", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/ogg": "ogg", "audio/opus": "opus",
  "video/mp4": "mp4", "video/3gpp": "3gp", "application/pdf": "pdf", "text/plain": "txt",
  "application/msword": "doc", "application/vnd.ms-excel": "xls", "application/vnd.ms-powerpoint": "ppt",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
};

/** The bare type in lower case; what is not written like a type counts as bytes of any kind. */
export function bareType(mimeType: string): string {
  const bare = mimeType.split(";", 1)[0]!.trim().toLowerCase();
  return /^[a-z0-9][a-z0-9!#$&^_.+-]{0,100}\/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}$/.test(bare) ? bare : "application/octet-stream";
}

export function mayBeShown(mimeType: string): boolean {
  return shown.has(mimeType);
}

/** Without a dot; "bin" for types without a usual one. */
export function extensionOf(mimeType: string): string {
  return extensions[mimeType] ?? "bin";
}
