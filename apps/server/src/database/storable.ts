/** Text from outside as the database can hold it: no text there holds NUL, and no JSON that is to be read half a surrogate pair. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}
