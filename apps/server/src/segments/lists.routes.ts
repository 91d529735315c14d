import multipart from "@fastify/multipart";
import {
  Contact, ContactList, ContactListDetail, ContactListInput, ContactListMembersChanged, ContactListMembersInput, ContactListPatch, ContactListQuery, ContactListUpload, ContactListUploadParams, ContactListUploadQuery, IdParams,
  List, ListQuery, UUID,
} from "@tincan/api";
import Type from "typebox";
import { audit } from "../accounts/audit.ts";
import { may } from "../accounts/permissions.ts";
import { toCsv } from "../contacts/csv.ts";
import { exportPeople } from "../contacts/export.ts";
import { slowUploads } from "../contacts/imports/slow-uploads.ts";
import { lockPeople } from "../contacts/lock.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { deleteList, findLists, insertList, presentLists, presentUpload, requireList, updateList, type ListRow } from "./lists-store.ts";
import { addMembers, findPeople, removeAllMembers, removeMembers } from "./members.ts";
import { listNamed, lockSegments, orTaken } from "./named.ts";
import { memberPages, problemLines, problemsHeader } from "./list-files.ts";
import { listPeople } from "./people.ts";
import { cancelUpload } from "./uploads/cancel.ts";
import { createUpload } from "./uploads/create.ts";
import { refuseInUse, usesOf, type UsedBy } from "./uses.ts";

export interface ListRoutesDeps {
  db: Database;
  dataDir: string;
  /** The longest file that is taken. */
  mostBytes: number;
  usedBy: readonly UsedBy[];
  /** A file waits to be read. */
  nudge(): void;
}

const tags = ["Lists"];
const read = { permission: "segments.read" } as const;
const write = { permission: "segments.write" } as const;
const csv = { produces: ["text/csv"], response: { 200: Type.Any() } };

export function listRoutes(deps: ListRoutesDeps): RoutePlugin {
  const { db, usedBy } = deps;

  const find = async (tx: Database, actor: Actor, id: string): Promise<ListRow> => {
    const [row] = await findLists(tx, actor.workspaceId, [id]);
    if (!row) throw new ApiError("list_not_found");
    return row;
  };
  const present = async (tx: Database, row: ListRow): Promise<ContactList> => (await presentLists(tx, row.workspace_id, [row]))[0]!;

  /** One change by the actor: made, audited and told together. */
  const change = async <T>(actor: Actor, action: string, id: string, act: (tx: Database, row: ListRow) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (tx) => {
      const row = await find(tx, actor, id);
      const result = await act(tx, row);
      await audit(tx, actor, { action, target: targetOf(row) });
      await tellOnCommit(tx, actor.workspaceId, "segments");
      return result;
    });

  return async (app) => {
    await app.register(multipart, { limits: { files: 1, fields: 20, fileSize: deps.mostBytes + 1 } });
    const patience = slowUploads(app.server);

    app.get("/lists", { config: read, schema: { tags, summary: "List custom lists", querystring: ContactListQuery, response: { 200: List(ContactList) } } }, async ({ actor, query }) => {
      const { limit = 50, q, after, sort = "newest" } = query;
      const page = await listNamed(db, "contact_lists", actor.workspaceId, { limit, q, after, sort });
      return { items: await presentLists(db, actor.workspaceId, await findLists(db, actor.workspaceId, page.ids)), next: page.next };
    });

    app.post("/lists", { config: write, schema: { tags, summary: "Make an empty list", body: ContactListInput, response: { 201: ContactList } } }, async ({ actor, body }, reply) => {
      const list = await db.transaction().execute(async (tx) => {
        const id = uuidv7();
        await orTaken("list_name_taken", () => insertList(tx, actor.workspaceId, { id, name: body.name.trim(), description: body.description?.trim() ?? "", createdBy: actor.name }));
        const row = await find(tx, actor, id);
        await audit(tx, actor, { action: "list.created", target: targetOf(row) });
        await tellOnCommit(tx, actor.workspaceId, "segments");
        return present(tx, row);
      });
      return reply.code(201).send(list);
    });

    app.get("/lists/:id", { config: read, schema: { tags, summary: "Show a list and what uses it", params: IdParams, response: { 200: ContactListDetail } } }, async ({ actor, params }) => {
      const row = await find(db, actor, params.id);
      return { ...(await present(db, row)), usedBy: await usesOf(db, actor.workspaceId, { kind: "list", id: row.id }, usedBy) };
    });

    app.patch("/lists/:id", { config: write, schema: { tags, summary: "Rename a list", params: IdParams, body: ContactListPatch, response: { 200: ContactList } } }, async ({ actor, params, body: { name, description } }) =>
      change(actor, "list.changed", params.id, async (tx, { id }) => {
        await orTaken("list_name_taken", () => updateList(tx, actor.workspaceId, id, { ...(name !== undefined && { name: name.trim() }), ...(description !== undefined && { description: description.trim() }) }));
        return present(tx, await find(tx, actor, id));
      }),
    );

    app.delete(
      "/lists/:id",
      { config: write, schema: { tags, summary: "Delete a list", description: "Refused while something uses it. The people stay.", params: IdParams, response: { 204: Type.Null() } } },
      async ({ actor, params }, reply) => {
        await change(actor, "list.deleted", params.id, async (tx, { id }) => {
          await lockSegments(tx, actor.workspaceId);
          await refuseInUse(tx, actor.workspaceId, { kind: "list", id }, usedBy, "list_in_use");
          await deleteList(tx, actor.workspaceId, id);
          await removeAllMembers(tx, actor.workspaceId, id);
        });
        return reply.code(204).send(null);
      },
    );

    app.get(
      "/lists/:id/members",
      { config: read, schema: { tags, summary: "List the people on a list", description: "`q` looks in names, numbers, e-mail addresses and identities.", params: IdParams, querystring: ListQuery, response: { 200: List(Contact) } } },
      async ({ actor, params, query }) => {
        const { id } = await find(db, actor, params.id);
        return listPeople(db, actor.workspaceId, { listId: id }, query);
      },
    );

    app.post(
      "/lists/:id/members",
      { config: write, schema: { tags, summary: "Add people to a list", params: IdParams, body: ContactListMembersInput, response: { 200: ContactListMembersChanged } } },
      async ({ actor, params, body }) =>
        change(actor, "list.members_added", params.id, async (tx, { id }) => {
          await requireList(tx, actor.workspaceId, id);
          await lockPeople(tx, actor.workspaceId);
          const { known, unknown } = await sorted(tx, actor, body.contactIds);
          return { changed: await addMembers(tx, actor.workspaceId, id, known, new Date()), unknown };
        }),
    );

    app.post(
      "/lists/:id/members/remove",
      { config: write, schema: { tags, summary: "Remove people from a list", params: IdParams, body: ContactListMembersInput, response: { 200: ContactListMembersChanged } } },
      async ({ actor, params, body }) =>
        change(actor, "list.members_removed", params.id, async (tx, { id }) => {
          const { known, unknown } = await sorted(tx, actor, body.contactIds);
          return { changed: await removeMembers(tx, actor.workspaceId, id, known), unknown };
        }),
    );

    app.post(
      "/lists/:id/upload",
      {
        config: write,
        schema: {
          tags, summary: "Add the people of a CSV file to a list", consumes: ["multipart/form-data"], params: IdParams, querystring: ContactListUploadQuery, response: { 202: ContactListUpload },
          description: "The file is the part named `file`; its first row names the columns. It is answered when the file is there; its rows are read in the background, and `lastUpload` of the list tells how far. `createMissing` needs the permission `contacts.write` too.",
        },
        onRequest: async (request) => patience(request.raw),
      },
      async (request, reply) => {
        const { actor, query } = request;
        if (!request.isMultipart()) throw new ApiError("wrong_content_type", { detail: "Send the file as multipart/form-data." });
        try {
          const list = await find(db, actor, request.params.id);
          if (query.createMissing === true && !may(actor.role, "contacts.write")) throw new ApiError("not_allowed", { detail: `Making contacts needs the permission contacts.write; you are ${actor.role}.` });
          if (query.createMissing === true && query.by === "id") throw new ApiError("invalid_input", { field: "createMissing", expected: "left out: ids are given by Tincan" });
          const part = await request.file();
          if (!part) throw new ApiError("import_file_unusable", { field: "file", detail: "The request holds no file." });
          const upload = await createUpload(deps, actor, list, { name: part.filename, stream: part.file }, query);
          deps.nudge();
          return await reply.code(202).send(upload);
        } finally {
          // What a refused file has left is read and thrown away: the client hears the answer, and its connection serves on.
          request.raw.unpipe();
          request.raw.resume();
        }
      },
    );

    app.post(
      "/lists/:id/uploads/:upload/cancel",
      {
        config: write,
        schema: { tags, summary: "Cancel the upload of a list", description: "The people of the rows read so far stay on the list, and nobody is taken off it.", params: ContactListUploadParams, response: { 200: ContactListUpload } },
      },
      async ({ actor, params }) => presentUpload(await cancelUpload(deps, actor, await find(db, actor, params.id), params.upload)),
    );

    app.get(
      "/lists/:id/unmatched.csv",
      { config: write, schema: { tags, summary: "Download the rows of the last file that named nobody", description: "As CSV: the row's number, what stood there, and why. The first 100,000. It is noted in the audit log.", params: IdParams, ...csv } },
      async ({ actor, params }, reply) => {
        const row = await find(db, actor, params.id);
        const { lastUpload } = await present(db, row);
        if (!lastUpload) throw new ApiError("list_upload_not_found");
        await audit(db, actor, { action: "list.unmatched_exported", target: targetOf(row) });
        return reply.headers(fileHeaders(`${row.name} unmatched.csv`)).send(toCsv(problemsHeader, problemLines(db, actor.workspaceId, row.id, lastUpload.id)));
      },
    );

    app.get(
      "/lists/:id/export.csv",
      { config: { permission: "contacts.write" }, schema: { tags, summary: "Export the people on a list", description: "As CSV, in the columns of an export of all contacts.", params: IdParams, ...csv } },
      async ({ actor, params }, reply) => {
        const row = await find(db, actor, params.id);
        await audit(db, actor, { action: "list.exported", target: targetOf(row) });
        const { header, lines } = await exportPeople(db, actor.workspaceId, memberPages(db, actor.workspaceId, row.id));
        return reply.headers(fileHeaders(`${row.name}.csv`)).send(toCsv(header, lines));
      },
    );
  };
}

/** Of the ids asked for, those of contacts, and the others. */
async function sorted(tx: Database, { workspaceId }: Actor, ids: readonly string[]): Promise<{ known: string[]; unknown: string[] }> {
  const people = await findPeople(tx, workspaceId, "id", ids.filter((id) => UUID.test(id)));
  return { known: [...people.values()], unknown: [...new Set(ids.filter((id) => !people.has(id)))] };
}

const targetOf = ({ id, name }: { id: string; name: string }) => ({ kind: "list", id, name });

const fileHeaders = (name: string) => ({
  "content-type": "text/csv; charset=utf-8",
  "content-disposition": `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll(/['()*]/g, "_")}`,
});
