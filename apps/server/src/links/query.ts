/** One parameter of an address, its text as it is to stand there. */
export interface Parameter {
  name: string;
  /** `name=value`, encoded. */
  text: string;
}

/** The parameters of a query as they stand in it, the question mark left out. */
export function parametersOf(query: string): Parameter[] {
  return query.split("&").filter((text) => text !== "").map((text) => ({ name: decoded(text.split("=", 1)[0] ?? ""), text }));
}

/**
 * Adds the parameters whose names the address does not have yet, before its fragment. Nothing else of the address changes, not a letter:
 * a shop may have signed it.
 */
export function addMissing(url: string, parameters: readonly Parameter[]): string {
  const hash = url.indexOf("#");
  const [head, fragment] = hash === -1 ? [url, ""] : [url.slice(0, hash), url.slice(hash)];
  const mark = head.indexOf("?");
  const there = new Set((mark === -1 ? [] : parametersOf(head.slice(mark + 1))).map(({ name }) => name.toLowerCase()));
  const added = parameters.filter(({ name }) => !there.has(name.toLowerCase())).map(({ text }) => text);
  if (added.length === 0) return url;
  const joint = mark === -1 ? "?" : head.endsWith("&") || mark === head.length - 1 ? "" : "&";
  return `${head}${joint}${added.join("&")}${fragment}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return text;
  }
}
