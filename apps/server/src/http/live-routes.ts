import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { LiveTopic } from "@tincan/api";
import type { ServerResponse } from "node:http";

/** Where changes come from; the database's Live is one. */
export interface LiveSource {
  subscribe(workspaceId: string, listener: (topic: LiveTopic | "all") => void): () => void;
}

/** Proxies close connections that stay silent for a minute. */
const HEARTBEAT_MS = 20_000;

/** `GET /live`: server-sent events `changed` with data {topic}, for as long as the page stays open. */
export function liveRoutes(deps: { live: LiveSource }): FastifyPluginAsyncTypebox {
  return async (app) => {
    const open = new Set<ServerResponse>();
    const heartbeat = setInterval(() => {
      for (const stream of open) stream.write(": still here\n\n");
    }, HEARTBEAT_MS);
    heartbeat.unref();

    app.addHook("preClose", async () => {
      clearInterval(heartbeat);
      for (const stream of open) stream.end();
    });

    app.get(
      "/live",
      {
        config: { access: "member" },
        schema: { tags: ["Live"], summary: "Follow changes", description: "Server-sent events: `event: changed`, data `{\"topic\"}`. Read again what you show of the topic." },
      },
      (request, reply) => {
        const stream = reply.raw;
        reply.hijack();
        stream.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" });
        stream.write("retry: 2000\n\n");
        open.add(stream);
        const tell = (topic: LiveTopic): boolean => stream.write(`event: changed\ndata: ${JSON.stringify({ topic })}\n\n`);
        const unsubscribe = deps.live.subscribe(request.actor.workspaceId, (topic) => {
          for (const each of topic === "all" ? LiveTopic.enum : [topic]) tell(each);
        });
        stream.on("close", () => {
          unsubscribe();
          open.delete(stream);
        });
      },
    );
  };
}
