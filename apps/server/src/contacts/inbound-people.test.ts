import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { receiveInbound } from "../ledger/inbound.ts";
import type { NewInbound } from "../ledger/inbound-message.ts";
import { accept } from "../ledger/accept.ts";
import { makePlace, message, type Place } from "../ledger/test-builders.ts";
import "../templates/tables.ts";
import { inboundPeople } from "./inbound-people.ts";
import { isTracked, mayReceive } from "./may-receive.ts";
import { saveConsentSettings, saveConsentWords } from "./consent-settings.ts";
import { newPhone, openPeopleWorld, upsert, type PeopleWorld } from "./test-builders.ts";
import { whatsappChoices } from "./whatsapp-choices.ts";
import { knownOtherwise } from "./written-otherwise.ts";

let world: PeopleWorld;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.database.drop());

let wires = 0;
function inbound(place: Place, sender: string, text: string, change: Partial<NewInbound> = {}): NewInbound {
  return { providerId: place.providerId, wireId: `wamid.${++wires}`, sender, type: "text", content: { text }, raw: {}, occurredAt: new Date(), ...change };
}

function press(place: Place, sender: string, choice: { payload: string; text: string }, change: Partial<NewInbound> = {}): NewInbound {
  return inbound(place, sender, "", { type: "button", content: { choice }, ...change });
}

async function receive(place: Place, messages: NewInbound[], platforms: string[] = []): Promise<{ woken: string[] }> {
  const woken: string[] = [];
  const listener = inboundPeople({ statusListeners: [], platformProviders: async () => new Set(platforms), wake: (id) => void woken.push(id) });
  await world.db.transaction().execute((tx) => receiveInbound(tx, place.workspaceId, messages, [listener]));
  return { woken };
}

const contacts = ({ workspaceId }: Place) => world.db.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();
const verdict = async ({ workspaceId }: Place, phone: string, category: "marketing" | "utility" = "marketing") => (await mayReceive(world.db, workspaceId, [phone], category))[0]!.verdict;
const history = ({ workspaceId }: Place) => world.db.selectFrom("consent_changes").selectAll().where("workspace_id", "=", workspaceId).orderBy("id").execute();
const replies = async ({ workspaceId }: Place) => {
  const { rows } = await world.database.pool.query(
    "select m.recipient, m.provider_id, c.content ->> 'text' as text from messages m join message_contents c on c.workspace_id = m.workspace_id and c.message_id = m.id where m.workspace_id = $1 and m.origin_kind = 'consent' order by m.id",
    [workspaceId],
  );
  return rows as { recipient: string; provider_id: string; text: string }[];
};

/** A message of ours that people can answer. */
async function sent(place: Place, phone: string, originKind: "deployment" | "campaign"): Promise<string> {
  const outgoing = message(place, { recipient: phone, originKind });
  const wireId = `wamid.out.${outgoing.id}`;
  await world.db.transaction().execute((tx) => accept(tx, place.workspaceId, [outgoing], []));
  await world.db.insertInto("wire_ids").values({ workspace_id: place.workspaceId, message_id: outgoing.id, provider_id: place.providerId, wire_id: wireId }).execute();
  return wireId;
}

const quickReplies = (...labels: string[]) => ({ type: "BUTTONS", buttons: labels.map((text) => ({ type: "QUICK_REPLY", text })) });

/** The template that `sent` sends, as the number's account has it. */
async function approved({ workspaceId, providerId }: Place, components: object[], buttonSettings: object[]): Promise<void> {
  await world.database.pool.query(
    "insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'generic', 'P', '+15550100199', '', 30)",
    [workspaceId, providerId],
  );
  await world.database.pool.query(
    `insert into templates (workspace_id, id, provider_id, name, language, category, status, components, button_settings)
     values ($1, $2, $2, 'order_ready', 'en', 'MARKETING', 'APPROVED', $3, $4)`,
    [workspaceId, providerId, JSON.stringify(components), JSON.stringify(buttonSettings)],
  );
}

describe("somebody nobody knows", () => {
  test("becomes a contact without consent, named as in WhatsApp, once", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    await receive(place, [inbound(place, phone, "Hello", { profileName: "Ravi" }), inbound(place, phone, "Anybody there?")]);
    await receive(place, [inbound(place, phone, "Hello?")]);
    expect(await contacts(place)).toMatchObject([{ phone, name: "Ravi", source: "inbound", msg_whatsapp: false }]);
    expect(await verdict(place, phone)).toBe("notOptedIn");
    expect(await replies(place)).toEqual([]);
  });

  test("is not tracked until the business tells about them", async () => {
    const place = await makePlace(world.db);
    const [stranger, customer] = [newPhone(), newPhone()];
    await upsert(world.db, place.workspaceId, [{ phone: customer }]);
    await receive(place, [inbound(place, stranger, "Hi"), inbound(place, customer, "Hi")]);
    expect(await isTracked(world.db, place.workspaceId, [stranger, customer])).toEqual(new Set([customer]));
    await upsert(world.db, place.workspaceId, [{ phone: stranger, name: "Known now" }]);
    expect(await isTracked(world.db, place.workspaceId, [stranger])).toEqual(new Set([stranger]));
  });

  test("who shows no number is known by their user id", async () => {
    const place = await makePlace(world.db);
    await receive(place, [inbound(place, "US.77001122334455667788", "STOP", { senderUserId: "US.77001122334455667788" })]);
    expect(await contacts(place)).toMatchObject([{ identity: "US.77001122334455667788", phone: null }]);
    expect(await replies(place)).toMatchObject([{ recipient: "US.77001122334455667788" }]);
  });
});

test("a number that WhatsApp writes otherwise is the one of the contact; one that wrote to us only is nobody's other writing", async () => {
  const place = await makePlace(world.db);
  await upsert(world.db, place.workspaceId, [{ phone: "+5531987654321" }, { phone: "+525512345678" }, { phone: "+5491144445555" }, { phone: "+5541991112222" }, { phone: "+554191112222" }]);
  await receive(place, [inbound(place, "+553187654321", "Oi"), inbound(place, "+5551987654321", "Oi")]);
  const asked = ["+553187654321", "+5215512345678", "+541144445555", "+554191112222", "+555187654321", "+919800000001"];
  expect(await knownOtherwise(world.db, place.workspaceId, asked)).toEqual(
    new Map([["+553187654321", "+5531987654321"], ["+5215512345678", "+525512345678"], ["+541144445555", "+5491144445555"]]),
  );
});

describe("consent words", () => {
  test("STOP ends everything, START brings it back, each with a line in the history and a confirmation", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    await upsert(world.db, place.workspaceId, [{ phone, consent: { all: "in", at: new Date(Date.now() - 60_000) } }]);
    const { woken } = await receive(place, [inbound(place, phone, "  Stop! ")]);
    expect(woken).toEqual([place.providerId]);
    expect([await verdict(place, phone), await verdict(place, phone, "utility")]).toEqual(["optedOut", "optedOut"]);
    await receive(place, [inbound(place, phone, "start")]);
    expect([await verdict(place, phone), await verdict(place, phone, "utility")]).toEqual(["allowed", "allowed"]);
    expect((await history(place)).map((h) => `${h.scope} ${h.state} ${h.source}`)).toEqual(["all in api", "all out keyword", "all in keyword"]);
    expect((await history(place))[1]!.proof).toMatch(/^“Stop!” in message /);
    expect((await replies(place)).map((r) => r.text)).toEqual([expect.stringContaining("no more"), expect.stringContaining("subscribed")]);
  });

  test("are heard in several languages and answered in the person's own", async () => {
    const words = ["बंद करो", "BAJA", "Sair", "arret", "Stopp.", "إيقاف", "berhenti", "darme  de baja"];
    const place = await makePlace(world.db);
    const people = words.map((word) => ({ word, phone: newPhone() }));
    await receive(place, people.map(({ word, phone }) => inbound(place, phone, word)));
    for (const { word, phone } of people) expect([word, await verdict(place, phone)]).toEqual([word, "optedOut"]);
    const brazilian = newPhone();
    await upsert(world.db, place.workspaceId, [{ phone: brazilian, language: "pt-BR" }]);
    await receive(place, [inbound(place, brazilian, "parar")]);
    expect((await replies(place)).find((r) => r.recipient === brazilian)!.text).toContain("Você");
  });

  test("inside a sentence are no consent words, and Hindi words that differ in their vowels alone stay apart", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    await receive(place, [inbound(place, phone, "Please do not stop now"), inbound(place, phone, "start the order"), inbound(place, phone, "रुक")]);
    expect(await history(place)).toEqual([]);
  });

  test("‘Stop promotions’, typed or on a button, ends marketing alone", async () => {
    const place = await makePlace(world.db);
    const [typed, pressed] = [newPhone(), newPhone()];
    await upsert(world.db, place.workspaceId, [typed, pressed].map((phone) => ({ phone, consent: { all: "in" as const, at: new Date(Date.now() - 60_000) } })));
    await receive(place, [inbound(place, typed, "Stop promotions"), press(place, pressed, { payload: "STOP_PROMO", text: "No offers" })]);
    for (const phone of [typed, pressed]) expect([await verdict(place, phone), await verdict(place, phone, "utility")]).toEqual(["optedOut", "allowed"]);
    expect((await history(place)).map((h) => h.source).sort()).toEqual(["api", "api", "button", "keyword"]);
  });

  test("the button that a template names as its opt-out ends marketing, whatever it says", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    const wireId = await sent(place, phone, "campaign");
    await approved(place, [{ type: "BODY", text: "x" }, quickReplies("Yes", "Not for me")], [{ index: 1, optOut: true }]);
    await receive(place, [press(place, phone, { payload: "1", text: "Yes" }, { replyToWireId: wireId })]);
    expect(await verdict(place, phone)).toBe("notOptedIn");
    await receive(place, [press(place, phone, { payload: "2", text: "Not for me" }, { replyToWireId: wireId })]);
    expect(await verdict(place, phone)).toBe("optedOut");
  });

  test("it does so on a carousel's card, and when it says no word", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    const wireId = await sent(place, phone, "campaign");
    const card = { components: [quickReplies("👍", "👎")] };
    await approved(place, [{ type: "BODY", text: "x" }, { type: "CAROUSEL", cards: [card, card] }], [{ index: 1, card: 0, optOut: true }]);
    await receive(place, [press(place, phone, { payload: "1", text: "👍" }, { replyToWireId: wireId })]);
    expect(await verdict(place, phone)).toBe("notOptedIn");
    await receive(place, [press(place, phone, { payload: "2", text: "👎" }, { replyToWireId: wireId })]);
    expect(await verdict(place, phone)).toBe("optedOut");
  });

  test("the newest word counts, however late it comes", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000);
    await receive(place, [inbound(place, phone, "START", { occurredAt: at(1) })]);
    await receive(place, [inbound(place, phone, "STOP", { occurredAt: at(5) })]);
    expect(await verdict(place, phone)).toBe("allowed");
    await receive(place, [inbound(place, phone, "START", { occurredAt: at(0.5) }), inbound(place, phone, "STOP", { occurredAt: at(0.1) })]);
    expect(await verdict(place, phone)).toBe("optedOut");
  });

  test("repeats, by the person or the wire, change nothing more and are confirmed once", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    const stop = inbound(place, phone, "STOP");
    await receive(place, [stop, stop]);
    await receive(place, [stop]);
    await receive(place, [inbound(place, phone, "stop")]);
    expect(await history(place)).toHaveLength(1);
    expect(await replies(place)).toHaveLength(1);
  });

  test("a word from yesterday is heard and not answered: its window is closed", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    await receive(place, [inbound(place, phone, "STOP", { occurredAt: new Date(Date.now() - 25 * 3_600_000) })]);
    expect(await verdict(place, phone)).toBe("optedOut");
    expect(await replies(place)).toEqual([]);
  });

  test("a workspace has its own words and answers, or none", async () => {
    const place = await makePlace(world.db);
    await world.db.transaction().execute(async (tx) => {
      await saveConsentWords(tx, place.workspaceId, [{ word: "Genug", state: "out", category: "marketing", language: "de" }]);
      await saveConsentSettings(tx, place.workspaceId, { defaultCountry: "DE", reply: true, replies: [{ language: "de", out: "Bis bald.", in: "" }] });
    });
    const [one, two] = [newPhone(), newPhone()];
    await receive(place, [inbound(place, one, "GENUG!"), inbound(place, two, "STOP")]);
    expect([await verdict(place, one), await verdict(place, two)]).toEqual(["optedOut", "notOptedIn"]);
    expect((await replies(place)).map((r) => r.text)).toEqual(["Bis bald."]);
  });
});

describe("beside a platform", () => {
  test("an answer to the platform's message changes no consent here", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    const wireId = await sent(place, phone, "deployment");
    await receive(place, [inbound(place, phone, "STOP", { replyToWireId: wireId })]);
    expect(await history(place)).toEqual([]);
  });

  test("a word that answers nothing is heard, and answered by whoever speaks for the platform's side", async () => {
    const place = await makePlace(world.db);
    const phone = newPhone();
    await receive(place, [inbound(place, phone, "STOP")], [place.providerId]);
    expect(await verdict(place, phone)).toBe("optedOut");
    expect(await replies(place)).toEqual([]);
    // The same word comes again over the wire between the two sides.
    await receive(place, [inbound(place, phone, "STOP")]);
    expect(await history(place)).toHaveLength(1);
    expect(await replies(place)).toHaveLength(1);
  });
});

test("two batches with the same people in opposite order, again and again, never deadlock", async () => {
  const place = await makePlace(world.db);
  const phones = Array.from({ length: 40 }, newPhone);
  const batch = (order: string[], round: number) => order.map((phone, i) => inbound(place, phone, i % 3 === 0 ? (round % 2 ? "STOP" : "START") : "hi"));
  await Promise.all(Array.from({ length: 10 }, (_, round) => receive(place, batch(round % 2 ? phones : phones.toReversed(), round))));
  expect(await contacts(place)).toHaveLength(40);
});

test("what people chose in WhatsApp itself is their consent to marketing", async () => {
  const place = await makePlace(world.db);
  const [known, stranger] = [newPhone(), newPhone()];
  await upsert(world.db, place.workspaceId, [{ phone: known, consent: { all: "in", at: new Date(Date.now() - 60_000) } }]);
  const listener = whatsappChoices();
  const choose = (choices: { phone: string; stopped: boolean; at: Date }[]) =>
    world.db.transaction().execute((tx) => listener(tx, place.workspaceId, choices.map((c) => ({ ...c, source: "whatsapp" }))));
  const now = Date.now();
  await choose([{ phone: known, stopped: true, at: new Date(now) }, { phone: stranger, stopped: true, at: new Date(now) }]);
  expect([await verdict(place, known), await verdict(place, stranger), await verdict(place, known, "utility")]).toEqual(["optedOut", "optedOut", "allowed"]);
  await upsert(world.db, place.workspaceId, [{ phone: known, consent: { all: "in" } }], { source: "csv" });
  expect(await verdict(place, known)).toBe("optedOut");
  await choose([{ phone: known, stopped: false, at: new Date(now + 1_000) }]);
  expect(await verdict(place, known)).toBe("allowed");
});
