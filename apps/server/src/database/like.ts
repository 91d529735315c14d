/** Makes a text match itself inside LIKE, where % and _ stand for anything. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, "\\$&");
}
