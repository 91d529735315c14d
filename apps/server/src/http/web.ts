import fastifyStatic from "@fastify/static";
import type { FastifyInstance } from "fastify";
import { existsSync } from "node:fs";
import path from "node:path";
import { ApiError } from "./errors.ts";

/** Addresses that belong to machines: a miss there is an error in JSON, never the dashboard's page. */
const MACHINE_PATHS = /^\/(api|wire|media|l|1|healthz|readyz|metrics|assets)(\/|$|\?)/;

/**
 * Serves the built dashboard: its files as they are, its page for every other address a person may have typed or kept. Without a
 * build, pages answer that there is none.
 */
export async function webRoutes(scope: FastifyInstance, options: { folder: string }): Promise<void> {
  const page = path.join(options.folder, "index.html");
  const built = existsSync(page);
  if (built) {
    await scope.register(fastifyStatic, {
      root: options.folder,
      wildcard: false,
      globIgnore: ["assets/**"],
      cacheControl: false,
      setHeaders: (reply) => void reply.header("cache-control", "no-cache"),
    });
    // A build that comes while the server runs has assets of other names: they are looked up when they are asked for, like the page.
    await scope.register(fastifyStatic, {
      root: path.join(options.folder, "assets"),
      prefix: "/assets/",
      index: false,
      decorateReply: false,
      cacheControl: false,
      // Vite puts a hash of the content into their names.
      setHeaders: (reply) => void reply.header("cache-control", "public, max-age=31536000, immutable"),
    });
  }
  scope.setNotFoundHandler(async (request, reply) => {
    const wantsPage = request.method === "GET" && !MACHINE_PATHS.test(request.url);
    if (!wantsPage) throw new ApiError("not_found");
    // While a build is being written there is none.
    if (!built || !existsSync(page)) return reply.code(404).type("text/plain").send("The dashboard is not built. Run: npm start\n");
    return reply.sendFile("index.html");
  });
}
