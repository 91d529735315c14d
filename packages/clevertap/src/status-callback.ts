import { Fields, isJsonObject, wholeNumber, wordLookup } from "./fields.ts";
import { attempt, type Parsed, type ParseError } from "./parsed.ts";
import { readMsgId } from "./parse-send-request.ts";
import { isStorable } from "./storable.ts";
import { readSeconds } from "./timestamp.ts";
import { callbackCodes, type CallbackCode } from "./codes.ts";

type ReachedStatus = "sent" | "delivered" | "read";

/**
 * One receipt as received. `timestamp` is in Unix seconds, null when the sender gave no usable one.
 * `error.code` is normally 1000 to 1010; 1009 when the sender gave none.
 */
export type StatusReport = { msgId: string; timestamp: number | null } & (
  | { status: ReachedStatus }
  | { status: "failed"; error: { code: number; title: string } }
  | { status: "clicked"; url?: string; shortUrl?: string; userAgent?: string }
);

/** One receipt to report. `timestamp` is in Unix seconds. */
export type StatusDraft = { msgId: string; timestamp: number } & (
  | { status: ReachedStatus }
  | { status: "failed"; error: { code: CallbackCode; title?: string } }
  | { status: "clicked"; url: string; shortUrl: string; userAgent?: string }
);

/** What a status callback held. A report that cannot be read does not spoil the others: it is listed in `rejected`. */
export interface StatusBatch {
  statuses: StatusReport[];
  rejected: ParseError[];
}

const statusWord = wordLookup<StatusReport["status"]>({
  sent: "sent",
  delivered: "delivered",
  read: "read",
  failed: "failed",
  clicked: "clicked",
});

/** Reads a delivery report callback (CleverTap: Generic WhatsApp, delivery report). An error carries the code 400. */
export function parseStatusCallback(json: unknown): Parsed<StatusBatch> {
  return attempt(() => {
    const body = Fields.of(json, 400);
    const batch: StatusBatch = { statuses: [], rejected: [] };
    for (const [index, element] of body.list("statuses").entries()) {
      const report = attempt(() => readReport(body.element("statuses", index, element)));
      if (report.ok) batch.statuses.push(report.value);
      else batch.rejected.push(report.error);
    }
    return batch;
  });
}

function readReport(report: Fields): StatusReport {
  const msgId = readMsgId(report);
  const status = statusWord(report.source.status) ?? report.refuse("status", "sent, delivered, read, failed or clicked");
  const timestamp = readSeconds(report.source.timestamp) ?? readSeconds(report.source.ts);
  switch (status) {
    case "failed": {
      return { msgId, status, timestamp, error: readError(report.source.error) };
    }
    case "clicked": {
      const url = report.optionalText("url");
      const shortUrl = report.optionalText("shortUrl");
      const userAgent = report.optionalText("userAgent");
      return { msgId, status, timestamp, ...(url && { url }), ...(shortUrl && { shortUrl }), ...(userAgent && { userAgent }) };
    }
    default:
      return { msgId, status, timestamp };
  }
}

/** That a message failed must not be lost because its reason cannot be read. */
function readError(error: unknown): { code: number; title: string } {
  if (!isJsonObject(error)) return { code: 1009, title: "" };
  const title = typeof error.title === "string" && isStorable(error.title) ? error.title : "";
  return { code: wholeNumber(error.code) ?? 1009, title };
}

export interface WireStatusCallback {
  payloadVersion: "0.1";
  statuses: WireStatus[];
}

export type WireStatus =
  | { msgId: string; status: ReachedStatus; timestamp: string }
  | { msgId: string; status: "failed"; timestamp: string; error: { code: CallbackCode; title: string } }
  | { msgId: string; status: "clicked"; timestamp: number; ts: number; url: string; shortUrl: string; userAgent?: string };

/**
 * Builds a delivery report callback, in the order given: a message's sent must stand before its delivered and that before its read.
 * CleverTap's own samples differ between kinds: the time is a text of ten digits, but for clicked it is an integer, under two keys.
 * A failure without a title gets the code's sentence.
 */
export function buildStatusCallback(statuses: readonly StatusDraft[]): WireStatusCallback {
  return { payloadVersion: "0.1", statuses: statuses.map(wireStatus) };
}

function wireStatus(draft: StatusDraft): WireStatus {
  const { msgId } = draft;
  const seconds = Math.floor(draft.timestamp);
  switch (draft.status) {
    case "failed": {
      const { code, title } = draft.error;
      return { msgId, status: "failed", timestamp: String(seconds), error: { code, title: title || callbackCodes[code] } };
    }
    case "clicked": {
      const { url, shortUrl, userAgent } = draft;
      return { msgId, status: "clicked", timestamp: seconds, ts: seconds, url, shortUrl, ...(userAgent && { userAgent }) };
    }
    default:
      return { msgId, status: draft.status, timestamp: String(seconds) };
  }
}
