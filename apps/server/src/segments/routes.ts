import {
  Audience, AudienceCount, AudienceSampleQuery, Contact, IdParams, List, ListQuery, Segment, SegmentCloneInput, SegmentDetail, SegmentFields, SegmentInput, SegmentListQuery, SegmentPatch,
} from "@tincan/api";
import Type from "typebox";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { Turns } from "../lanes/turns.ts";
import { countAudience, sampleAudience } from "./audience.ts";
import { segmentFields } from "./fields.ts";
import { listNamed, lockSegments, orTaken } from "./named.ts";
import { listPeople } from "./people.ts";
import { missingNumbers, resolveQuery } from "./resolve.ts";
import { deleteSegment, findSegments, insertSegment, presentSegment, rememberCount, setArchived, updateSegment, type SegmentRow } from "./store.ts";
import { refuseInUse, usesOf, type UsedBy } from "./uses.ts";

export interface SegmentRoutesDeps {
  db: Database;
  usedBy: readonly UsedBy[];
  /** How long somebody who edits a query is left waiting for its count. */
  timeoutMs?: number;
}

const tags = ["Segments"];
const read = { permission: "segments.read" } as const;
const write = { permission: "segments.write" } as const;

const TIMEOUT_MS = 10_000;
/** Each reads through everybody: more at once would only take turns at the database's processors. */
const COUNTS_AT_ONCE = 2;
const MISSING_SHOWN = 100;

export function segmentRoutes({ db, usedBy, timeoutMs = TIMEOUT_MS }: SegmentRoutesDeps): RoutePlugin {
  const turns = new Turns(COUNTS_AT_ONCE);
  const inTurn = async <T>(act: () => Promise<T>): Promise<T> => {
    const results: T[] = [];
    await turns.take(async () => void results.push(await act()));
    return results[0]!;
  };

  const find = async (tx: Database, actor: Actor, id: string): Promise<SegmentRow> => {
    const [row] = await findSegments(tx, actor.workspaceId, [id]);
    if (!row) throw new ApiError("segment_not_found");
    return row;
  };

  /** One change by the actor: made, audited and told together. `act` answers the id of the segment. */
  const change = async (actor: Actor, action: string, act: (tx: Database) => Promise<string>): Promise<Segment> =>
    db.transaction().execute(async (tx) => {
      await lockSegments(tx, actor.workspaceId);
      const row = await find(tx, actor, await act(tx));
      await audit(tx, actor, { action, target: targetOf(row) });
      await tellOnCommit(tx, actor.workspaceId, "segments");
      return presentSegment(row);
    });

  const create = async (actor: Actor, input: SegmentInput): Promise<Segment> =>
    change(actor, "segment.created", async (tx) => {
      await resolveQuery(tx, actor.workspaceId, input.query, "query");
      const id = uuidv7();
      await orTaken("segment_name_taken", () => insertSegment(tx, actor.workspaceId, { id, name: input.name.trim(), description: input.description?.trim() ?? "", query: input.query, createdBy: actor.name }));
      return id;
    });

  return async (app) => {
    app.get("/segments", { config: read, schema: { tags, summary: "List saved segments", querystring: SegmentListQuery, response: { 200: List(Segment) } } }, async ({ actor, query }) => {
      const { limit = 50, q, after, sort = "newest", archived = false } = query;
      const page = await listNamed(db, "segments", actor.workspaceId, { limit, q, after, sort, archived });
      return { items: (await findSegments(db, actor.workspaceId, page.ids)).map(presentSegment), next: page.next };
    });

    app.get("/segments/fields", { config: read, schema: { tags, summary: "List what a query can ask about", response: { 200: SegmentFields } } }, async ({ actor }) => segmentFields(db, actor.workspaceId));

    app.post(
      "/segments/count",
      { config: read, schema: { tags, summary: "Count an audience", description: "Given up after 10 seconds, with the error segment_too_slow.", body: Audience, response: { 200: AudienceCount } } },
      async ({ actor, body }) => {
        const now = new Date();
        const count = await inTurn(() => countAudience(db, actor.workspaceId, body, { now, timeoutMs }));
        const missing = await missingNumbers(db, actor.workspaceId, body);
        return { count, countedAt: now.toISOString(), missingCount: missing.length, missing: missing.slice(0, MISSING_SHOWN) };
      },
    );

    app.post(
      "/segments/sample",
      {
        config: read,
        schema: { tags, summary: "Show a few people of an audience", description: "The people who were added first.", querystring: AudienceSampleQuery, body: Audience, response: { 200: List(Contact) } },
      },
      async ({ actor, body, query }) => ({ items: await inTurn(() => sampleAudience(db, actor.workspaceId, body, query.limit ?? 10, { timeoutMs })), next: null }),
    );

    app.post("/segments", { config: write, schema: { tags, summary: "Save a segment", body: SegmentInput, response: { 201: Segment } } }, async ({ actor, body }, reply) => reply.code(201).send(await create(actor, body)));

    app.get("/segments/:id", { config: read, schema: { tags, summary: "Show a segment and what uses it", params: IdParams, response: { 200: SegmentDetail } } }, async ({ actor, params }) => {
      const row = await find(db, actor, params.id);
      return { ...presentSegment(row), usedBy: await usesOf(db, actor.workspaceId, { kind: "segment", id: row.id }, usedBy) };
    });

    app.get(
      "/segments/:id/people",
      {
        config: read,
        schema: {
          tags, summary: "List the people of a segment", params: IdParams, querystring: ListQuery, response: { 200: List(Contact) },
          description: "As they are now, those who were added first come first. `q` looks in names, numbers, e-mail addresses and identities. A page may be empty and still have a next one.",
        },
      },
      async ({ actor, params, query }) => {
        const { id } = await find(db, actor, params.id);
        return inTurn(() => listPeople(db, actor.workspaceId, { segmentId: id }, query, { timeoutMs }));
      },
    );

    app.patch(
      "/segments/:id",
      { config: write, schema: { tags, summary: "Change a segment", description: "Whatever uses it takes the new people from then on.", params: IdParams, body: SegmentPatch, response: { 200: Segment } } },
      async ({ actor, params, body }) =>
        change(actor, "segment.changed", async (tx) => {
          const { id } = await find(tx, actor, params.id);
          if (body.query !== undefined) await resolveQuery(tx, actor.workspaceId, body.query, "query", { segmentId: id });
          const { name, description, query } = body;
          await orTaken("segment_name_taken", () =>
            updateSegment(tx, actor.workspaceId, id, { ...(name !== undefined && { name: name.trim() }), ...(description !== undefined && { description: description.trim() }), ...(query !== undefined && { query }) }),
          );
          return id;
        }),
    );

    app.post(
      "/segments/:id/count",
      { config: read, schema: { tags, summary: "Count a segment", description: "The count is remembered with its time.", params: IdParams, response: { 200: Segment } } },
      async ({ actor, params }) => {
        const row = await find(db, actor, params.id);
        const now = new Date();
        const count = await inTurn(() => countAudience(db, actor.workspaceId, { segmentId: row.id }, { now, timeoutMs }));
        await rememberCount(db, row, count, now);
        await tellOnCommit(db, actor.workspaceId, "segments");
        return presentSegment(await find(db, actor, row.id));
      },
    );

    app.post("/segments/:id/clone", { config: write, schema: { tags, summary: "Save a copy of a segment", params: IdParams, body: SegmentCloneInput, response: { 201: Segment } } }, async ({ actor, params, body }, reply) => {
      const { description, query } = await find(db, actor, params.id);
      return reply.code(201).send(await create(actor, { name: body.name, description, query }));
    });

    app.post(
      "/segments/:id/archive",
      { config: write, schema: { tags, summary: "Archive a segment", description: "Refused while something uses it.", params: IdParams, response: { 200: Segment } } },
      async ({ actor, params }) =>
        change(actor, "segment.archived", async (tx) => {
          const { id } = await find(tx, actor, params.id);
          await refuseInUse(tx, actor.workspaceId, { kind: "segment", id }, usedBy, "segment_in_use");
          await setArchived(tx, actor.workspaceId, id, true);
          return id;
        }),
    );

    app.post("/segments/:id/unarchive", { config: write, schema: { tags, summary: "Take a segment out of the archive", params: IdParams, response: { 200: Segment } } }, async ({ actor, params }) =>
      change(actor, "segment.unarchived", async (tx) => {
        const { id } = await find(tx, actor, params.id);
        await orTaken("segment_name_taken", () => setArchived(tx, actor.workspaceId, id, false));
        return id;
      }),
    );

    app.delete(
      "/segments/:id",
      { config: write, schema: { tags, summary: "Delete a segment", description: "Refused while something uses it. The people stay.", params: IdParams, response: { 204: Type.Null() } } },
      async ({ actor, params }, reply) => {
        await db.transaction().execute(async (tx) => {
          await lockSegments(tx, actor.workspaceId);
          const row = await find(tx, actor, params.id);
          await refuseInUse(tx, actor.workspaceId, { kind: "segment", id: row.id }, usedBy, "segment_in_use");
          await deleteSegment(tx, actor.workspaceId, row.id);
          await audit(tx, actor, { action: "segment.deleted", target: targetOf(row) });
          await tellOnCommit(tx, actor.workspaceId, "segments");
        });
        return reply.code(204).send(null);
      },
    );
  };
}

const targetOf = ({ id, name }: { id: string; name: string }) => ({ kind: "segment", id, name });
