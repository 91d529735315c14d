/**
 * API-triggered sends: one template to one person. Everything is checked before anything is stored: the values must fit the template and be
 * there for this person, and the person must have agreed. A key makes a repeated call answer what the first one did.
 */
import { isDeepStrictEqual } from "node:util";
import type { SendInput, SendResult, Template, TemplateContent } from "@tincan/api";
import { TRIAL_MSG_ID } from "@tincan/clevertap";
import { checkSend } from "@tincan/whatsapp";
import { audit } from "../accounts/audit.ts";
import { readConsentSettings } from "../contacts/consent-settings.ts";
import { mayReceive } from "../contacts/may-receive.ts";
import { upsertContacts } from "../contacts/upsert.ts";
import type { Database } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { accept } from "../ledger/accept.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { createLinks } from "../links/create.ts";
import { readLinkSettings } from "../links/settings.ts";
import { templateComponents } from "../providers/cloud-api/render.ts";
import { amongAudience } from "../segments/audience.ts";
import { asListed } from "../templates/sample-values.ts";
import { findTemplateOf } from "../templates/store.ts";
import { valueProblems, type ValueSources } from "./check-values.ts";
import { snapshotOf } from "./draft.ts";
import { consentOf } from "./judge/facts.ts";
import { compileContent } from "./personalise/content.ts";
import { Filling, type DraftLink } from "./personalise/filling.ts";
import { candidateOf } from "./personalise/profile.ts";
import { ValueFault } from "./personalise/values.ts";
import { findSender } from "./sender.ts";
import { campaignSettings } from "./settings.ts";
import type { Candidate } from "./types.ts";

export interface SendDeps {
  db: Database;
  live: Live;
  statusListeners: readonly StatusListener[];
  publicUrl: string;
  /** Called after the commit with the provider whose lane has something new. */
  wake: (providerId: string) => void;
}

/** Throws ApiError for everything that keeps the message from being sent. */
export async function sendOne(deps: SendDeps, actor: Actor, input: SendInput): Promise<SendResult> {
  const { db, live } = deps;
  const { workspaceId } = actor;
  // The ledger lets this one id come again and again.
  if (input.idempotencyKey === TRIAL_MSG_ID) throw new ApiError("invalid_input", { field: "idempotencyKey", expected: `a key other than ${TRIAL_MSG_ID}, which CleverTap's trial requests have and which may repeat` });
  const request = JSON.stringify(input);
  const repeated = await findRepeated(db, workspaceId, input.idempotencyKey, request);
  if (repeated) return repeated;
  const providerId = await sendingProvider(db, workspaceId, input.provider);
  const found = await sendableTemplate(db, workspaceId, providerId, input.template);
  const template = snapshotOf(found);
  const person = await findPerson(db, actor, input.to);
  const { content, links } = await contentFor(deps, workspaceId, found, input, person);
  const [objection] = await consentOf(db, workspaceId, providerId, [person], template.category);
  if (objection) throw new ApiError("send_not_allowed", { detail: objections[objection] });

  const id = uuidv7();
  const written = await db.transaction().execute(async (tx) => {
    const message = {
      id, providerId, originKind: "api" as const, originId: workspaceId, externalId: input.idempotencyKey, recipient: person.phone, category: template.category, content, request,
    };
    const ids = await accept(tx, workspaceId, [message], deps.statusListeners);
    if (ids.size > 0) await createLinks(tx, workspaceId, links.map((link) => ({ ...link, messageId: id, contactId: person.contactId })));
    // What programs send is told by the messages themselves.
    if (ids.size > 0 && actor.userId) await audit(tx, actor, { action: "message.sent", target: { kind: "contact", id: person.contactId, name: person.phone }, detail: { messageId: id, template: template.name } });
    return ids.size > 0;
  });
  if (!written) {
    // Another call with the same key came in between.
    const first = await findRepeated(db, workspaceId, input.idempotencyKey, request);
    if (first) return first;
  }
  deps.wake(providerId);
  live.changed(workspaceId, "messages");
  return { messageId: id, contactId: person.contactId, repeated: false };
}

const objections = {
  doNotDisturb: "The number is on do-not-disturb.",
  optedOut: "They said no to messages of this category.",
  notOptedIn: "They never agreed to messages of this category.",
  unknownPerson: "The number is somebody else's.",
} as const;

/** The message that the key made before. Throws ApiError `send_key_reused` when it was asked for in other words. */
async function findRepeated(db: Database, workspaceId: string, key: string | undefined, request: string): Promise<SendResult | null> {
  if (key === undefined) return null;
  const [row] = await findByKey.run(db, [workspaceId, key]);
  if (!row) return null;
  // A program may write the members of the same request in another order.
  if (row.request !== null && row.request !== request && !isDeepStrictEqual(JSON.parse(row.request), JSON.parse(request))) throw new ApiError("send_key_reused", { field: "idempotencyKey" });
  const [permit] = await mayReceive(db, workspaceId, [row.recipient], "utility");
  return { messageId: row.id, contactId: permit?.contactId ?? null, repeated: true };
}

async function sendingProvider(db: Database, workspaceId: string, id: string | undefined): Promise<string> {
  const row = await findSender(db, workspaceId, id ?? null);
  if (!row) throw new ApiError("provider_not_found", { field: "provider" });
  if (row.archived) throw new ApiError("provider_archived", { field: "provider" });
  return row.id;
}

async function sendableTemplate(db: Database, workspaceId: string, providerId: string, { name, language }: SendInput["template"]): Promise<Template> {
  const found = await findTemplateOf(db, workspaceId, providerId, name, language);
  if (!found || found.status === "DELETED") throw new ApiError("template_not_found", { field: "template" });
  if (found.status !== "APPROVED") throw new ApiError("template_not_sendable", { field: "template", detail: `Its status is ${found.status}.` });
  return found;
}

/** The person named, who is added when they are not known yet: whether they may be written to is asked afterwards, as of everybody. */
async function findPerson(db: Database, actor: Actor, { contactId, phone, identity, name }: SendInput["to"]): Promise<Candidate & { phone: string }> {
  const { workspaceId } = actor;
  if (contactId === undefined && phone === undefined && identity === undefined) throw new ApiError("send_person_unknown", { field: "to" });
  let id = contactId;
  if (id === undefined) {
    const { settings } = await readConsentSettings(db, workspaceId);
    const draft = { ...(identity !== undefined && { identity }), ...(phone !== undefined && { phone }), ...(name !== undefined && { name }) };
    const { ids, problems } = await db.transaction().execute((tx) => upsertContacts(tx, workspaceId, [draft], { source: "api", defaultCountry: settings.defaultCountry, by: actor.name }));
    if (problems[0]) throw new ApiError("invalid_input", { field: `to.${problems[0].field}`, detail: problems[0].message });
    id = ids[0]!;
  }
  const [contact] = UUID.test(id) ? await amongAudience(db, workspaceId, { everyone: true }, [id]) : [];
  if (!contact) throw new ApiError("contact_not_found", { field: "to.contactId" });
  const { phone: number, ...candidate } = candidateOf(contact);
  if (number === null) throw new ApiError("send_not_allowed", { field: "to", detail: "They have no phone number." });
  return { ...candidate, phone: number };
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What of it there is not, such as a coupon, shows when the values are filled. */
const everything: ValueSources = { coupons: true, trackedLinks: true, event: true };

/** Throws ApiError `template_values_invalid`, naming the value. */
async function contentFor({ db, publicUrl }: SendDeps, workspaceId: string, found: Template, input: SendInput, person: Candidate): Promise<{ content: TemplateContent; links: readonly DraftLink[] }> {
  const { timeZone } = await campaignSettings(db, workspaceId);
  const { domain } = await readLinkSettings(db, workspaceId);
  const template = snapshotOf(found);
  const values = input.values ?? {};
  const wrong = (detail: string, path?: string): ApiError => {
    const field = path === undefined ? "values" : path.startsWith("customProps") ? path : `values.${path}`;
    return new ApiError("template_values_invalid", { field, detail });
  };
  try {
    const { make } = compileContent({ template, values, customProps: input.customProps ?? {}, timeZone, origins: { publicUrl, domain }, track: false, utm: null });
    const filling = new Filling({ profile: person.profile, event: input.data ?? {}, coupon: null }, Date.now());
    const content = make(filling);
    const { lost, lostAt } = filling;
    if (lost?.reason === "valueAborted") throw wrong(`The text leaves this person out. ${lost.detail}`.trim(), lostAt);
    if (lost) throw wrong(lost.reason === "missingValue" ? `These are empty: ${lost.detail}.` : lost.detail, lostAt);
    const misfit = checkSend(asListed({ ...template, parameter_format: template.parameterFormat, category: template.category.toUpperCase() }), templateComponents(content));
    const [problem] = misfit ? valueProblems(found, values, everything) : [];
    if (problem) throw new ApiError("template_values_invalid", { field: problem.path, detail: problem.message });
    if (misfit) throw wrong(`WhatsApp would refuse them: ${(misfit.details ?? misfit.message).replace(/\.$/, "")}.`);
    return { content, links: filling.links };
  } catch (cause) {
    if (cause instanceof ValueFault) throw wrong(cause.message, cause.path);
    throw cause;
  }
}

/** By messages_external_id: the workspace is the origin of all messages sent this way. */
const findByKey = statement<{ id: string; recipient: string; request: string | null }>(
  "send_find_by_key",
  `select m.id, m.recipient, c.request from messages m left join message_contents c on c.workspace_id = $1 and c.message_id = m.id
   where m.workspace_id = $1 and m.origin_id = $1 and m.external_id = $2 and m.external_id <> '${TRIAL_MSG_ID}'`,
);
