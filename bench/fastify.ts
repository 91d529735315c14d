/** A bare Fastify in a process of its own: reads each body as bytes and answers 200. It prints its port once it listens. */
import Fastify from "fastify";

const app = Fastify();
app.removeAllContentTypeParsers();
app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
app.post("/wire/meta/webhook", async (_request, reply) => reply.code(200).send());
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
await app.listen({ port: 0, host: "127.0.0.1" });
const address = app.server.address();
process.stdout.write(`${typeof address === "object" && address ? address.port : 0}\n`);
