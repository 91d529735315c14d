/**
 * Where a report is posted, and the key it is signed with. The path of a webhook's address is a key more often than not, so both are sealed
 * together; the definition beside them keeps the host, to be recognised by.
 */
import type { ReportScheduleInput } from "@tincan/api";
import type { Secrets } from "../../database/secrets.ts";

export interface Webhook {
  url: string;
  key: string;
}

export function sealWebhook(secrets: Secrets, webhook: Webhook): Buffer {
  return secrets.seal(JSON.stringify(webhook));
}

/** The webhook of a schedule; null when it goes out by e-mail. */
export function openWebhook(secrets: Secrets, { definition: { to }, secret }: { definition: Pick<ReportScheduleInput, "to">; secret: Buffer | null }): Webhook | null {
  if (to.kind !== "webhook" || secret === null) return null;
  const opened = secrets.open(secret);
  // Schedules of before this was so have the key alone sealed.
  return opened.startsWith("{") ? (JSON.parse(opened) as Webhook) : { url: to.url, key: opened };
}

export function maskedUrl(url: string): string {
  return `${new URL(url).origin}/••••`;
}
