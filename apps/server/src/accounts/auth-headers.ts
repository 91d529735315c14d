import type { FastifyRequest } from "fastify";

/** Header that carries the visitor's address to better-auth's rate limits; set by us, whatever the visitor sent. */
export const ADDRESS_HEADER = "x-tincan-address";

/** The request's headers as better-auth reads them, with the visitor's address as we know it. */
export function authHeaders(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    for (const each of [value ?? []].flat()) headers.append(name, each);
  }
  headers.set(ADDRESS_HEADER, request.ip);
  return headers;
}
