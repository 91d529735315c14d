/**
 * A bare HTTP server in a process of its own: takes any POST, answers like Meta's messages endpoint and the open contract at once, and counts.
 * GET /count tells how many it took. It prints its port as a line once it listens.
 */
import { createServer } from "node:http";

let count = 0;
const server = createServer((request, response) => {
  if (request.method === "GET") {
    response.end(String(count));
    return;
  }
  request.on("data", () => {});
  request.on("end", () => {
    count++;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(`{"status":"success","messaging_product":"whatsapp","contacts":[{"input":"+15550100123","wa_id":"15550100123"}],"messages":[{"id":"wamid.bench.${process.pid}.${count}"}]}`);
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address ? address.port : 0}\n`);
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
