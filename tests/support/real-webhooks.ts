import { once } from "node:events";
import { createServer } from "node:http";
import { vi } from "vitest";
import type { Loop } from "./loop.ts";
import { helloWorld, orderReady } from "./requests.ts";

/** Webhooks of every kind as the local WhatsApp really sends them, caught by a listener of our own. */
export async function realWebhooks(loop: Loop): Promise<string[]> {
  const caught: string[] = [];
  const listener = createServer((call, answer) => {
    const chunks: Buffer[] = [];
    call.on("data", (chunk: Buffer) => chunks.push(chunk));
    call.on("end", () => {
      caught.push(Buffer.concat(chunks).toString("utf8"));
      answer.end();
    });
  }).listen(0, "127.0.0.1");
  await once(listener, "listening");
  const address = listener.address();
  const { sandbox, tincan, line } = loop;
  sandbox.subscribe(`http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/`);
  sandbox.change({ webhooks: { maxBatch: 1 } });
  const [phone, other] = [loop.person(), loop.person()];
  sandbox.change({ errors: [{ to: [other.digits], code: 131026, as: "status" }] });
  const image = `${sandbox.url}/sandbox/assets/order.png`;
  await line.post(orderReady("caught|1", phone.number, { image, name: "Ravi", number: "42", path: "t/42" }));
  await line.post(helloWorld("caught|2", other.number));
  await vi.waitUntil(() => ["delivered", "failed"].every((word) => caught.some((body) => body.includes(`"${word}"`))), { timeout: 10_000 });
  const replyTo = (await phone.received())[0]!.id;
  await phone.reads();
  const before = caught.length;
  const replies = [
    { type: "text", text: { body: "yes" }, replyTo },
    { type: "button", button: { text: "On my way" }, replyTo },
    { type: "image", image: { caption: "here" } },
    { type: "document", document: {} },
    { type: "location", location: { latitude: 19.07, longitude: 72.87, name: "Depot" } },
    { type: "contacts", contacts: [{ name: { formatted_name: "Ada" }, phones: [{ phone: "+15550100123" }] }] },
    { type: "reaction", reaction: { message_id: replyTo, emoji: "👍" } },
    { type: "raw", raw: { type: "unsupported", errors: [{ code: 131051, title: "Message type unknown" }] } },
  ];
  for (const reply of replies) await phone.writes(reply);
  await phone.stopsMarketing();
  const { items } = (await (await fetch(`${sandbox.url}/sandbox/templates`)).json()) as { items: { id: string; name: string }[] };
  await fetch(`${sandbox.url}/sandbox/templates/${items.find((each) => each.name === "spring_offer")!.id}/decision`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ quality: "YELLOW", decision: "approve" }),
  });
  await vi.waitUntil(() => caught.length >= before + replies.length + 3, { timeout: 10_000 });
  sandbox.change({ errors: [] });
  sandbox.subscribe(`${tincan.url}/wire/meta/webhook`);
  listener.closeAllConnections();
  listener.close();
  return caught;
}
