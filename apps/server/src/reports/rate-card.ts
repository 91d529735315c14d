import { RateCard } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { currencyOf } from "./cost.ts";

const tags = ["Reports"];

/** What messages cost, as the workspace's contract says: Meta tells categories and markets, never amounts. */
export function rateCardRoutes({ db }: { db: Database }): RoutePlugin {
  return async (app) => {
    app.get(
      "/rate-card",
      { config: { permission: "reports.read" }, schema: { tags, summary: "Show the rate card", response: { 200: RateCard } } },
      async ({ actor }) => readRateCard(db, actor.workspaceId),
    );

    app.put(
      "/rate-card",
      {
        config: { permission: "campaigns.approve" },
        schema: {
          tags, summary: "Replace the rate card",
          description: "Prices are per delivered message that Meta bills. A message's price is that of its recipient's calling code and of its category, from the newest day that is not later than its delivery; the market `*` is for all others.",
          body: RateCard, response: { 200: RateCard },
        },
      },
      async ({ actor, body }) => saveRateCard(db, actor, body),
    );
  };
}

async function readRateCard(db: Database, workspaceId: string): Promise<RateCard> {
  const [currency, prices] = await Promise.all([currencyOf(db, workspaceId), read.run(db, [workspaceId])]);
  return { currency, prices: prices.map(({ market, category, valid_from: from, price }) => ({ market, category, from, price: Number(price) })) };
}

async function saveRateCard(db: Database, actor: Actor, { currency, prices }: RateCard): Promise<RateCard> {
  // Meta writes categories small in receipts, and large in templates.
  const rows = prices.map((price) => ({ ...price, category: price.category.toLowerCase() }));
  const seen = new Set<string>();
  for (const [i, { market, category, from }] of rows.entries()) {
    const key = `${market} ${category} ${from}`;
    if (seen.has(key)) throw new ApiError("invalid_input", { field: `prices[${i}]`, expected: "one price for each market, category and day", detail: "The same market, category and day comes twice." });
    seen.add(key);
  }
  await db.transaction().execute(async (tx) => {
    await saveCurrency.run(tx, [actor.workspaceId, currency]);
    await clear.run(tx, [actor.workspaceId]);
    if (rows.length > 0) await insert.run(tx, [actor.workspaceId, rows.map((r) => r.category), rows.map((r) => r.market), rows.map((r) => r.from), rows.map((r) => r.price)]);
    await audit(tx, actor, { action: "rate_card.changed", target: { kind: "workspace", id: actor.workspaceId, name: "Rate card" }, detail: { currency, prices: rows.length } });
    await tellOnCommit(tx, actor.workspaceId, "reports");
  });
  return readRateCard(db, actor.workspaceId);
}

const read = statement<{ market: string; category: string; valid_from: string; price: string }>(
  "rate_card_read",
  `select market, category, valid_from::text as valid_from, price::text as price from rate_prices where workspace_id = $1 order by category, market, valid_from`,
);

/** Its lock lets two people replace the card one after the other. */
const saveCurrency = statement(
  "rate_card_save_currency",
  `insert into rate_cards (workspace_id, currency) values ($1, $2) on conflict (workspace_id) do update set currency = excluded.currency`,
);

const clear = statement("rate_card_clear", `delete from rate_prices where workspace_id = $1`);

const insert = statement(
  "rate_card_insert",
  `insert into rate_prices (workspace_id, category, market, valid_from, price)
   select $1, * from unnest($2::text[], $3::text[], $4::date[], $5::numeric[])`,
);
