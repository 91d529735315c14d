import { createServer } from "node:net";

/** `wanted` if nobody listens there on `host`, else (or for 0) any free port. Rejects when the host is not ours to listen on. */
export function freePort(wanted: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (cause) => (wanted === 0 ? reject(cause) : resolve(freePort(0, host))));
    probe.listen(wanted, host, () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
    });
  });
}
