/** Makes the report of a period and brings it where it is wanted. */
import { createHmac } from "node:crypto";
import type { Dispatcher } from "undici";
import { request } from "undici";
import { campaignSettings } from "../../campaigns/settings.ts";
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { whyNoAnswer } from "../../http/no-answer.ts";
import type { MailSettings } from "../../settings.ts";
import { overviewReport } from "../overview.ts";
import { sendMail } from "./mail.ts";
import { renderMail } from "./render.ts";
import type { ScheduleRow } from "./store.ts";
import { periodBefore } from "./times.ts";
import { openWebhook, type Webhook } from "./webhook.ts";

export interface DeliverDeps {
  db: Database;
  secrets: Secrets;
  /** Connects only where reachable.ts allows. */
  dispatcher: Dispatcher;
  mail: MailSettings | undefined;
  publicUrl: string;
}

/** It was not taken; the message is a sentence for people. */
export class NotDelivered extends Error {}

const MAIL_NOT_SET_UP = "This server cannot send e-mail: SMTP_URL and MAIL_FROM are not set.";

const PATIENCE_MS = 15_000;
const MAIL_ROWS = 100;
const WEBHOOK_ROWS = 500;

/** Of the day, week or month before `at`. Throws NotDelivered. */
export async function deliver(deps: DeliverDeps, schedule: ScheduleRow, at: Date): Promise<void> {
  const { workspace_id: workspaceId, id, name, definition } = schedule;
  const { every, by, to } = definition;
  const { timeZone } = await campaignSettings(deps.db, workspaceId);
  const period = periodBefore(every, at, timeZone);
  const report = await overviewReport(deps.db, workspaceId, { from: period.from.toISOString(), to: period.to.toISOString(), by, limit: to.kind === "email" ? MAIL_ROWS : WEBHOOK_ROWS });
  if (to.kind === "email") {
    if (!deps.mail) throw new NotDelivered(MAIL_NOT_SET_UP);
    const url = `${deps.publicUrl}/reports`;
    await sendMail(deps.mail, { to: to.addresses, ...renderMail({ name, period: period.name, timeZone, by, report, url }) }).catch(refused("The mail server did not take it"));
    return;
  }
  const body = JSON.stringify({ schedule: { id, name }, every, by, period: { from: period.from.toISOString(), to: period.to.toISOString(), name: period.name, timeZone }, report });
  const webhook = openWebhook(deps.secrets, schedule);
  if (!webhook) throw new Error(`The schedule ${id} has no webhook.`);
  await post(deps, webhook, body, { id, period: period.name });
}

/** `X-Tincan-Delivery` stays the same when a report is sent again; `X-Tincan-Signature` is the HMAC of the body. */
async function post({ dispatcher }: DeliverDeps, { url, key }: Webhook, body: string, { id, period }: { id: string; period: string }): Promise<void> {
  const signature = createHmac("sha256", key).update(body).digest("hex");
  const headers = {
    "content-type": "application/json", "user-agent": "Tincan",
    "x-tincan-delivery": `${id} ${period}`, "x-tincan-signature": `sha256=${signature}`,
  };
  const answer = await request(url, { dispatcher, method: "POST", headers, body, signal: AbortSignal.timeout(PATIENCE_MS) }).catch(refused("The webhook could not be reached"));
  await answer.body.dump().catch(() => {});
  // A redirect is not followed: nobody has checked where it leads.
  if (answer.statusCode < 200 || answer.statusCode > 299) throw new NotDelivered(`The webhook answered HTTP ${answer.statusCode}.`);
}

function refused(what: string): (cause: unknown) => never {
  return (cause) => {
    const isLate = cause instanceof Error && cause.name === "TimeoutError";
    throw new NotDelivered(`${what}. ${isLate ? `No answer came within ${PATIENCE_MS / 1000} s` : whyNoAnswer(cause)}.`, { cause });
  };
}
