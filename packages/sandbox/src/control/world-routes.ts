/** Behaviour, time, webhooks, what was asked; and the stream that tells the page what changed. */
import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../json.ts";
import { demo, displayNumber } from "../world/account.ts";
import type { World } from "../world/world.ts";
import { behaviourSchema, readBehaviour } from "./behaviour-schema.ts";
import { ControlError, invalidField } from "./control-error.ts";

const spans = { ms: 1, seconds: 1000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 };
const mostAdvance = 400 * spans.days;
const advanceSchema = {
  type: "object",
  additionalProperties: false,
  minProperties: 1,
  properties: Object.fromEntries(Object.keys(spans).map((span) => [span, { type: "number", minimum: 0 }])),
};
const webhookSchema = {
  type: "object",
  required: ["url"],
  additionalProperties: false,
  properties: { url: { type: "string" }, verifyToken: { type: "string" }, verify: { type: "boolean" } },
};
const sendSchema = { type: "object", required: ["field", "value"], additionalProperties: false, properties: { field: { type: "string", minLength: 1 }, value: { type: "object" } } };

export function worldRoutes(app: FastifyInstance, world: World): void {
  app.get("/state", async () => stateOf(world));
  app.get("/behaviour", async () => world.behaviour);
  app.put<{ Body: JsonObject }>("/behaviour", { schema: { body: behaviourSchema } }, async ({ body }) => {
    world.change(readBehaviour(body));
    return world.behaviour;
  });
  app.get("/clock", async () => clockOf(world));
  app.post<{ Body: Partial<Record<keyof typeof spans, number>> }>("/clock/advance", { schema: { body: advanceSchema } }, async ({ body }) => {
    const ms = Object.entries(spans).reduce((sum, [span, unit]) => sum + (body[span as keyof typeof spans] ?? 0) * unit, 0);
    if (ms > mostAdvance) throw invalidField("days", "at most 400 days in all");
    await world.clock.advance(ms, () => world.delivery.settled());
    return clockOf(world);
  });
  app.post("/reset", async () => {
    world.reset();
    return stateOf(world);
  });
  app.get<{ Querystring: { limit?: string } }>("/requests", async ({ query }) => ({ items: world.requests.list(Math.min(Number(query.limit ?? 50) || 50, 200)) }));
  webhookRoutes(app, world);
  liveRoute(app, world);
}

function webhookRoutes(app: FastifyInstance, world: World): void {
  app.get("/webhook", async () => webhookOf(world));
  app.put<{ Body: { url: string; verifyToken?: string; verify?: boolean } }>("/webhook", { schema: { body: webhookSchema } }, async ({ body }) => {
    if (!/^https?:\/\//.test(body.url) || !URL.canParse(body.url)) throw invalidField("url", "an http or https address");
    const verifyToken = body.verifyToken ?? demo.verifyToken;
    const trouble = body.verify === false ? undefined : await world.delivery.verify(body.url, verifyToken, world.random.digits(10));
    if (trouble) throw new ControlError(422, "verification_failed", `The address did not pass the verification: ${trouble}.`, { field: "url" });
    world.subscribe(body.url, verifyToken);
    return webhookOf(world);
  });
  app.delete("/webhook", async (_request, reply) => {
    world.account.subscription = undefined;
    world.live.changed("webhook");
    return reply.status(204).send();
  });
  app.post<{ Body: { field: string; value: JsonObject } }>("/webhook/send", { schema: { body: sendSchema } }, async ({ body }, reply) => {
    if (!world.account.subscribed) throw new ControlError(409, "no_webhook", "No app is subscribed: set the webhook first.");
    world.notify({ field: body.field, value: body.value, ...(body.field !== "messages" && { time: world.clock.seconds() }) });
    return reply.status(202).send({ queued: true });
  });
}

function liveRoute(app: FastifyInstance, world: World): void {
  app.get("/live", async ({ raw }, reply) => {
    reply.hijack();
    const stream = reply.raw;
    stream.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    stream.write("retry: 1000\n\n");
    const beat = setInterval(() => stream.write(":\n\n"), 20_000);
    const stop = world.live.subscribe((changed) => {
      // A page that reads too slowly misses a note rather than filling the memory.
      if (!stream.writableNeedDrain) stream.write(`event: changed\ndata: ${JSON.stringify(changed)}\n\n`);
    });
    raw.on("close", () => {
      clearInterval(beat);
      stop();
    });
  });
}

function clockOf(world: World) {
  return { now: new Date(world.clock.now()).toISOString(), aheadMs: world.clock.now() - Date.now() };
}

function webhookOf(world: World) {
  const { subscription, subscribed, override } = world.account;
  return { url: subscription?.url ?? null, fields: subscription?.fields ?? [], subscribed, override: override?.url ?? null, ...world.delivery.counts() };
}

function stateOf(world: World) {
  const { account } = world;
  return {
    address: world.address,
    wabaId: account.wabaId,
    businessId: account.businessId,
    appId: account.appId,
    numbers: [...account.numbers.values()].map(({ id, digits, verifiedName, registered }) => ({ id, number: `+${digits}`, shown: displayNumber(digits), verifiedName, registered })),
    phones: world.phones.size,
    messages: world.phones.messageCount,
    webhook: webhookOf(world),
    clock: clockOf(world),
  };
}
