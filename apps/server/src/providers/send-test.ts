/**
 * Send test: a message to a few people, for whoever wants to see what a template looks like on a phone and what the provider says
 * about it. It goes through the ledger and the provider's own lane, as everything that leaves does; its answer is kept for the trace
 * even when it is a success. People who stopped marketing get no test of it either.
 */
import type { MessageContent, ProviderTestInput, TemplateTestInput, TestResult } from "@tincan/api";
import { checkSend } from "@tincan/whatsapp";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { accept } from "../ledger/accept.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { reachability } from "../ledger/permissions-to-send.ts";
import type { Category, WireError } from "../ledger/types.ts";
import { asListed, fillTemplate } from "../templates/sample-values.ts";
import { findTemplate } from "../templates/store.ts";
import { templateComponents } from "./cloud-api/render.ts";
import { findProvider } from "./store.ts";

export interface SendTestDeps {
  database: DatabaseHandle;
  live: Live;
  statusListeners: readonly StatusListener[];
  /** Called after the commit with the provider whose lane has something new. */
  wake: (providerId: string) => void;
  /** The numbers of contacts, E.164; those without one are left out. */
  phonesOf: (db: Database, workspaceId: string, contactIds: string[]) => Promise<string[]>;
}

const optedOut: WireError = { source: "tincan", code: 1006, title: "The number has opted out of marketing messages." };

/** Sends an approved template. Throws ApiError `template_values_invalid` when the values do not fit it. */
export async function testTemplate(deps: SendTestDeps, actor: Actor, id: string, input: TemplateTestInput): Promise<TestResult> {
  const row = await findTemplate(deps.database.db, actor.workspaceId, id);
  if (row.status !== "APPROVED") throw new ApiError("template_not_sendable", { detail: `Its status is ${row.status}.` });
  await sendingProvider(deps.database.db, actor.workspaceId, row.provider_id);
  const content = fillTemplate(row, input.values, new Date());
  const misfit = checkSend(asListed(row), templateComponents(content));
  if (misfit) throw new ApiError("template_values_invalid", { field: "values", detail: misfit.details ?? misfit.message });
  return send(deps, actor, { providerId: row.provider_id, originId: id, name: `${row.name} (${row.language})`, category: categoryOf(row.category), content }, input);
}

/** Sends a text; whether the person's 24-hour window is open is for the provider to say. */
export async function testProvider(deps: SendTestDeps, actor: Actor, id: string, input: ProviderTestInput): Promise<TestResult> {
  const { nickname } = await sendingProvider(deps.database.db, actor.workspaceId, id);
  return send(deps, actor, { providerId: id, originId: id, name: nickname, category: "service", content: { type: "text", text: input.text } }, input);
}

/** Throws ApiError for a provider that is not there, or is archived. */
async function sendingProvider(db: Database, workspaceId: string, id: string): Promise<{ nickname: string }> {
  const row = await findProvider(db, workspaceId, id);
  if (!row) throw new ApiError("provider_not_found");
  if (row.archived_at !== null) throw new ApiError("provider_archived");
  return row;
}

interface Test {
  providerId: string;
  originId: string;
  name: string;
  category: Category;
  content: MessageContent;
}

async function send(deps: SendTestDeps, actor: Actor, test: Test, targets: { to?: string[]; contactIds?: string[] }): Promise<TestResult> {
  const { workspaceId } = actor;
  const { providerId, originId, name, category, content } = test;
  const known = targets.contactIds ? await deps.phonesOf(deps.database.db, workspaceId, targets.contactIds) : [];
  const recipients = [...new Set([...(targets.to ?? []).map(normalNumber), ...known])];
  if (recipients.length === 0) throw new ApiError("no_test_recipient", { field: targets.contactIds ? "contactIds" : "to" });
  const messages = recipients.map((recipient) => ({ id: uuidv7(), providerId, originKind: "test" as const, originId, recipient, category, content }));
  await deps.database.db.transaction().execute(async (tx) => {
    const allowed = category === "marketing" ? await reachability(tx, workspaceId, recipients.map(() => providerId), recipients) : [];
    const judged = messages.map((message, i) => ({ ...message, refusal: allowed[i]?.optedOutOfMarketing ? optedOut : undefined }));
    await accept(tx, workspaceId, judged, deps.statusListeners);
    await audit(tx, actor, { action: "message.tested", target: { kind: content.type === "template" ? "template" : "provider", id: originId, name }, detail: { messages: messages.length } });
  });
  deps.wake(providerId);
  deps.live.changed(workspaceId, "messages");
  return { tests: messages.map(({ id, recipient }) => ({ to: recipient, messageId: id })) };
}

/** E.164 with "+". */
function normalNumber(text: string): string {
  const digits = text.replace(/\D/g, "");
  if (digits.length < 6 || digits.length > 15) throw new ApiError("invalid_input", { field: "to", expected: "numbers in international form, such as +15550100123" });
  return `+${digits}`;
}

function categoryOf(category: string): Category {
  const known = category.toLowerCase();
  return known === "utility" || known === "authentication" ? known : "marketing";
}
