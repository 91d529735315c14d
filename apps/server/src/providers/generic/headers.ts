import { ApiError } from "../../http/errors.ts";
import type { GenericSecrets } from "../tables.ts";

/** A name of a header (RFC 9110: token). */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
/** What a header may hold without changing what comes after it. */
const VALUE = /^[\t\u0020-\u007e\u0080-\u00ff]*$/;
/** They belong to the connection, not to the message. */
const OURS = new Set(["host", "content-length", "transfer-encoding", "connection", "keep-alive", "expect", "upgrade", "te", "trailer"]);

/** The headers of every request to a provider. */
export function requestHeaders({ headers, auth }: GenericSecrets): Record<string, string> {
  return {
    "content-type": "application/json; charset=utf-8",
    accept: "application/json",
    ...(auth && { authorization: `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString("base64")}` }),
    ...Object.fromEntries(headers.map(({ key, value }) => [key.toLowerCase(), value])),
  };
}

/** Throws ApiError `invalid_input` for what cannot be sent as a header, naming its row. */
export function refuseBadHeaders({ headers, auth }: GenericSecrets): void {
  const seen = new Set<string>(auth ? ["authorization"] : []);
  for (const [i, { key, value }] of headers.entries()) {
    const name = key.toLowerCase();
    const refuse = (member: "key" | "value", expected: string): never => {
      throw new ApiError("invalid_input", { field: `headers[${i}].${member}`, expected });
    };
    if (!NAME.test(key)) refuse("key", "a header's name: letters, digits and hyphens");
    if (OURS.has(name)) refuse("key", "another header; this one belongs to the connection");
    if (seen.has(name)) refuse("key", "a header that no row before it has; Authorization is taken when Basic is set");
    if (!VALUE.test(value)) refuse("value", "one line of Latin characters");
    seen.add(name);
  }
  if (auth?.username.includes(":")) throw new ApiError("invalid_input", { field: "auth.username", expected: "a name without a colon" });
}
