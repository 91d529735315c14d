import { demo } from "./world/account.ts";
import type { Behaviour, BehaviourChange, ErrorRule } from "./world/behaviour.ts";
import { World } from "./world/world.ts";
import { buildServer } from "./server.ts";

export { demo as sandboxAccount };
export type { Behaviour, BehaviourChange, ErrorRule };

export interface SandboxOptions {
  /** 0 takes a free port. */
  port: number;
  /** 127.0.0.1 when left out. */
  host?: string;
  /** Where webhooks go from the start, not verified; `verifyToken` is `sandbox-verify` when left out. */
  webhook?: { url: string; verifyToken?: string };
  /** Start of the pseudo-random sequence, 1 when left out. */
  seed?: number;
  /** Laid over the default behaviour, now and after each reset. */
  behaviour?: BehaviourChange;
  /** Most messages remembered, per phone (500) and in total (50,000). */
  keep?: { perPhone?: number; inTotal?: number };
  /** How others reach this sandbox, when not at its own address; media addresses begin with it. */
  publicUrl?: string;
  /** Takes a line about trouble, such as a webhook that was given up. */
  log?: (message: string) => void;
}

export interface Sandbox {
  /** Without a slash at the end. */
  url: string;
  port: number;
  behaviour(): Behaviour;
  /** The same as `PUT /sandbox/behaviour`, in process and unchecked. */
  change(change: BehaviourChange): void;
  /** Moves virtual time forward. */
  advance(ms: number): Promise<void>;
  /** Points webhooks somewhere and subscribes the app to everything. */
  subscribe(url: string, verifyToken?: string): void;
  reset(): void;
  close(): Promise<void>;
}

/**
 * Starts a local WhatsApp: the Cloud API under `/vNN.N/…`, the control plane under `/sandbox/…`, the phones at `/`.
 *
 * @throws the listen error, such as EADDRINUSE, when the port cannot be had.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { port, host = "127.0.0.1", webhook, seed = 1, behaviour = {}, keep, publicUrl, log } = options;
  const world = new World({
    behaviour: { seed, ...behaviour },
    keep: { perPhone: keep?.perPhone ?? 500, inTotal: keep?.inTotal ?? 50_000 },
    warn: (message) => log?.(message),
  });
  const app = await buildServer(world);
  try {
    await app.listen({ port, host });
  } catch (error) {
    await world.close();
    throw error;
  }
  const listening = app.server.address();
  const bound = typeof listening === "object" && listening !== null ? listening.port : port;
  const url = publicUrl?.replace(/\/+$/, "") ?? originOf(host, bound);
  world.address = url;
  if (webhook) world.subscribe(webhook.url, webhook.verifyToken ?? demo.verifyToken);
  return {
    url,
    port: bound,
    behaviour: () => world.behaviour,
    change: (change) => world.change(change),
    advance: (ms) => world.clock.advance(ms, () => world.delivery.settled()),
    subscribe: (address, verifyToken = demo.verifyToken) => world.subscribe(address, verifyToken),
    reset: () => world.reset(),
    close: async () => {
      await app.close();
      await world.close();
    },
  };
}

/** An address to listen on that means "everywhere" is not one to go to. */
function originOf(host: string, port: number): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}
