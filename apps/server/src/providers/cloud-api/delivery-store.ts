/**
 * Writes what webhooks say, one group commit per workspace, and then tells whoever should look: pages, the template registry,
 * the provider's upkeep, the download of media.
 */
import { type AccountEvent, type TemplateUpdate } from "@tincan/whatsapp";
import { Counter } from "prom-client";
import { knownOtherwise } from "../../contacts/written-otherwise.ts";
import type { Database } from "../../database/connection.ts";
import { GroupCommit } from "../../database/group-commit.ts";
import type { Live } from "../../database/live.ts";
import { statement } from "../../database/statement.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Metrics } from "../../http/metrics.ts";
import { numbersOfUserIds } from "../../ledger/hidden-numbers.ts";
import { receiveInbound } from "../../ledger/inbound.ts";
import type { NewInbound } from "../../ledger/inbound-message.ts";
import type { ChoiceListener, InboundListener, MarketingChoice, StatusListener } from "../../ledger/listeners.ts";
import { recordMarketingChoices } from "../../ledger/permissions-to-send.ts";
import { applyReceipts } from "../../ledger/receipts.ts";
import { changeTemplates, type TemplateChange } from "../../templates/sync.ts";
import type { TemplateRegistry } from "../../templates/registry.ts";
import { mergeHealth, touchWebhook } from "../store.ts";
import type { ProviderUpkeep } from "../upkeep.ts";
import type { Delivery } from "./deliveries.ts";
import type { WebhookTarget } from "./webhook-directory.ts";

export interface DeliveryStoreDeps {
  db: Database;
  live: Live;
  statusListeners: readonly StatusListener[];
  inboundListeners: readonly InboundListener[];
  choiceListeners: readonly ChoiceListener[];
  registry: TemplateRegistry;
  upkeep: ProviderUpkeep;
  metrics: Metrics;
  /** Called after the commit with files that people sent, to be fetched before Meta forgets them. */
  fetchMedia(workspaceId: string, providerId: string, media: { wireMediaId: string; filename?: string }): void;
}

interface Item {
  providerId: string;
  delivery: Delivery;
}

/** Bodies in one transaction. With the usual one update each this is what arrives during one commit; with 1,000 each it stays bearable. */
const MOST_BODIES = 256;
/** "Last webhook" on the screen may lag this much behind. */
const TOUCH_MS = 5_000;

export class DeliveryStore {
  readonly #deps: DeliveryStoreDeps;
  readonly #commits = new Map<string, GroupCommit<Item, undefined>>();
  readonly #touched = new Map<string, number>();
  readonly #unmatched: Counter;
  readonly #unknown: Counter<"field">;

  constructor(deps: DeliveryStoreDeps) {
    this.#deps = deps;
    const registers = [deps.metrics.registry];
    this.#unmatched = new Counter({ name: "tincan_receipts_unmatched_total", help: "Receipts about messages that are not ours.", registers });
    this.#unknown = new Counter({ name: "tincan_webhook_unknown_total", help: "Updates of a kind this version does not read; kept raw.", labelNames: ["field"], registers });
  }

  /** Resolves once the delivery is committed. */
  async add({ workspaceId, providerId }: WebhookTarget, delivery: Delivery): Promise<void> {
    let commit = this.#commits.get(workspaceId);
    if (!commit) {
      commit = new GroupCommit({ db: this.#deps.db, maxBatch: MOST_BODIES, commit: (tx, items) => this.#write(tx, workspaceId, items) });
      this.#commits.set(workspaceId, commit);
    }
    try {
      await commit.add({ providerId, delivery });
    } catch (cause) {
      // Text the database cannot hold (SQLSTATE class 22). Meta would only send it again, so it is kept as it came.
      if (!(cause instanceof Error && "code" in cause && typeof cause.code === "string" && cause.code.startsWith("22"))) throw cause;
      this.#unknown.inc({ field: "unreadable" });
      return this.#keepRaw(this.#deps.db, workspaceId, providerId, [{ field: "unreadable", body: delivery }]);
    }
    this.#afterwards(workspaceId, providerId, delivery);
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    await Promise.all([...this.#commits.values()].map((commit) => commit.drained()));
  }

  async #write(tx: Database, workspaceId: string, items: readonly Item[]): Promise<undefined[]> {
    const { statusListeners, inboundListeners, choiceListeners } = this.#deps;
    const byProvider = Map.groupBy(items, (item) => item.providerId);
    const inbound: NewInbound[] = [];
    const chosen: MarketingChoice[] = [];
    const numberOf = await numbersBehind(tx, workspaceId, items.filter(({ delivery }) => hasMore(delivery)));
    // In one order, so that two batches of different processes never wait for each other.
    for (const providerId of [...byProvider.keys()].sort()) {
      const deliveries = byProvider.get(providerId)!.map((item) => item.delivery);
      const receipts = concat(deliveries, (d) => d.receipts);
      if (receipts.length > 0) this.#unmatched.inc((await applyReceipts(tx, workspaceId, providerId, receipts, statusListeners)).unmatched);
      const rest = deliveries.filter(hasMore);
      for (const delivery of rest) for (const each of delivery.inbound) inbound.push({ ...each, sender: numberOf(each.sender), writtenAs: writtenAs(each.sender), providerId });
      const choices = concat(rest, (d) => d.choices).map((choice) => ({ ...choice, phone: numberOf(choice.phone) }));
      if (choices.length > 0) await recordMarketingChoices(tx, workspaceId, providerId, choices);
      chosen.push(...choices);
      await changeTemplates(tx, workspaceId, providerId, concat(rest, (d) => d.templates).flatMap(templateChange));
      for (const delivery of rest) await this.#writeNews(tx, workspaceId, providerId, delivery);
    }
    // People come after everything of the ledger, as contacts/lock.ts asks.
    if (chosen.length > 0) for (const listener of choiceListeners) await listener(tx, workspaceId, chosen);
    await receiveInbound(tx, workspaceId, inbound, inboundListeners);
    return items.map(() => undefined);
  }

  /** Rare things: what Meta says about the account, errors of the number, and what nobody here can read. */
  async #writeNews(tx: Database, workspaceId: string, providerId: string, { account, errors, unknown, templates }: Delivery): Promise<void> {
    const at = new Date().toISOString();
    const notice = account.map(noticeOf).findLast((text) => text !== undefined);
    if (notice !== undefined) await mergeHealth(tx, workspaceId, providerId, { notice: { at, text: notice } });
    const error = errors.at(-1)?.error;
    if (error) {
      const text = `Meta reported ${error.code}: ${error.title ?? error.message ?? "an error of the number"}${error.details ? ` (${error.details})` : ""}`;
      await mergeHealth(tx, workspaceId, providerId, { webhookError: { at, text } });
    }
    const raw: { field: string; body: unknown }[] = [
      ...account.map((event) => ({ field: event.field, body: event.raw })),
      ...templates.map((update) => ({ field: `template ${update.kind}`, body: update.raw })),
      ...errors.map((each) => ({ field: "errors", body: each.error })),
      ...unknown.map((item) => ({ field: item.field ?? "unknown", body: item.value ?? null })),
    ];
    for (const item of unknown) this.#unknown.inc({ field: item.field?.slice(0, 60) ?? "unknown" });
    if (raw.length > 0) await this.#keepRaw(tx, workspaceId, providerId, raw);
  }

  async #keepRaw(db: Database, workspaceId: string, providerId: string, raw: { field: string; body: unknown }[]): Promise<void> {
    const values = [workspaceId, providerId, raw.map(() => uuidv7()), raw.map((each) => printable(each.field)), raw.map((each) => JSON.stringify(each.body))];
    await keepRaw.run(db, values);
  }

  #afterwards(workspaceId: string, providerId: string, delivery: Delivery): void {
    const { live, registry, upkeep, fetchMedia } = this.#deps;
    if (delivery.receipts.length + delivery.inbound.length > 0) live.changed(workspaceId, "messages");
    for (const { content } of delivery.inbound) if (content.media) fetchMedia(workspaceId, providerId, content.media);
    if (delivery.templates.length > 0) {
      registry.changed(workspaceId);
      // Brings what the webhook leaves out: components, and templates not seen before.
      upkeep.soon("templates", workspaceId, providerId);
    }
    if (delivery.account.length + delivery.errors.length > 0) {
      live.changed(workspaceId, "providers");
      upkeep.soon("health", workspaceId, providerId);
    }
    this.#touch(workspaceId, providerId);
  }

  #touch(workspaceId: string, providerId: string): void {
    const now = Date.now();
    if (now - (this.#touched.get(providerId) ?? 0) < TOUCH_MS) return;
    this.#touched.set(providerId, now);
    void touchWebhook(this.#deps.db, workspaceId, [providerId], new Date(now)).catch(() => {
      // Shown only; the next webhook tries again.
      this.#touched.delete(providerId);
    });
  }
}

/** What each person of these deliveries is called here: the number they have shown before, where this time they show none, as the business writes it. */
async function numbersBehind(tx: Database, workspaceId: string, items: readonly Item[]): Promise<(person: string) => string> {
  const known = new Map<string, string>();
  const hidden: string[] = [];
  for (const { delivery } of items) {
    for (const { sender, senderUserId } of delivery.inbound) {
      if (!sender.startsWith("+")) hidden.push(sender);
      else if (senderUserId !== undefined) known.set(senderUserId, sender);
    }
    for (const { phone } of delivery.choices) if (!phone.startsWith("+")) hidden.push(phone);
  }
  const stored = await numbersOfUserIds(tx, workspaceId, hidden);
  const numberOf = (person: string): string => known.get(person) ?? stored.get(person) ?? person;
  const people = items.flatMap(({ delivery }) => [...delivery.inbound.map(({ sender }) => sender), ...delivery.choices.map(({ phone }) => phone)]);
  const otherwise = await knownOtherwise(tx, workspaceId, people.map(numberOf));
  return (person) => otherwise.get(numberOf(person)) ?? numberOf(person);
}

/** Whether it holds anything but receipts; few do. */
function hasMore({ inbound, choices, templates, account, errors, unknown }: Delivery): boolean {
  return inbound.length + choices.length + templates.length + account.length + errors.length + unknown.length > 0;
}

/** One list out of many; most hold one item or none, so a single delivery's list is used as it is. */
function concat<Item>(deliveries: Delivery[], pick: (delivery: Delivery) => Item[]): Item[] {
  if (deliveries.length === 1) return pick(deliveries[0]!);
  const all: Item[] = [];
  for (const delivery of deliveries) for (const item of pick(delivery)) all.push(item);
  return all;
}

/** Events that are no status of their own. FLAGGED warns of a low quality, which has an update of its own. */
const statusAfter: Record<string, string | undefined> = { FLAGGED: undefined, REINSTATED: "APPROVED", UNARCHIVED: "APPROVED" };

/** What an update changes in the registry; nothing for a change that is only announced. */
function templateChange(update: TemplateUpdate): TemplateChange[] {
  const named = { remoteId: update.templateId, name: update.name, language: update.language };
  switch (update.kind) {
    case "status": {
      const event = update.event.toUpperCase();
      const reason = update.rejection?.reason ?? update.reason;
      return [{
        ...named,
        status: event in statusAfter ? statusAfter[event] : event,
        category: update.category,
        rejectedReason: reason === "NONE" ? undefined : reason,
      }];
    }
    case "quality":
      return [{ ...named, quality: update.current }];
    case "category":
      return update.previousCategory === undefined ? [] : [{ ...named, category: update.newCategory }];
    default:
      return [];
  }
}

/** A sentence for what somebody should know; undefined for what is only a change of facts, which the next look reads. */
function noticeOf({ field, event, alert, violation, restrictions, ban, rejectionReason }: AccountEvent): string | undefined {
  if (alert) return `Meta warns: ${alert.description ?? alert.type ?? "see WhatsApp Manager"}`;
  if (violation !== undefined) return `Meta says the account broke a policy: ${violation}.`;
  if (restrictions && restrictions.length > 0) return `Meta restricted the account: ${restrictions.map((each) => each.type ?? "unnamed").join(", ")}.`;
  if (ban?.state !== undefined) return `Meta changed the account's ban: ${ban.state}.`;
  if (rejectionReason !== undefined) return `Meta refused the display name: ${rejectionReason}.`;
  if (field === "security") return `Meta reports a security event of the number: ${event ?? "unnamed"}.`;
  if (field === "account_review_update" && event !== "APPROVED") return `Meta's review of the account ended with ${event ?? "no decision"}.`;
  return undefined;
}

/** The name of a field comes from outside; the database takes no NUL. */
function printable(field: string): string {
  return field.replaceAll("\0", "").slice(0, 100);
}

/** A number; who shows none is written in no way. */
function writtenAs(sender: string): string | undefined {
  return sender.startsWith("+") ? sender : undefined;
}

const keepRaw = statement(
  "providers_keep_raw_webhooks",
  `insert into raw_webhooks (workspace_id, id, provider_id, field, body)
   select $1, id, $2, field, body from unnest($3::uuid[], $4::text[], $5::json[]) as i (id, field, body)`,
);
