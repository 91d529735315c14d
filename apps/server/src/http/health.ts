import type { FastifyInstance } from "fastify";
import type { Metrics } from "./metrics.ts";

/** Answers what still keeps this process from its work, in words; an empty list means it is ready. */
export type ReadyCheck = () => Promise<string[]>;

/** `/healthz`: the process answers. `/readyz`: so do the things it needs. `/metrics`: Prometheus text. Open to whoever can reach the port. */
export function healthRoutes(app: FastifyInstance, deps: { ready: ReadyCheck; metrics: Metrics }): void {
  app.get("/healthz", async () => ({ status: "ok" }));

  app.get("/readyz", async (_request, reply) => {
    const missing = await deps.ready();
    if (missing.length === 0) return { status: "ready" };
    return reply.code(503).send({ status: "not ready", missing });
  });

  app.get("/metrics", async (_request, reply) => {
    const text = await deps.metrics.registry.metrics();
    return reply.type(deps.metrics.registry.contentType).send(text);
  });
}
