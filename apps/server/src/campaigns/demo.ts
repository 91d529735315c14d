/** The demo's campaign: a draft that only waits to be launched, to a segment of the demo's people. And taking it, and all of its kind, away again. */
import { rememberDemoItems } from "../accounts/demo-items.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { insertSegment } from "../segments/store.ts";
import { createCampaign } from "./manage.ts";

export const DEMO_SEGMENT = "segment";
const SEGMENT = "Ordered before";
const CAMPAIGN = "Your order is ready";

/** Adds both once; a call that finds the segment does nothing. `picture` is an address that the local WhatsApp can load. */
export async function seedDemoCampaign(db: Database, actor: Actor, providerId: string, picture: string): Promise<void> {
  const { workspaceId } = actor;
  const there = await db.selectFrom("demo_items").select("id").where("workspace_id", "=", workspaceId).where("kind", "=", DEMO_SEGMENT).limit(1).executeTakeFirst();
  if (there) return;
  const segmentId = uuidv7();
  await db.transaction().execute(async (tx) => {
    await insertSegment(tx, workspaceId, {
      id: segmentId, name: SEGMENT, description: "Gold and silver customers with at least one order", createdBy: actor.name,
      query: {
        all: [
          { kind: "property", key: "Orders", test: { type: "number", op: "atLeast", value: 1 } },
          { kind: "property", key: "Tier", test: { type: "text", op: "in", values: ["gold", "silver"] } },
          { kind: "consent", category: "utility", is: "allowed" },
        ],
      },
    });
    await rememberDemoItems(tx, workspaceId, DEMO_SEGMENT, [segmentId]);
  });
  await createCampaign(db, actor, {
    name: CAMPAIGN, labels: ["demo"], provider: providerId, audience: { segmentId }, schedule: { kind: "now" },
    content: {
      mode: "single",
      variants: [
        {
          key: "A", template: { name: "order_ready", language: "en" },
          values: {
            header: { kind: "image", media: { link: picture } },
            body: [{ text: '{{ profile.name | default: "there" }}' }, { text: "{{ profile.identity }}" }],
            buttons: [{ kind: "url", index: 0, suffix: "{{ profile.identity }}" }],
          },
        },
      ],
    },
  });
}

/** Deletes the campaigns that send through these providers, with everything that was counted; for taking a demo away, not for every day. */
export async function removeCampaignsOf(tx: Database, workspaceId: string, providerIds: string[]): Promise<void> {
  await remove.run(tx, [workspaceId, providerIds]);
}

const remove = statement(
  "campaigns_remove_of_providers",
  `with doomed as (select id from campaigns where workspace_id = $1 and provider_id = any ($2::uuid[])),
   runs as (select id from campaign_runs where workspace_id = $1 and campaign_id in (select id from doomed)),
   cells as (select id from campaign_cells where workspace_id = $1 and campaign_id in (select id from doomed)),
   people as (delete from campaign_people where workspace_id = $1 and run_id in (select id from runs)),
   entries as (delete from campaign_entries where workspace_id = $1 and run_id in (select id from runs)),
   losses as (delete from campaign_losses where workspace_id = $1 and run_id in (select id from runs)),
   triggers as (delete from campaign_triggers where workspace_id = $1 and run_id in (select id from runs)),
   counts as (delete from campaign_counts where workspace_id = $1 and cell_id in (select id from cells)),
   failures as (delete from campaign_failures where workspace_id = $1 and cell_id in (select id from cells)),
   costs as (delete from campaign_costs where workspace_id = $1 and cell_id in (select id from cells)),
   responses as (delete from campaign_responses where workspace_id = $1 and cell_id in (select id from cells)),
   paused as (delete from paused_origins where workspace_id = $1 and origin_id in (select id from cells)),
   gone_cells as (delete from campaign_cells where workspace_id = $1 and id in (select id from cells)),
   gone_runs as (delete from campaign_runs where workspace_id = $1 and id in (select id from runs))
   delete from campaigns where workspace_id = $1 and id in (select id from doomed)`,
);
