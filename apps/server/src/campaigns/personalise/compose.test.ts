import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPeopleWorld, type PeopleWorld } from "../../contacts/test-builders.ts";
import type { Database } from "../../database/connection.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Place } from "../../ledger/test-builders.ts";
import { addCodes, savePool } from "../coupons/store.ts";
import { makeRun, people, template, variant } from "../judge/test-run.ts";
import type { CampaignFault, RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";
import { composeBatch, type Composed } from "./compose.ts";

let world: PeopleWorld;
let db: Database;
let place: Place;

beforeAll(async () => {
  world = await openPeopleWorld();
  ({ db, place } = world);
});
afterAll(() => world.database.drop());

const pick = (candidates: Candidate[]) => candidates.map((candidate) => ({ candidate, variant: "A", messageId: uuidv7() }));
const compose = (context: RunContext, candidates: Candidate[], on = db): Promise<Composed[]> => on.transaction().execute((tx) => composeBatch(tx, context, pick(candidates), new Date()));
const bodies = (composed: Composed[]): string[] => composed.map((each) => ("lost" in each ? each.lost : each.content.body!.map(({ text }) => text).join("|")));

async function pool(codes: string[]): Promise<string> {
  const id = uuidv7();
  await savePool(db, place.workspaceId, id, `Pool ${id}`, "Ada");
  await addCodes(db, place.workspaceId, id, codes);
  return id;
}
const coupons = { mode: "single" as const, variants: [variant("A", { values: { body: [{ text: "{{ profile.name }}" }, { text: "{{ coupon }}" }] } })] };

test("each message has its person's values, its variant's cell and its template's category", async () => {
  const context = await makeRun(db, place);
  const composed = await compose(context, await people(db, place.workspaceId, [{ name: "Ravi" }, {}]));
  expect(composed).toMatchObject([
    { cellId: context.cells.get("A"), category: "marketing", content: { type: "template", name: "order_ready", language: "en", body: [{ text: "Ravi" }, { text: "42" }] } },
    { content: { body: [{ text: "there" }, { text: "42" }] } },
  ]);
});

test("each person gets a code of their own, in the order of the pool, until none is left", async () => {
  const context = await makeRun(db, place, { content: coupons, couponPool: await pool(["C1", "C2", "C3"]) });
  const candidates = await people(db, place.workspaceId, [{ name: "A" }, {}, { name: "B" }, { name: "C" }, { name: "D" }]);
  expect(bodies(await compose(context, candidates))).toEqual(["A|C1", "missingValue", "B|C2", "C|C3", "noCoupon"]);
  const { rows } = await sql<{ code: string; contact_id: string }>`select code, contact_id from coupon_codes where workspace_id = ${place.workspaceId} and pool_id = ${context.run.definition.couponPool} order by code`.execute(db);
  expect(rows.map(({ contact_id }) => contact_id)).toEqual([candidates[0], candidates[2], candidates[3]].map((each) => each!.contactId));
});

test("whoever lacks something else gets no code, and is left out for that alone", async () => {
  const values = { body: [{ text: "{{ profile.name }}" }, { text: "{{ coupon }}" }], header: { kind: "image" as const, media: { link: "{{ profile.Picture }}" } } };
  const templates = { "order_ready en": { ...template, components: [{ type: "HEADER", format: "IMAGE" }, ...template.components] } };
  const context = await makeRun(db, place, { templates, content: { mode: "single", variants: [variant("A", { values })] }, couponPool: await pool(["C1"]) });
  const candidates = await people(db, place.workspaceId, [{ name: "A", properties: { Picture: "no address" } }, { properties: { Picture: "https://shop.example/a.png" } }]);
  expect(await compose(context, candidates)).toEqual([{ lost: "valueInvalid", detail: expect.stringContaining("is no web address") }, { lost: "missingValue", detail: "profile.name" }]);
});

test("codes of a transaction that is undone are free again, and a later batch finds them", async () => {
  const context = await makeRun(db, place, { content: coupons, couponPool: await pool(["C1", "C2"]) });
  const candidates = await people(db, place.workspaceId, [{ name: "A" }, { name: "B" }]);
  await expect(
    db.transaction().execute(async (tx) => {
      expect(bodies(await composeBatch(tx, context, pick(candidates), new Date()))).toEqual(["A|C1", "B|C2"]);
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  expect(bodies(await compose(context, candidates))).toEqual(["A|C1", "B|C2"]);
});

test("two batches at once never give the same code", async () => {
  const codes = Array.from({ length: 200 }, (_, i) => `K${String(i).padStart(4, "0")}`);
  const couponPool = await pool(codes);
  const [one, two] = [await makeRun(db, place, { content: coupons, couponPool }), await makeRun(db, place, { content: coupons, couponPool })];
  const candidates = await people(db, place.workspaceId, Array.from({ length: 100 }, () => ({ name: "A" })));
  const given = (await Promise.all([compose(one, candidates), compose(two, candidates)])).flatMap(bodies);
  expect(new Set(given).size).toBe(200);
});

test("whoever is tried again keeps the code they had", async () => {
  const context = await makeRun(db, place, { content: coupons, couponPool: await pool(["C1", "C2", "C3"]) });
  const [someone] = await people(db, place.workspaceId, [{ name: "A" }]);
  expect(bodies(await compose(context, [someone!]))).toEqual(["A|C1"]);
  expect(bodies(await compose(context, [{ ...someone!, waiting: { id: uuidv7(), attempt: 2, cellId: context.cells.get("A")!, event: null } }]))).toEqual(["A|C1"]);
  expect(bodies(await compose(await makeRun(db, place, { content: coupons, couponPool: context.run.definition.couponPool }), [someone!]))).toEqual(["A|C2"]);
});

test("tracked links are stored with their message, and only for those who get one", async () => {
  const values = { body: [{ text: "{{ profile.name }}" }, { text: "https://shop.example/sale" }] };
  const context = await makeRun(db, place, { content: { mode: "single", variants: [variant("A", { values })] }, links: { track: true } });
  const candidates = await people(db, place.workspaceId, [{ name: "A" }, {}]);
  const picked = pick(candidates);
  const composed = await db.transaction().execute((tx) => composeBatch(tx, context, picked, new Date()));
  const text = bodies(composed)[0]!;
  const stored = await db.selectFrom("links").selectAll().where("workspace_id", "=", place.workspaceId).where("message_id", "in", picked.map(({ messageId }) => messageId)).execute();
  expect(stored).toMatchObject([{ message_id: picked[0]!.messageId, contact_id: candidates[0]!.contactId, place: "body", target: "https://shop.example/sale?utm_source=whatsapp&utm_medium=message&utm_campaign=Diwali" }]);
  expect(text).toBe(`A|https://tincan.example/l/${stored[0]!.code}`);
});

test("a live campaign's texts know the event", async () => {
  const values = { body: [{ text: "{{ event.amount }}" }, { text: "x" }] };
  const context = await makeRun(db, place, { content: { mode: "single", variants: [variant("A", { values })] }, schedule: { kind: "event", trigger: { event: "Paid" } } });
  const [someone] = await people(db, place.workspaceId, [{}]);
  expect(bodies(await compose(context, [{ ...someone!, waiting: { id: uuidv7(), attempt: 1, cellId: null, event: { amount: 12.5 } } }]))).toEqual(["12.5|x"]);
});

test("a run whose messages its template would not take is not opened", async () => {
  const faultOf = async (change: Parameters<typeof makeRun>[2]): Promise<string> => {
    try {
      await makeRun(db, place, change);
      return "none";
    } catch (cause) {
      const { path, message } = cause as CampaignFault;
      return `${path}: ${message}`;
    }
  };
  const single = (values: Parameters<typeof variant>[1]) => ({ content: { mode: "single" as const, variants: [variant("A", values)] } });
  expect(await faultOf(single({ values: { body: [{ text: "only one" }] } }))).toContain("content.variants[0].values: body: number of localizable_params (1)");
  expect(await faultOf(single({ values: { body: [{ text: "{{ oops" }, { text: "x" }] } }))).toContain("content.variants[0].values.body[0]: ");
  expect(await faultOf(single({ template: { name: "gone", language: "en" } }))).toContain("content.variants[0].template: ");
  expect(await faultOf({ ...single({}), templates: { "order_ready en": { ...template, components: [...template.components, { type: "HEADER", format: "IMAGE" }] } } })).toContain("expected IMAGE");
});
