import type { IncomingMessage, Server } from "node:http";

/** An upload that stands still for this long is given up. */
const STILL_MS = 30_000;

/**
 * Node gives every request the same time to arrive, 30 s here, which a large file on a slow line needs more of. While uploads are under way
 * that limit is lifted; what remains is the one for headers, and for the uploads themselves that they must not stand still.
 */
export function slowUploads(server: Server): (request: IncomingMessage) => void {
  const uploads = underWay.get(server) ?? { usual: server.requestTimeout, open: 0 };
  underWay.set(server, uploads);
  return (request) => {
    uploads.open++;
    server.requestTimeout = 0;
    const still = setTimeout(() => request.destroy(), STILL_MS);
    request.on("data", () => still.refresh());
    // Listening makes the body flow; whoever reads it decides when.
    request.pause();
    request.once("close", () => {
      clearTimeout(still);
      if (--uploads.open === 0) server.requestTimeout = uploads.usual;
    });
  };
}

/** Counted per server, whichever routes they came by. */
const underWay = new WeakMap<Server, { usual: number; open: number }>();
