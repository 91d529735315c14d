import fastifyStatic from "@fastify/static";
import Fastify, { type FastifyInstance } from "fastify";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { controlPlugin } from "./control/plugin.ts";
import { fileOfUrl } from "./graph/media.ts";
import { graphPlugin } from "./graph/plugin.ts";
import { loginDialog } from "./login/dialog.ts";
import { textOf } from "./json.ts";
import { checkBodiesLate } from "./late-checks.ts";
import type { World } from "./world/world.ts";

const pageFolder = fileURLToPath(new URL("../web/dist", import.meta.url));
/** The page loads nothing from elsewhere; pictures may come from other servers of this machine. */
const pagePolicy =
  "default-src 'self'; img-src 'self' data: http://127.0.0.1:* http://localhost:*; media-src 'self' http://127.0.0.1:* http://localhost:*; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'";

/** The sandbox's HTTP side: control plane, login dialog, media downloads, page, and the Graph paths for everything else. */
export async function buildServer(world: World): Promise<FastifyInstance> {
  const app = Fastify({
    logger: false,
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 2000 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, allowUnionTypes: true, verbose: true } },
  });
  checkBodiesLate(app);
  await app.register(controlPlugin(world), { prefix: "/sandbox" });
  await app.register(async (login) => {
    login.setErrorHandler((error, _request, reply) => {
      const message = error instanceof Error ? error.message : String(error);
      return reply.status(400).send({ error: { code: "invalid_input", message } });
    });
    loginDialog(login, world);
  });
  app.get<{ Querystring: { mid?: string; ext?: string; hash?: string } }>("/whatsapp_business/attachments/", async ({ query, headers }, reply) => {
    const token = /^(?:bearer|oauth)\s+(.+)$/i.exec(textOf(headers.authorization))?.[1];
    if (!token || !world.account.tokens.has(token)) return reply.status(401).send();
    const file = fileOfUrl(world, query);
    if (!file) return reply.status(404).send();
    return reply.type(file.mimeType).send(file.bytes);
  });
  if (existsSync(pageFolder)) {
    // Looked up whenever they are asked for: a build that comes later has assets of other names.
    await app.register(fastifyStatic, { root: `${pageFolder}/assets`, prefix: "/assets/", index: false });
    app.get("/", async (_request, reply) => reply.header("content-security-policy", pagePolicy).sendFile("index.html", pageFolder));
  } else {
    app.get("/", async (_request, reply) => reply.type("text/plain").send("The phones page is not built. Build it with: vite build, in packages/sandbox/web"));
  }
  await app.register(graphPlugin(world));
  return app;
}
