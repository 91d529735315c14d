import { buildInboundCallback, type InboundContent } from "@tincan/clevertap";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import type { InboundListener } from "../ledger/listeners.ts";
import { mediaMark } from "./media-mark.ts";
import type { WakeSoon } from "./wake-soon.ts";

/**
 * Passes what people write on to platforms, in the transaction that stores it: the answer to a deployment's message to that
 * deployment, anything else, and the answer to one that was removed, to every deployment of the number. Media is only marked here and
 * fetched when the callback leaves.
 */
export function inboundCallbacks(wake: WakeSoon): InboundListener {
  return async (tx, workspaceId, messages) => {
    const sayable = messages.flatMap((message) => {
      const from = numberOf(message);
      const content = contentOf(message);
      const asText = content ? undefined : textOf(message);
      return from !== undefined && (content || asText !== undefined) ? [{ message, from, content, asText }] : [];
    });
    if (sayable.length === 0) return;
    const providerIds = [...new Set(sayable.map(({ message }) => message.providerId))];
    const repliedTo = sayable.flatMap(({ message }) => (message.replyTo?.originKind === "deployment" ? [message.replyTo.originId] : []));
    const listeners = await interested.run(tx, [workspaceId, providerIds, repliedTo]);

    const told = sayable.flatMap(({ message, from, content: own, asText }) => {
      const { replyTo } = message;
      const answered = replyTo?.originKind === "deployment" ? replyTo : undefined;
      const isThere = answered !== undefined && listeners.some((d) => d.id === answered.originId);
      const deployments = listeners.filter((d) => (isThere ? d.id === answered.originId : d.provider_id === message.providerId));
      return deployments.flatMap((deployment) => {
        if (!deployment.listens) return [];
        const content: InboundContent | undefined = own ?? (deployment.others_as_text && asText !== undefined ? { kind: "text", text: asText } : undefined);
        if (!content) return [];
        const body = buildInboundCallback({
          from,
          wabaNumber: deployment.number.replace(/\D/g, ""),
          timestamp: message.occurredAt.getTime() / 1000,
          ...(answered?.externalId && { replyTo: answered.externalId }),
          content,
        });
        return [{ message, deploymentId: deployment.id, body }];
      });
    });
    if (told.length === 0) return;
    await insert.run(tx, [
      workspaceId,
      told.map(() => uuidv7()),
      told.map((t) => t.deploymentId),
      told.map((t) => t.message.id),
      told.map((t) => JSON.stringify(t.body)),
      new Date(),
    ]);
    for (const { deploymentId } of told) wake.soon(deploymentId);
  };
}

/**
 * Platforms know people by their number. Who does not show it is known by the number that the message they answer went to, and
 * otherwise cannot be named to a platform.
 */
function numberOf({ sender, replyTo }: InboundMessage): string | undefined {
  return [sender, replyTo?.recipient].find((each) => each?.startsWith("+"));
}

/** The contract's words for what was said; undefined for what it has none for. A sticker is a picture. */
function contentOf({ providerId, type, content }: InboundMessage): InboundContent | undefined {
  const { text, media, location, choice } = content;
  if (choice) return choice.payload === "" ? { kind: "text", text: choice.text } : { kind: "button", payload: choice.payload, text: choice.text };
  if (location) return { kind: "location", ...location };
  if (media) {
    const { mimeType, caption } = media;
    const mediaUrl = mediaMark({ providerId, wireMediaId: media.wireMediaId });
    if (media.kind === "audio") return { kind: "audio", mediaUrl, mimeType };
    return { kind: media.kind === "sticker" ? "image" : media.kind, mediaUrl, mimeType, ...(caption && { caption }) };
  }
  return text && type === "text" ? { kind: "text", text } : undefined;
}

/** What a platform can be told as text of a message that has no form of its own; undefined for nothing worth saying. */
function textOf({ content: { reaction, contacts, text } }: InboundMessage): string | undefined {
  if (reaction) return reaction.emoji || undefined;
  if (contacts) return contacts.map(({ name, phones }) => [name, ...phones].filter(Boolean).join(", ")).join("\n").trim() || undefined;
  return text || undefined;
}

const interested = statement<{ id: string; provider_id: string; number: string; others_as_text: boolean; listens: boolean }>(
  "callbacks_interested",
  `select d.id, d.provider_id, p.number, coalesce((d.settings ->> 'othersAsText')::boolean, false) as others_as_text,
     octet_length(d.webhooks_sealed) > 0 as listens
   from deployments d join providers p on p.workspace_id = d.workspace_id and p.id = d.provider_id
   where d.workspace_id = $1 and (d.provider_id = any ($2::uuid[]) or d.id = any ($3::uuid[]))`,
);

const insert = statement(
  "callbacks_insert_inbound",
  `insert into callbacks (workspace_id, id, deployment_id, kind, message_id, body, state, due_at, created_at)
   select $1, i.id, i.deployment_id, 'inbound', i.message_id, i.body, 'ready', $6::timestamptz, $6::timestamptz
   from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::json[]) as i (id, deployment_id, message_id, body)`,
);
