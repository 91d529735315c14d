import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { accept } from "./accept.ts";
import { claimMessages } from "./claim.ts";
import { receiveInbound } from "./inbound.ts";
import type { InboundMessage, NewInbound } from "./inbound-message.ts";
import { reachability, recordMarketingChoices } from "./permissions-to-send.ts";
import { applyReceipts } from "./receipts.ts";
import { releaseMessages, restoreClaimed, settleMessages, type Settlement } from "./settle.ts";
import { recoverClaimed, sweepOutbox } from "./sweep.ts";
import { makePlace, message, type Place } from "./test-builders.ts";
import type { NewMessage, Receipt, StatusChange, WireError } from "./types.ts";

let database: TestDatabase;
let place: Place;
const owner = randomUUID();
const at = (second: number): Date => new Date(Date.UTC(2026, 0, 1, 12, 0, second));
const refused: WireError = { source: "meta", code: 132001, title: "Template does not exist" };

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  place = await makePlace(database.db);
  await database.pool.query("update lanes set owner = $2, lease_until = now() + interval '1 hour' where id = $1", [place.providerId, owner]);
});

const acceptAll = (messages: NewMessage[], told: StatusChange[] = []): Promise<Set<string>> =>
  accept(database.db, place.workspaceId, messages, [async (_tx, _workspace, changes) => void told.push(...changes)]);
const claim = (limit = 100) => claimMessages(database.db, place.workspaceId, place.providerId, owner, limit);
const settle = (settlements: Settlement[], told: StatusChange[] = []) =>
  settleMessages(database.db, place.workspaceId, place.providerId, settlements, [async (_tx, _workspace, changes) => void told.push(...changes)]);
const receive = (...receipts: Receipt[]) => applyReceipts(database.db, place.workspaceId, place.providerId, receipts, []);
const sent = (messageId: string, wireId?: string): Settlement => ({ messageId, kind: "submitted", wireId, startedAt: at(1), endedAt: at(2) });

async function row(id: string): Promise<Record<string, unknown>> {
  const { rows } = await database.pool.query("select * from messages where id = $1", [id]);
  return rows[0];
}
async function outboxState(id: string): Promise<string | undefined> {
  const { rows } = await database.pool.query("select state from outbox where message_id = $1", [id]);
  return rows[0]?.state;
}
async function accepted(change: Partial<NewMessage> = {}): Promise<string> {
  const m = message(place, change);
  await acceptAll([m]);
  return m.id;
}
/** A message that was claimed and taken by the provider. */
async function submitted(wireId?: string): Promise<string> {
  const id = await accepted();
  await claim();
  await settle([sent(id, wireId)]);
  return id;
}

describe("accepting", () => {
  it("stores a message as queued, with its content and an outbox row", async () => {
    const id = await accepted({ request: '{"to":"x"}' });
    expect(await row(id)).toMatchObject({ state: "queued", type: "template", template: "order_ready", recipient: "+15550100123" });
    expect(await outboxState(id)).toBe("ready");
    const { rows } = await database.pool.query("select content, request from message_contents where message_id = $1", [id]);
    expect(rows[0]).toMatchObject({ content: { name: "order_ready" }, request: '{"to":"x"}' });
  });

  it("keeps the first of two messages with one external id, in one batch or two", async () => {
    const first = message(place, { externalId: "7|1" });
    const written = await acceptAll([first, message(place, { externalId: "7|1" })]);
    const again = await acceptAll([message(place, { externalId: "7|1" })]);
    expect([written.size, again.size]).toEqual([1, 0]);
  });

  it("lets the trial id 0|0|0|0 repeat", async () => {
    const written = await acceptAll([message(place, { externalId: "0|0|0|0" }), message(place, { externalId: "0|0|0|0" })]);
    expect(written.size).toBe(2);
  });

  it("lets two origins use one external id", async () => {
    const written = await acceptAll([message(place, { externalId: "7|2" }), message(place, { externalId: "7|2", originId: randomUUID() })]);
    expect(written.size).toBe(2);
  });

  it("stores a refused message as failed, tells it, and never queues it", async () => {
    const told: StatusChange[] = [];
    const m = message(place, { refusal: { source: "tincan", code: 1008, title: "Outside the chat window" } });
    await acceptAll([m], told);
    expect(await row(m.id)).toMatchObject({ state: "failed", error: { code: 1008 } });
    expect(await outboxState(m.id)).toBeUndefined();
    expect(told).toMatchObject([{ messageId: m.id, status: "failed", error: { code: 1008 } }]);
  });

  it("holds a message that is due later", async () => {
    const id = await accepted({ dueAt: new Date(Date.now() + 60_000) });
    expect(await outboxState(id)).toBe("held");
    expect(await claim()).toEqual([]);
  });
});

describe("claiming", () => {
  it("gives each message out once", async () => {
    const id = await accepted();
    expect(await claim()).toMatchObject([{ messageId: id, attempts: 1, recipient: "+15550100123", content: { name: "order_ready" } }]);
    expect(await claim()).toEqual([]);
  });

  it("gives nothing to a process that does not hold the lease", async () => {
    await accepted();
    expect(await claimMessages(database.db, place.workspaceId, place.providerId, randomUUID(), 10)).toEqual([]);
  });

  it("gives nothing once the lease has run out", async () => {
    await accepted();
    await database.pool.query("update lanes set lease_until = now() - interval '1 ms' where id = $1", [place.providerId]);
    expect(await claim()).toEqual([]);
  });

  it("takes free-form and authentication before utility, and marketing last", async () => {
    const marketing = await accepted({ category: "marketing" });
    const utility = await accepted({ category: "utility" });
    const service = await accepted({ category: "service", content: { type: "text", text: "Hello" } });
    const order: string[] = [];
    for (let i = 0; i < 3; i++) order.push(...(await claim(1)).map((m) => m.messageId));
    expect(order).toEqual([service, utility, marketing]);
  });

  it("lets a small origin's message leave among a large one's", async () => {
    await acceptAll(Array.from({ length: 50 }, () => message(place)));
    const small = await accepted({ originId: randomUUID() });
    expect((await claim(4)).map((m) => m.messageId)).toContain(small);
  });

  it("names the provider's id of the message that is answered", async () => {
    const answered = await submitted("wamid.A");
    await accepted({ category: "service", content: { type: "text", text: "As I said", replyTo: answered } });
    expect(await claim()).toMatchObject([{ replyToWireId: "wamid.A" }]);
  });
});

describe("settling", () => {
  it("marks what the provider took as submitted, remembers its id and empties the outbox", async () => {
    const id = await submitted("wamid.B");
    expect(await row(id)).toMatchObject({ state: "submitted", submitted_at: at(2) });
    expect(await outboxState(id)).toBeUndefined();
    expect((await receive({ wireId: "wamid.B", status: "delivered", at: at(5) })).changes).toHaveLength(2);
  });

  it("fails what was refused and tells it once", async () => {
    const told: StatusChange[] = [];
    const id = await accepted({ externalId: "7|9" });
    await claim();
    const settlement: Settlement = { messageId: id, kind: "failed", error: refused, startedAt: at(1), endedAt: at(2), httpStatus: 404, answer: "{}" };
    await settle([settlement], told);
    await settle([settlement], told);
    expect(told).toMatchObject([{ externalId: "7|9", status: "failed", error: { code: 132001 } }]);
    expect(await row(id)).toMatchObject({ state: "failed" });
  });

  it("holds what may be tried again until its time, and counts the attempt", async () => {
    const id = await accepted();
    await claim();
    await settle([{ messageId: id, kind: "again", dueAt: new Date(Date.now() + 1000), counted: true, error: refused, startedAt: at(1), endedAt: at(2) }]);
    expect(await outboxState(id)).toBe("held");
    await sweepOutbox(database.db, place.workspaceId, place.providerId, new Date(Date.now() + 2000));
    expect(await claim()).toMatchObject([{ messageId: id, attempts: 2 }]);
  });

  it("does not count an attempt that failed for the lane's own reason", async () => {
    const id = await accepted();
    await claim();
    await settle([{ messageId: id, kind: "again", dueAt: at(0), counted: false, error: refused, startedAt: at(1), endedAt: at(2) }]);
    expect(await claim()).toMatchObject([{ messageId: id, attempts: 1 }]);
  });

  it("puts a released message back as it was", async () => {
    const id = await accepted();
    await claim();
    await releaseMessages(database.db, place.workspaceId, [id]);
    expect(await claim()).toMatchObject([{ messageId: id, attempts: 1 }]);
  });

  it("gets back what a lost claim marked, also when its lease ended while the database was away", async () => {
    const [mine, lost] = [await accepted(), await accepted()];
    await claim();
    await database.pool.query("update lanes set lease_until = now() - interval '1 s' where id = $1", [place.providerId]);
    await restoreClaimed(database.db, place.workspaceId, place.providerId, owner, [mine!]);
    expect([await outboxState(mine!), await outboxState(lost!)]).toEqual(["claimed", "ready"]);
  });

  it("leaves claimed messages to the process that has taken the lane over", async () => {
    const id = await accepted();
    await claim();
    await database.pool.query("update lanes set owner = gen_random_uuid() where id = $1", [place.providerId]);
    await restoreClaimed(database.db, place.workspaceId, place.providerId, owner, []);
    expect(await outboxState(id)).toBe("claimed");
  });
});

describe("receipts", () => {
  it("move a message forward and are told in order", async () => {
    const id = await submitted();
    const { changes } = await receive(
      { messageId: id, status: "read", at: at(9) },
      { messageId: id, status: "sent", at: at(3) },
      { messageId: id, status: "delivered", at: at(5) },
    );
    expect(changes.map((c) => [c.status, c.at])).toEqual([
      ["sent", at(3)],
      ["delivered", at(5)],
      ["read", at(9)],
    ]);
    expect(await row(id)).toMatchObject({ state: "read" });
  });

  it("are told once however often they come", async () => {
    const id = await submitted();
    await receive({ messageId: id, status: "sent", at: at(3) });
    expect((await receive({ messageId: id, status: "sent", at: at(3) })).changes).toEqual([]);
  });

  it("imply the steps below them, and a late lower step changes only their times", async () => {
    const id = await submitted();
    expect((await receive({ messageId: id, status: "read", at: at(9) })).changes.map((c) => c.status)).toEqual(["sent", "delivered", "read"]);
    expect((await receive({ messageId: id, status: "delivered", at: at(5) })).changes).toEqual([]);
    expect(await row(id)).toMatchObject({ state: "read", delivered_at: at(5), sent_at: at(5) });
  });

  it("may come before the answer of the send is stored", async () => {
    const id = await accepted();
    await claim();
    await receive({ messageId: id, status: "delivered", at: at(1) });
    await settle([sent(id, "wamid.C")]);
    expect(await row(id)).toMatchObject({ state: "delivered", submitted_at: at(2) });
    expect(await outboxState(id)).toBeUndefined();
  });

  it("fail a message that was sent, with the reason", async () => {
    const id = await submitted();
    const error: WireError = { source: "meta", code: 131026, title: "Undeliverable" };
    const { changes } = await receive({ messageId: id, status: "sent", at: at(3) }, { messageId: id, status: "failed", at: at(4), error });
    expect(changes.map((c) => c.status)).toEqual(["sent", "failed"]);
    expect(await row(id)).toMatchObject({ state: "failed", error: { code: 131026 } });
  });

  it("never fail a message that was delivered", async () => {
    const id = await submitted();
    await receive({ messageId: id, status: "delivered", at: at(3) });
    expect((await receive({ messageId: id, status: "failed", at: at(4), error: refused })).changes).toEqual([]);
    expect(await row(id)).toMatchObject({ state: "delivered", failed_at: null });
  });

  it("never revive a failed message", async () => {
    const id = await submitted();
    await receive({ messageId: id, status: "failed", at: at(3), error: refused });
    expect((await receive({ messageId: id, status: "read", at: at(4) })).changes).toEqual([]);
    expect(await row(id)).toMatchObject({ state: "failed", error: { code: 132001 } });
  });

  it("keep the price they bring", async () => {
    const id = await submitted();
    await receive({ messageId: id, status: "sent", at: at(3), pricing: { category: "utility", billable: true } });
    await receive({ messageId: id, status: "delivered", at: at(4) });
    expect(await row(id)).toMatchObject({ pricing: { category: "utility" } });
  });

  it("of messages that are not ours are counted and change nothing", async () => {
    const result = await receive({ messageId: randomUUID(), status: "sent", at: at(3) }, { wireId: "wamid.other", status: "sent", at: at(3) });
    expect(result).toEqual({ changes: [], unmatched: 2 });
  });

  it("in two batches over the same messages never deadlock", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) ids.push(await submitted());
    const batch = (list: string[], status: "sent" | "delivered") =>
      database.db.transaction().execute((tx) => applyReceipts(tx, place.workspaceId, place.providerId, list.map((messageId) => ({ messageId, status, at: at(3) })), []));
    await Promise.all(Array.from({ length: 10 }, (_, i) => batch(i % 2 === 0 ? ids : ids.toReversed(), i % 3 === 0 ? "sent" : "delivered")));
    expect(await row(ids[0]!)).toMatchObject({ state: "delivered" });
  });
});

describe("an ambiguous message", () => {
  async function ambiguous(): Promise<string> {
    const id = await accepted();
    await claim();
    await settle([{ messageId: id, kind: "ambiguous", until: at(30), error: { source: "tincan", code: 0, title: "No answer" }, startedAt: at(1), endedAt: at(2) }]);
    return id;
  }

  it("reads as sending and is not sent again", async () => {
    const id = await ambiguous();
    expect(await row(id)).toMatchObject({ state: "sending", error: { title: "No answer" } });
    await sweepOutbox(database.db, place.workspaceId, place.providerId, at(20));
    expect(await claim()).toEqual([]);
  });

  it("is settled by a receipt", async () => {
    const id = await ambiguous();
    await receive({ messageId: id, status: "sent", at: at(20) });
    expect(await row(id)).toMatchObject({ state: "sent", error: null });
    expect(await outboxState(id)).toBeUndefined();
  });

  it("becomes unknown when no receipt comes in time, and still takes a very late one", async () => {
    const id = await ambiguous();
    expect(await sweepOutbox(database.db, place.workspaceId, place.providerId, at(31))).toMatchObject({ unknown: 1 });
    expect(await row(id)).toMatchObject({ state: "unknown" });
    await receive({ messageId: id, status: "delivered", at: at(50) });
    expect(await row(id)).toMatchObject({ state: "delivered" });
  });

  it("leaves the outbox at once when its receipt came first", async () => {
    const id = await accepted();
    await claim();
    await receive({ messageId: id, status: "sent", at: at(1) });
    await settle([{ messageId: id, kind: "ambiguous", until: at(30), error: refused, startedAt: at(1), endedAt: at(2) }]);
    expect(await outboxState(id)).toBeUndefined();
    expect(await row(id)).toMatchObject({ state: "sent", error: null });
  });
});

describe("a message whose answer was lost", () => {
  it("learns the provider's id from its receipt, so that people's answers find it", async () => {
    const id = await accepted({ externalId: "7|78" });
    await claim();
    await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: at(30), repeatIsHarmless: false });
    await receive({ messageId: id, wireId: "wamid.Lost", status: "delivered", at: at(5) });
    const answer: NewInbound = { providerId: place.providerId, wireId: "wamid.Answer", sender: "+15550100123", type: "text", content: { text: "yes" }, raw: {}, occurredAt: at(9), replyToWireId: "wamid.Lost" };
    const [told] = await receiveInbound(database.db, place.workspaceId, [answer], []);
    expect(told?.replyTo).toMatchObject({ messageId: id, externalId: "7|78" });
  });

  it("was taken when its link is followed, though no report ever comes", async () => {
    const id = await accepted();
    await claim();
    await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: at(30), repeatIsHarmless: false });
    await receive({ messageId: id, status: "clicked", at: at(5) });
    expect([(await row(id))["state"], await outboxState(id)]).toEqual(["submitted", undefined]);
  });

  it("keeps the id of its receipt when the answer is stored after it", async () => {
    const id = await accepted();
    await claim();
    await receive({ messageId: id, wireId: "wamid.Early", status: "sent", at: at(5) });
    await settle([sent(id, "wamid.Early")]);
    expect((await receive({ wireId: "wamid.Early", status: "delivered", at: at(6) })).changes).toMatchObject([{ messageId: id, status: "delivered" }]);
  });
});

describe("taking over a lane", () => {
  it("makes ambiguous what the last owner had claimed", async () => {
    const id = await accepted();
    await claim();
    expect(await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: at(30), repeatIsHarmless: false })).toBe(1);
    expect(await row(id)).toMatchObject({ state: "sending", error: { title: "The sender stopped while this message was being sent" } });
    expect(await claim()).toEqual([]);
  });

  it("settles what a receipt has answered already", async () => {
    const id = await accepted();
    await claim();
    await receive({ messageId: id, status: "delivered", at: at(1) });
    expect(await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: at(30), repeatIsHarmless: false })).toBe(0);
    expect(await outboxState(id)).toBeUndefined();
    expect(await row(id)).toMatchObject({ state: "delivered", error: null });
  });

  it("sends again where the provider ignores a repeated id", async () => {
    const id = await accepted();
    await claim();
    await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: at(30), repeatIsHarmless: true });
    expect(await claim()).toMatchObject([{ messageId: id }]);
  });
});

describe("inbound messages", () => {
  const inbound = (change: Partial<NewInbound> = {}): NewInbound => ({
    providerId: place.providerId,
    wireId: `wamid.in.${randomUUID()}`,
    sender: "+15550100123",
    type: "text",
    content: { text: "yes" },
    raw: { type: "text" },
    occurredAt: at(1),
    ...change,
  });

  it("are stored and told once, however often they come", async () => {
    const told: InboundMessage[] = [];
    const m = inbound();
    for (let i = 0; i < 2; i++) {
      await receiveInbound(database.db, place.workspaceId, [m, m], [async (_tx, _workspace, messages) => void told.push(...messages)]);
    }
    expect(told).toHaveLength(1);
  });

  it("name the message they answer and who asked for it", async () => {
    const id = await accepted({ externalId: "7|77" });
    await claim();
    await settle([sent(id, "wamid.D")]);
    const [told] = await receiveInbound(database.db, place.workspaceId, [inbound({ replyToWireId: "wamid.D" })], []);
    expect(told?.replyTo).toEqual({ messageId: id, originKind: "deployment", originId: place.originId, externalId: "7|77", recipient: "+15550100123" });
  });

  it("open the sender's window, which only moves forward", async () => {
    await receiveInbound(database.db, place.workspaceId, [inbound({ occurredAt: at(9) })], []);
    await receiveInbound(database.db, place.workspaceId, [inbound({ occurredAt: at(5) })], []);
    const reach = await reachability(database.db, place.workspaceId, [place.providerId, place.providerId], ["+15550100123", "+15550100124"]);
    expect(reach.map((r) => r.lastInboundAt)).toEqual([at(9), null]);
  });
});

describe("marketing choices", () => {
  const choice = (stopped: boolean, second: number) => ({ phone: "+15550100123", stopped, source: "test", at: at(second) });
  const optedOut = async () => (await reachability(database.db, place.workspaceId, [place.providerId], ["+15550100123"]))[0]?.optedOutOfMarketing;

  it("follow the latest word", async () => {
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(false, 1), choice(true, 2)]);
    expect(await optedOut()).toBe(true);
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(true, 3), choice(false, 4)]);
    expect(await optedOut()).toBe(false);
  });

  it("are not undone by an older word that comes late", async () => {
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(true, 2)]);
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(true, 9)]);
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(false, 5)]);
    expect(await optedOut()).toBe(true);
    await recordMarketingChoices(database.db, place.workspaceId, place.providerId, [choice(false, 10)]);
    expect(await optedOut()).toBe(false);
  });
});
