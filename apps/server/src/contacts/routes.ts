import {
  ConsentInput, Contact, ContactInput, ContactMerge, ContactPatch, ContactProperty, ContactQuery, ContactSaved, ContactsDelete, ContactsDeleted, DoNotDisturbInput, EventsInput, EventsResult, IdParams, List,
  TimelineItem, TimelineQuery, UUID,
} from "@tincan/api";
import Type from "typebox";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { readCursor, writeCursor } from "../http/paging.ts";
import { readConsentSettings } from "./consent-settings.ts";
import { setConsent } from "./consent.ts";
import type { EventListener } from "./event-listener.ts";
import { recordEvents } from "./events.ts";
import { listContacts } from "./list.ts";
import { mergePeople } from "./merge-people.ts";
import { presentContacts } from "./present.ts";
import { removeContacts, type ForgetDeps } from "./remove.ts";
import { timelineOf } from "./timeline.ts";
import type { ConsentChange, ContactDraft, ContactProblem } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

export type ContactRoutesDeps = ForgetDeps & { database: DatabaseHandle; eventListeners: readonly EventListener[] };

const tags = ["People"];

/** People: who they are, what happened with them, what they agreed to. */
export function contactRoutes(deps: ContactRoutesDeps): RoutePlugin {
  const { db } = deps.database;
  const read = { permission: "contacts.read" } as const;
  const write = { permission: "contacts.write" } as const;

  const find = async (tx: Database, actor: Actor, id: string): Promise<Contact> => {
    const [contact] = UUID.test(id) ? await presentContacts(tx, actor.workspaceId, [id]) : [];
    if (!contact) throw new ApiError("contact_not_found");
    return contact;
  };

  /** One change by the actor: stored, audited and told together, or not at all. */
  const change = async (actor: Actor, id: string, action: string, act: (tx: Database) => Promise<object | undefined>): Promise<Contact> =>
    db.transaction().execute(async (tx) => {
      const detail = await act(tx);
      await audit(tx, actor, { action, target: targetOf(id), ...(detail && { detail }) });
      await tellOnCommit(tx, actor.workspaceId, "contacts");
      return find(tx, actor, id);
    });

  /** Stores a draft as a whole; what is wrong with any part of it is the answer. Who stopped by themselves is stored and stays stopped, as `problems` says. */
  const store = async (tx: Database, actor: Actor, draft: ContactDraft): Promise<{ id: string; created: boolean; problems: ContactSaved["problems"] }> => {
    const { settings } = await readConsentSettings(tx, actor.workspaceId);
    const result = await upsertContacts(tx, actor.workspaceId, [draft], { source: actor.apiKeyId ? "api" : "form", defaultCountry: settings.defaultCountry, by: actor.name });
    const problem = result.problems.find(({ code }) => code !== "kept_out");
    if (problem) throw asError(problem);
    return { id: result.ids[0]!, created: result.created === 1, problems: result.problems.map(({ code, field, message }) => ({ code, field, message })) };
  };

  const word = (actor: Actor, contactId: string, proof: string | undefined): Omit<ConsentChange, "scope" | "state"> => ({
    contactId, source: actor.apiKeyId ? "api" : "dashboard", at: new Date(), proof: proof ?? null, by: actor.name,
  });

  return async (app) => {
    app.get("/contacts", { config: read, schema: { tags, summary: "Search people", querystring: ContactQuery, response: { 200: List(Contact) } } }, async ({ actor, query }) => {
      const { limit = 50, q, consent, source, sort = "newest" } = query;
      const property = propertyAsked(query);
      const after = readCursor(query.after, ["text", "id"]) as [string, string] | undefined;
      const isPlace = !sort.endsWith("lastSeenAt") || /^(-infinity|\d{4,6}-\d\d-\d\dT[\d:.]+Z)$/.test(after?.[0] ?? "-infinity");
      if (!isPlace) throw new ApiError("invalid_input", { field: "after", expected: "the `next` of a page" });
      const page = await listContacts(db, actor.workspaceId, { q, consent, source, property, sort, after, limit });
      return { items: await presentContacts(db, actor.workspaceId, page.ids), next: page.next && writeCursor(page.next) };
    });

    app.post(
      "/contacts",
      {
        config: write,
        schema: {
          tags, summary: "Add or change a person", body: ContactInput, response: { 200: ContactSaved, 201: ContactSaved },
          description: "Somebody with the same identity, or else the same phone number, is changed (200), otherwise added (201).",
        },
      },
      async ({ actor, body: { optIn, proof, ...draft } }, reply) => {
        const { contact, created } = await db.transaction().execute(async (tx) => {
          const { id, created, problems } = await store(tx, actor, { ...draft, ...(optIn !== undefined && { consent: { all: optIn ? "in" : "out", ...(proof !== undefined && { proof }) } }) });
          await audit(tx, actor, { action: created ? "contact.created" : "contact.changed", target: targetOf(id) });
          await tellOnCommit(tx, actor.workspaceId, "contacts");
          return { contact: { ...(await find(tx, actor, id)), problems }, created };
        });
        return reply.code(created ? 201 : 200).send(contact);
      },
    );

    app.get("/contacts/:id", { config: read, schema: { tags, summary: "Show a person", params: IdParams, response: { 200: Contact } } }, async ({ actor, params }) => find(db, actor, params.id));

    app.patch("/contacts/:id", { config: write, schema: { tags, summary: "Change a person", params: IdParams, body: ContactPatch, response: { 200: Contact } } }, async ({ actor, params, body }) =>
      change(actor, params.id, "contact.changed", async (tx) => {
        await store(tx, actor, { ...body, id: params.id });
        return { fields: Object.keys(body) };
      }),
    );

    app.delete(
      "/contacts/:id",
      { config: write, schema: { tags, summary: "Delete a person and everything about them", description: "What was sent to them stays as bare counts. This cannot be undone.", params: IdParams, response: { 204: Type.Null() } } },
      async ({ actor, params }, reply) => {
        if ((await remove(deps, actor, [params.id])) === 0) throw new ApiError("contact_not_found");
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/contacts/delete",
      { config: write, schema: { tags, summary: "Delete several people and everything about them", body: ContactsDelete, response: { 200: ContactsDeleted } } },
      async ({ actor, body }) => ({ deleted: await remove(deps, actor, body.ids) }),
    );

    app.post(
      "/contacts/:id/merge",
      { config: write, schema: { tags, summary: "Merge two people", description: "The person of the address stays; its values win.", params: IdParams, body: ContactMerge, response: { 200: Contact } } },
      async ({ actor, params, body }) =>
        change(actor, params.id, "contact.merged", async (tx) => {
          await mergePeople(tx, actor.workspaceId, params.id, body.with, actor.name);
          return { with: body.with };
        }),
    );

    app.get(
      "/contacts/:id/timeline",
      { config: read, schema: { tags, summary: "Show the timeline of a person", params: IdParams, querystring: TimelineQuery, response: { 200: List(TimelineItem) } } },
      async ({ actor, params, query }) => {
        const contact = await find(db, actor, params.id);
        const after = readCursor(query.after, ["text", "text"]) as [string, string] | undefined;
        if (after && !/^\d{1,18}$/.test(after[0])) throw new ApiError("invalid_input", { field: "after", expected: "the `next` of a page" });
        const page = await timelineOf(db, actor.workspaceId, contact, { limit: query.limit ?? 50, after, kind: query.kind });
        return { items: page.items, next: page.next && writeCursor(page.next) };
      },
    );

    app.put(
      "/contacts/:id/consent",
      { config: write, schema: { tags, summary: "Opt a person in or out", params: IdParams, body: ConsentInput, response: { 200: Contact } } },
      async ({ actor, params, body: { category, state, proof } }) => {
        const { id } = await find(db, actor, params.id);
        return change(actor, id, "contact.consent_changed", async (tx) => {
          await say(tx, actor, { ...word(actor, id, proof), scope: category, state });
          return { category, state };
        });
      },
    );

    app.put(
      "/contacts/:id/do-not-disturb",
      { config: write, schema: { tags, summary: "Put a person's number on do not disturb, or take it off", params: IdParams, body: DoNotDisturbInput, response: { 200: Contact } } },
      async ({ actor, params, body: { on, proof } }) => {
        const { id, phone } = await find(db, actor, params.id);
        if (phone === null) throw new ApiError("invalid_input", { field: "on", expected: "a person with a phone number", detail: "This person has no phone number." });
        return change(actor, id, "contact.consent_changed", async (tx) => {
          await say(tx, actor, { ...word(actor, id, proof), scope: "doNotDisturb", state: on ? "out" : "in" });
          return { doNotDisturb: on };
        });
      },
    );

    app.get(
      "/contact-properties",
      { config: read, schema: { tags, summary: "List the properties that people have", response: { 200: List(ContactProperty) } } },
      async ({ actor }) => {
        const rows = await properties.run(db, [actor.workspaceId]);
        return { items: rows.map(({ created_at, ...row }) => ({ ...row, createdAt: created_at.toISOString() })), next: null };
      },
    );

    app.post(
      "/events",
      { config: write, schema: { tags, summary: "Record events", description: "Each event is stored or reported on its own. One whose `id` was stored before is ignored.", body: EventsInput, response: { 200: EventsResult } } },
      async ({ actor, body }) => {
        const { settings } = await readConsentSettings(db, actor.workspaceId);
        const events = body.events.map(({ at, id, ...event }) => ({ ...event, ...(at !== undefined && { at: new Date(at) }), ...(id !== undefined && { externalId: id }) }));
        return db.transaction().execute(async (tx) => {
          const { stored, duplicates, problems } = await recordEvents(tx, actor.workspaceId, events, { source: "api", defaultCountry: settings.defaultCountry, listeners: deps.eventListeners });
          // A program reports events all day; a person who makes some up is noted.
          if (actor.userId !== undefined && stored > 0) await audit(tx, actor, { action: "events.recorded", target: { kind: "workspace", id: actor.workspaceId, name: "Events" }, detail: { events: stored } });
          await tellOnCommit(tx, actor.workspaceId, "contacts");
          return { stored, duplicates, problems: problems.map(({ index, code, field, message }) => ({ index, code, field: field === "" ? null : field, message })) };
        });
      },
    );
  };
}

/** What a query says of a property; export.routes.ts asks the same. */
export function propertyAsked({ property, value }: Pick<ContactQuery, "property" | "value">): { key: string; value: string | undefined } | undefined {
  if (property === undefined && value !== undefined) throw new ApiError("invalid_input", { field: "property", expected: "the property that has the value" });
  return property === undefined ? undefined : { key: property, value };
}

async function say(tx: Database, actor: Actor, change: ConsentChange): Promise<void> {
  const [heard] = await setConsent(tx, actor.workspaceId, [change]);
  if (heard?.outcome === "keptOut") throw new ApiError("consent_kept_out");
}

async function remove(deps: ContactRoutesDeps, actor: Actor, ids: string[]): Promise<number> {
  return deps.database.db.transaction().execute(async (tx) => {
    const removed = await removeContacts(tx, actor.workspaceId, ids, deps);
    for (const id of removed) await audit(tx, actor, { action: "contact.deleted", target: targetOf(id) });
    if (removed.length > 0) for (const topic of ["contacts", "messages"] as const) await tellOnCommit(tx, actor.workspaceId, topic);
    return removed.length;
  });
}

/** The audit log outlives people, so it names them by id alone. */
const targetOf = (id: string) => ({ kind: "contact", id, name: `Contact ${id.slice(-8)}` });

function asError({ code, field, message }: ContactProblem): ApiError {
  if (code === "contact_not_found") return new ApiError("contact_not_found");
  if (code === "phone_taken" || code === "identity_taken") return new ApiError("contact_conflict", { field, detail: message });
  return new ApiError("invalid_input", { ...(field !== "" && { field }), detail: message });
}

const properties = statement<{ key: string; type: ContactProperty["type"]; contacts: number; created_at: Date }>(
  "contacts_list_properties",
  `select key, type, contacts, created_at from contact_properties where workspace_id = $1 order by key`,
);
