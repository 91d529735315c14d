import type { Message, MessageContent, MessageSummary, Template } from "@tincan/api";
import { explainFailure } from "./explain.ts";
import type { MessageRow } from "./search.ts";

const SUMMARY_LENGTH = 140;

const originWords: Record<MessageRow["origin_kind"], string> = {
  deployment: "Platform deployment",
  campaign: "Campaign",
  journey: "Journey",
  test: "Test",
  inbox: "Inbox",
  api: "API",
  "auto-reply": "Automatic reply",
  consent: "Consent confirmation",
};

/** What asked for a message: `id` is what the API calls it, which for a campaign is not the id that its messages bear. */
export interface NamedOrigin {
  id: string;
  name: string;
}

/** A message as lists show it, with its origin as long as that is there. */
export function presentSummary(row: MessageRow, origin: NamedOrigin | undefined): MessageSummary {
  return {
    id: row.id,
    msgId: row.external_id,
    to: row.recipient,
    state: row.state,
    type: row.type,
    summary: summaryOf(row.content),
    origin: { kind: row.origin_kind, id: origin?.id ?? row.origin_id, name: origin?.name ?? originWords[row.origin_kind] },
    provider: { id: row.provider_id, nickname: row.nickname ?? "Removed" },
    error: row.error && explainFailure(row.error),
    clicked: row.clicked_at !== null,
    createdAt: row.accepted_at.toISOString(),
    updatedAt: lastOf(row).toISOString(),
  };
}

export function presentMessage(row: MessageRow, origin: NamedOrigin | undefined, template: Template | null): Message {
  const at = (time: Date | null): string | null => time?.toISOString() ?? null;
  return {
    ...presentSummary(row, origin),
    wamid: row.wire_id,
    // Contents are written together with their message; one that is missing was lost on purpose, by retention.
    content: row.content ?? { type: "text", text: "The content is no longer kept." },
    template,
    times: {
      submittedAt: at(row.submitted_at), sentAt: at(row.sent_at), deliveredAt: at(row.delivered_at), readAt: at(row.read_at), clickedAt: at(row.clicked_at), failedAt: at(row.failed_at),
    },
  };
}

function lastOf(row: MessageRow): Date {
  const times = [row.accepted_at, row.sending_at, row.submitted_at, row.sent_at, row.delivered_at, row.read_at, row.clicked_at, row.failed_at];
  return new Date(Math.max(...times.map((time) => time?.getTime() ?? 0)));
}

/** One line of what a message says. */
export function summaryOf(content: MessageContent | null): string {
  const line = content === null ? "" : lineOf(content).replaceAll(/\s+/g, " ").trim();
  return line.length > SUMMARY_LENGTH ? `${line.slice(0, SUMMARY_LENGTH - 1).toWellFormed()}…` : line;
}

function lineOf(content: MessageContent): string {
  switch (content.type) {
    case "template":
      return [content.name, ...(content.body ?? []).map((value) => value.text)].join(" · ");
    case "text":
      return content.text;
    case "location":
      return content.location.name ?? `${content.location.latitude}, ${content.location.longitude}`;
    case "reaction":
      return content.emoji;
    case "contacts":
      return `${content.contacts.length} contact${content.contacts.length === 1 ? "" : "s"}`;
    case "interactive":
      return "Interactive message";
    default:
      return content.media.caption ?? content.media.filename ?? content.type;
  }
}
