/** Coupon pools and their codes as rows. Giving codes away is in personalise/coupons.ts. */
import type { CouponPool } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { escapeLike } from "../../database/like.ts";
import { statement } from "../../database/statement.ts";
import { ApiError } from "../../http/errors.ts";
import "./tables.ts";

export interface PoolRow {
  id: string;
  name: string;
  created_by_name: string;
  created_at: Date;
  free: number;
  given: number;
}

export function presentPool(row: PoolRow): CouponPool {
  return { id: row.id, name: row.name, free: row.free, given: row.given, createdBy: row.created_by_name, createdAt: row.created_at.toISOString() };
}

/** By name; one row more than asked for. */
export async function listPools(db: Database, workspaceId: string, { q, after, limit }: { q?: string | undefined; after?: string[] | undefined; limit: number }): Promise<PoolRow[]> {
  return list.run(db, [workspaceId, q ? `%${escapeLike(q)}%` : null, after?.[0] ?? null, after?.[1] ?? null, limit + 1]);
}

/** Throws ApiError `coupon_pool_not_found`. */
export async function findPool(db: Database, workspaceId: string, id: string): Promise<PoolRow> {
  const [row] = await find.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("coupon_pool_not_found");
  return row;
}

/** Throws ApiError `coupon_pool_name_taken`. */
export async function savePool(tx: Database, workspaceId: string, id: string, name: string, createdBy: string): Promise<void> {
  const saved = await save.run(tx, [workspaceId, id, name.trim(), createdBy]).catch((cause: unknown) => {
    // Somebody else took the name in the same moment.
    if (cause instanceof Error && "code" in cause && cause.code === "23505") return [];
    throw cause;
  });
  if (saved.length === 0) throw new ApiError("coupon_pool_name_taken", { field: "name" });
}

/** How many of them are new. */
export async function addCodes(tx: Database, workspaceId: string, poolId: string, codes: string[]): Promise<number> {
  return (await add.run(tx, [workspaceId, poolId, codes.toSorted()]))[0]?.added ?? 0;
}

/** The pool and the codes that nobody has. Those given stay, so that it can be told whose they were. */
export async function deletePool(tx: Database, workspaceId: string, id: string): Promise<void> {
  await removeFree.run(tx, [workspaceId, id]);
  await remove.run(tx, [workspaceId, id]);
}

/** Names of campaigns that would still take codes from the pool. */
export async function usesOfPool(db: Database, workspaceId: string, id: string): Promise<string[]> {
  return (await uses.run(db, [workspaceId, id])).map(({ name }) => name);
}

const counted = `p.id, p.name, p.created_by_name, p.created_at,
  (select count(*)::int from coupon_codes c where c.workspace_id = $1 and c.pool_id = p.id and c.given_at is null) as free,
  (select count(*)::int from coupon_codes c where c.workspace_id = $1 and c.pool_id = p.id and c.given_at is not null) as given`;

const list = statement<PoolRow & Record<string, unknown>>(
  "coupons_list",
  `select ${counted} from coupon_pools p
   where p.workspace_id = $1 and ($2::text is null or p.name ilike $2) and ($3::text is null or (p.name, p.id::text) > ($3, $4::text))
   order by p.name, p.id::text limit $5`,
);

const find = statement<PoolRow & Record<string, unknown>>("coupons_find", `select ${counted} from coupon_pools p where p.workspace_id = $1 and p.id::text = $2`);

const save = statement<{ id: string }>(
  "coupons_save",
  `insert into coupon_pools (workspace_id, id, name, created_by_name) select $1, $2::uuid, $3, $4
   where not exists (select from coupon_pools where workspace_id = $1 and name = $3 and id <> $2::uuid)
   on conflict (workspace_id, id) do update set name = excluded.name returning id`,
);

const add = statement<{ added: number }>(
  "coupons_add",
  `with stored as (
     insert into coupon_codes (workspace_id, pool_id, code) select $1, $2, * from unnest($3::text[]) on conflict do nothing returning code
   )
   select count(*)::int as added from stored`,
);

const removeFree = statement("coupons_remove_free", `delete from coupon_codes where workspace_id = $1 and pool_id = $2 and given_at is null`);
const remove = statement("coupons_remove", `delete from coupon_pools where workspace_id = $1 and id = $2`);

const uses = statement<{ name: string }>(
  "coupons_uses",
  `select name from campaigns
   where workspace_id = $1 and definition ->> 'couponPool' = $2 and state not in ('completed', 'stopped', 'expired', 'failed') order by name limit 10`,
);
