import type { FastifyInstance } from "fastify";
import { Histogram, Registry, collectDefaultMetrics } from "prom-client";

/**
 * The numbers behind /metrics. Features register their own: `new Counter({ name: "tincan_…", help, registers: [metrics.registry] })`;
 * names start with tincan_, durations are in seconds, labels never hold ids of tenants or people.
 */
export interface Metrics {
  registry: Registry;
  /** Measures how long the requests of `scope` take, by method, route and status. */
  time(scope: FastifyInstance): void;
}

/** Makes the registry; `process`: with memory, CPU and event loop of this process. */
export function createMetrics(options: { process: boolean }): Metrics {
  const registry = new Registry();
  if (options.process) collectDefaultMetrics({ register: registry });
  const durations = new Histogram({
    name: "tincan_http_request_duration_seconds",
    help: "Time from the request's arrival to the end of its answer.",
    labelNames: ["method", "route", "status"],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [registry],
  });
  return {
    registry,
    time: (scope) => {
      scope.addHook("onResponse", async (request, reply) => {
        const route = request.routeOptions.url ?? "unknown";
        durations.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1_000);
      });
    },
  };
}
