import { CouponCodesAdded, CouponCodesInput, CouponPool, CouponPoolInput, CouponPoolQuery, IdParams, List } from "@tincan/api";
import Type from "typebox";
import { audit } from "../../accounts/audit.ts";
import type { DatabaseHandle } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { RoutePlugin } from "../../http/app.ts";
import { ApiError } from "../../http/errors.ts";
import { pageOf, readCursor } from "../../http/paging.ts";
import { readCodes } from "./read-codes.ts";
import { addCodes, deletePool, findPool, listPools, presentPool, savePool, usesOfPool } from "./store.ts";

const tags = ["Campaigns"];
/** A million codes of 7 characters. */
const MOST_BYTES = 9_000_000;
const EXAMPLES = 10;

/** Pools of coupon codes, of which campaigns give each person one. */
export function couponRoutes({ database }: { database: DatabaseHandle }): RoutePlugin {
  const { db } = database;
  const read = { permission: "campaigns.read" } as const;
  const write = { permission: "campaigns.write" } as const;
  const targetOf = (id: string, name: string) => ({ kind: "coupon-pool", id, name });

  return async (app) => {
    app.get("/coupon-pools", { config: read, schema: { tags, summary: "List coupon pools", querystring: CouponPoolQuery, response: { 200: List(CouponPool) } } }, async ({ actor, query }) => {
      const { limit = 50, q } = query;
      const rows = await listPools(db, actor.workspaceId, { q, after: readCursor(query.after, ["text", "id"]), limit });
      return pageOf(rows, limit, { item: presentPool, key: ({ name, id }) => [name, id] });
    });

    app.get("/coupon-pools/:id", { config: read, schema: { tags, summary: "Show a coupon pool", params: IdParams, response: { 200: CouponPool } } }, async ({ actor, params }) =>
      presentPool(await findPool(db, actor.workspaceId, params.id)),
    );

    app.post("/coupon-pools", { config: write, schema: { tags, summary: "Make a coupon pool", body: CouponPoolInput, response: { 201: CouponPool } } }, async ({ actor, body }, reply) => {
      const id = uuidv7();
      await db.transaction().execute(async (tx) => {
        await savePool(tx, actor.workspaceId, id, body.name, actor.name);
        await audit(tx, actor, { action: "coupon_pool.created", target: targetOf(id, body.name) });
        await tellOnCommit(tx, actor.workspaceId, "campaigns");
      });
      return reply.code(201).send(presentPool(await findPool(db, actor.workspaceId, id)));
    });

    app.patch("/coupon-pools/:id", { config: write, schema: { tags, summary: "Rename a coupon pool", params: IdParams, body: CouponPoolInput, response: { 200: CouponPool } } }, async ({ actor, params, body }) => {
      const pool = await findPool(db, actor.workspaceId, params.id);
      await db.transaction().execute(async (tx) => {
        await savePool(tx, actor.workspaceId, pool.id, body.name, pool.created_by_name);
        await audit(tx, actor, { action: "coupon_pool.renamed", target: targetOf(pool.id, body.name), detail: { from: pool.name } });
        await tellOnCommit(tx, actor.workspaceId, "campaigns");
      });
      return presentPool(await findPool(db, actor.workspaceId, pool.id));
    });

    app.delete(
      "/coupon-pools/:id",
      { config: write, schema: { tags, summary: "Delete a coupon pool", description: "Codes that were given stay with those who have them.", params: IdParams, response: { 204: Type.Null() } } },
      async ({ actor, params }, reply) => {
        const pool = await findPool(db, actor.workspaceId, params.id);
        await db.transaction().execute(async (tx) => {
          const uses = await usesOfPool(tx, actor.workspaceId, pool.id);
          if (uses.length > 0) throw new ApiError("coupon_pool_in_use", { detail: `It is used by ${uses.join(", ")}.` });
          await deletePool(tx, actor.workspaceId, pool.id);
          await audit(tx, actor, { action: "coupon_pool.deleted", target: targetOf(pool.id, pool.name), detail: { free: pool.free, given: pool.given } });
          await tellOnCommit(tx, actor.workspaceId, "campaigns");
        });
        return reply.code(204).send(null);
      },
    );

    app.post(
      "/coupon-pools/:id/codes",
      {
        config: write,
        bodyLimit: MOST_BYTES,
        schema: {
          tags, summary: "Add codes to a coupon pool", params: IdParams, body: CouponCodesInput, response: { 200: CouponCodesAdded },
          description: "Codes one to a line, or a CSV whose first column holds them. Codes that are there already are left alone.",
        },
      },
      async ({ actor, params, body }) => {
        const pool = await findPool(db, actor.workspaceId, params.id);
        const { codes, refused } = readCodes(body.text);
        const added = await db.transaction().execute(async (tx) => {
          const count = await addCodes(tx, actor.workspaceId, pool.id, codes);
          await audit(tx, actor, { action: "coupon_pool.filled", target: targetOf(pool.id, pool.name), detail: { added: count } });
          await tellOnCommit(tx, actor.workspaceId, "campaigns");
          return count;
        });
        return { added, known: codes.length - added, refused: refused.length, examples: refused.slice(0, EXAMPLES) };
      },
    );
  };
}
