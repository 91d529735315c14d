/**
 * A deployment may stand on a provider that is, in the end, that deployment itself: this server can be both ends of the string. A message
 * would then go round for ever, as a new one each time. Our requests carry our message id as msgId, so where a request came from can be
 * followed back.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { NewMessage, WireError } from "../ledger/types.ts";

/** Hops that are followed back; nobody connects more of their own deployments in a row. */
const MOST_HOPS = 8;
const messageId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

const inACircle: WireError = {
  source: "tincan",
  code: 1009,
  title: "The message has come round in a circle",
  details: "The provider it would go out through has sent it before. Give the deployment, or the provider that calls it, another way out.",
};

/** Refuses messages that the provider they are for has sent already. Costs nothing but for requests of a Tincan. */
export async function refuseCircles(tx: Database, workspaceId: string, messages: readonly NewMessage[]): Promise<void> {
  let followed = messages.flatMap((message) => (message.externalId !== undefined && messageId.test(message.externalId) ? [{ message, from: message.externalId }] : []));
  for (let hop = 0; hop < MOST_HOPS && followed.length > 0; hop++) {
    const found = new Map((await find.run(tx, [workspaceId, [...new Set(followed.map(({ from }) => from))]])).map((row) => [row.id, row]));
    followed = followed.flatMap(({ message, from }) => {
      const before = found.get(from);
      if (before?.provider_id === message.providerId) message.refusal = inACircle;
      else if (before?.origin_kind === "deployment" && before.external_id !== null && messageId.test(before.external_id)) return [{ message, from: before.external_id }];
      return [];
    });
  }
}

/** By the primary key. */
const find = statement<{ id: string; provider_id: string; origin_kind: string; external_id: string | null }>(
  "deployments_follow_back",
  `select id, provider_id, origin_kind, external_id from messages where workspace_id = $1 and id = any ($2::uuid[])`,
);
