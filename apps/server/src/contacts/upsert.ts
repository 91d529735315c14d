import type { ConsentSource, ContactSource } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { ConsentBook } from "./consent-book.ts";
import { lockPeople } from "./lock.ts";
import { MergePlan, type Person, type Plan } from "./merge.ts";
import { mergeStored } from "./merge-store.ts";
import { stopsOf } from "./stop-list.ts";
import { dueKnownPeople, storePlan } from "./upsert-store.ts";
import type { ConsentChange, ContactDraft, UpsertOptions, UpsertResult } from "./types.ts";

/**
 * Adds and changes people, set-based: thousands of drafts in one call are a handful of statements. Who a draft is about, and what wins, is
 * told in merge.ts. Takes the people lock, which lasts until the transaction ends: keep it short, 2,000 to 5,000 drafts a time.
 */
export async function upsertContacts(tx: Database, workspaceId: string, drafts: readonly ContactDraft[], options: UpsertOptions): Promise<UpsertResult> {
  if (drafts.length === 0) return { ids: [], created: 0, updated: 0, unchanged: 0, repeated: 0, problems: [] };
  if (!options.dryRun) await lockPeople(tx, workspaceId);
  const plan = new MergePlan(await dueKnownPeople(tx, workspaceId, drafts, options.defaultCountry), options).hear(drafts).done();
  return carryOut(tx, workspaceId, plan, drafts, options);
}

/** What was made ready before the transaction, for a plan of nothing but new people. */
interface Ready {
  /** The people as they are copied in; they hold for those of whose consent nothing is said. */
  written: Iterable<string>;
  /** Nobody is on the workspace's stop list. */
  noStops: boolean;
}

/** Does what a plan says and hears what its drafts say about consent. The caller holds the people lock, unless it is a dry run. */
export async function carryOut(tx: Database, workspaceId: string, plan: Plan, drafts: readonly ContactDraft[], options: UpsertOptions, ready?: Ready): Promise<UpsertResult> {
  if (!options.dryRun && plan.merged.length > 0) await mergeStored(tx, workspaceId, plan, options);

  const changes = consentChanges(plan, drafts, options);
  // Consent matters to whom something is said about, and to whoever has a number that they did not have: it may be on the stop list.
  const touched = changes.length > 0 ? plan.changed : plan.changed.filter(({ before, after }) => before.phone !== after.phone);
  const stored = [...touched.map(({ after }) => after.id), ...changes.map((change) => change.contactId)];
  const createdIds = new Set(plan.created.map((person) => person.id));
  const book = await ConsentBook.open(tx, workspaceId, [...new Set(stored)].filter((id) => !createdIds.has(id)));
  const told = ready?.noStops && changes.length === 0 ? [] : await withConsent(tx, workspaceId, plan.created, changes);
  await book.expect(tx, [
    ...told.map((person) => ({ id: person.id, phone: person.phone, fresh: true })),
    ...touched.map(({ after }) => ({ id: after.id, phone: after.phone, fresh: false })),
  ]);
  const indexes = changes.map((change) => change.index);
  for (const [i, { outcome }] of book.hear(changes).entries()) {
    if (outcome !== "keptOut") continue;
    plan.problems.push({ index: indexes[i]!, code: "kept_out", field: "consent", message: "This person opted out by themselves, which this does not undo.", refused: false });
  }
  if (!options.dryRun) {
    await storePlan(tx, workspaceId, plan, book, options, told.length === 0 ? ready?.written : undefined);
    await book.save(tx);
  }
  const { ids, created, changed, unchanged, repeated, problems } = plan;
  return { ids, created: created.length, updated: changed.length, unchanged, repeated, problems: problems.sort((a, b) => a.index - b.index) };
}

/** Of people who are new: those about whose consent something is said now, or was said before by their number. Of most it is not. */
async function withConsent(tx: Database, workspaceId: string, created: readonly Person[], changes: readonly ConsentChange[]): Promise<Person[]> {
  const said = new Set(changes.map((change) => change.contactId));
  const stops = await stopsOf(tx, workspaceId, created.flatMap(({ id, phone }) => (phone === null || said.has(id) ? [] : [phone])));
  return created.filter(({ id, phone }) => said.has(id) || (phone !== null && stops.has(phone)));
}

const consentSources: Record<ContactSource, ConsentSource> = { form: "dashboard", api: "api", csv: "csv", upload: "upload", inbound: "keyword", demo: "demo" };

function consentChanges(plan: Plan, drafts: readonly ContactDraft[], options: UpsertOptions): (ConsentChange & { index: number })[] {
  const source = options.consentSource ?? consentSources[options.source];
  const now = new Date();
  return drafts.flatMap((draft, index) => {
    const contactId = plan.ids[index];
    if (!contactId || (draft.consent === undefined && draft.doNotDisturb === undefined)) return [];
    const { at = now, proof, ...scopes } = draft.consent ?? {};
    const word = { contactId, source, at, proof: proof ?? null, by: options.by ?? null, index };
    return [
      ...(["all", "marketing", "utility", "authentication"] as const).flatMap((scope) => (scopes[scope] ? [{ ...word, scope, state: scopes[scope] }] : [])),
      ...(draft.doNotDisturb === undefined ? [] : [{ ...word, scope: "doNotDisturb" as const, state: draft.doNotDisturb ? ("out" as const) : ("in" as const) }]),
    ];
  });
}
