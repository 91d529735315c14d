import { recordCodes, type RecordCode } from "./codes.ts";
import { Fields, isJsonObject, wholeNumber, type JsonObject } from "./fields.ts";
import { attempt, Refusal, type Parsed } from "./parsed.ts";
import { standardFields } from "./standard-fields.ts";
import { isStorable, isStorableJson } from "./storable.ts";

/*
 * The upload API, POST /1/upload: profiles and events, mixed, up to 1,000 records a call
 * (CleverTap developer pages: upload user profiles, upload events, errors).
 */

/** The most a call may hold. `keyLength` and `valueLength` are in characters. */
export const uploadLimits = { records: 1000, eventProperties: 256, profileKeys: 256, keyLength: 120, valueLength: 512 } as const;

type IdentityKey = "identity" | "objectId" | "FBID" | "GPID";
const identityKeys: readonly IdentityKey[] = ["identity", "objectId", "FBID", "GPID"];

/** Who a record is about, by one of four ids. `ts` is in Unix seconds, absent for "now". */
interface RecordHead {
  identifier: { key: IdentityKey; value: string };
  ts?: number;
}

/** Properties of a person. Values stay as uploaded: texts, numbers, booleans, lists, `$D_` dates (see `parseDateValue`). */
export interface ProfileRecord extends RecordHead {
  type: "profile";
  profileData: JsonObject;
}

/**
 * Something a person did. `source` is the technical partner that reports it. `eventId` is the sender's own id of the event, which makes a repeat
 * harmless; CleverTap knows no such member.
 */
export interface EventRecord extends RecordHead {
  type: "event";
  evtName: string;
  evtData: JsonObject;
  source?: string;
  eventId?: string;
}

export type UploadRecord = ProfileRecord | EventRecord;

/** A record that was not taken; `record` is what was sent, as it was sent. */
export interface UnprocessedRecord {
  code: number;
  error: string;
  record: unknown;
}

/** The readable records, each with its place in the call counted from 1, and the answers for the others. */
export interface UploadBatch {
  records: { position: number; record: UploadRecord }[];
  unprocessed: UnprocessedRecord[];
}

/** Names that only the system itself gives to events; case and spaces do not count. */
const restrictedEvents = new Set(
  [
    "Notification Sent",
    "Notification Viewed",
    "Notification Clicked",
    "Notification Delivered",
    "Notification Replied",
    "Reply Sent",
    "UTM Visited",
    "App Launched",
    "App Uninstalled",
    "App Version Changed",
    "Stayed",
    "Experiment Rendered",
    "Reachable By",
    "Identity Reset",
    "Identity Set",
    "Identity Error",
  ].map(eventKey),
);

/** An event's name without what does not distinguish it: case and spaces. */
function eventKey(name: string): string {
  return name.toLowerCase().replaceAll(" ", "");
}

/** Reads the body of an upload. Each bad record is answered for itself; the call as a whole fails only with no list or too long a one (code 400). */
export function parseUpload(json: unknown): Parsed<UploadBatch> {
  return attempt(() => {
    const batch: UploadBatch = { records: [], unprocessed: [] };
    for (const [index, element] of readList(json).entries()) {
      const record = attempt(() => readRecord(element));
      if (record.ok) batch.records.push({ position: index + 1, record: record.value });
      else batch.unprocessed.push(unprocessedRecord(record.error.code, record.error.message, index + 1, element));
    }
    return batch;
  });
}

/** The list under `d` that upload and subscribe have in common. */
export function readList(json: unknown): readonly unknown[] {
  const body = Fields.of(json, 400);
  const list = body.list("d");
  return list.length > uploadLimits.records ? body.refuse("d", `at most ${uploadLimits.records} records`) : list;
}

/** The answer for a record not taken, worded as the upload API does. A record that cannot be written as JSON again is left out of it. */
export function unprocessedRecord(code: number, reason: string, position: number, record: unknown): UnprocessedRecord {
  return { code, error: `${reason}. Skipped record number : ${position}`, record: isStorableJson(record) ? record : {} };
}

function readRecord(element: unknown): UploadRecord {
  const record = Fields.of(element, 524);
  const identifier = readIdentifier(record);
  const ts = readTs(record);
  const head = { identifier, ...(ts !== undefined && { ts }) };
  if (record.source.type === "profile") {
    const profileData = record.object("profileData", 524).source;
    if (!isStorableJson(profileData)) record.refuse("profileData", "values without NUL, nested at most 64 levels deep", 524);
    checkProfile(profileData);
    return { type: "profile", ...head, profileData };
  }
  if (record.source.type !== "event") return record.refuse("type", "profile or event", 524);
  const evtName = readEventName(record);
  const evtData = record.optionalObject("evtData", 512)?.source ?? {};
  if (Object.keys(evtData).length > uploadLimits.eventProperties) {
    record.refuse("evtData", `at most ${uploadLimits.eventProperties} properties`, 522);
  }
  if (!isStorableJson(evtData)) record.refuse("evtData", "values without NUL, nested at most 64 levels deep", 512);
  const { $source: source, eventId } = record.source;
  return {
    type: "event", ...head, evtName, evtData,
    ...(typeof source === "string" && isStorable(source) && { source }),
    ...(typeof eventId === "string" && eventId !== "" && eventId.length <= 200 && isStorable(eventId) && { eventId }),
  };
}

function readIdentifier(record: Fields): RecordHead["identifier"] {
  for (const key of identityKeys) {
    const written = record.source[key];
    const value = typeof written === "number" && Number.isFinite(written) ? String(written) : written;
    if (typeof value === "string" && value !== "" && isStorable(value)) return { key, value };
  }
  return record.refuse("identity", "one of identity, objectId, FBID or GPID", 523);
}

function readTs(record: Fields): number | undefined {
  if (!record.has("ts")) return undefined;
  const ts = wholeNumber(record.source.ts);
  return ts === undefined || ts <= 0 || ts >= 100_000_000_000 ? record.refuse("ts", "Unix seconds", 525) : ts;
}

function readEventName(record: Fields): string {
  const name = record.source.evtName;
  if (typeof name !== "string" || name.trim() === "" || !isStorable(name)) return record.refuse("evtName", "the event's name", 509);
  return restrictedEvents.has(eventKey(name)) ? record.refuse("evtName", "a name the system does not reserve", 513) : name;
}

/** What is empty says nothing, and a command that removes a value holds none. */
function checkProfile(profileData: JsonObject): void {
  for (const [key, { code, expected, fits }] of standardFields) {
    const value = profileData[key];
    if (value === undefined || value === null || (isJsonObject(value) && "$delete" in value)) continue;
    if (!fits(value)) throw new Refusal(code, `profileData.${key}`, expected, value);
  }
}

/** Builds the body of an upload. */
export function buildUpload(records: readonly UploadRecord[]): { d: JsonObject[] } {
  return { d: records.map(wireRecord) };
}

function wireRecord(record: UploadRecord): JsonObject {
  const { identifier, ts } = record;
  const head = { type: record.type, [identifier.key]: identifier.value, ...(ts !== undefined && { ts }) };
  if (record.type === "profile") return { ...head, profileData: record.profileData };
  const { evtName, evtData, source, eventId } = record;
  return { ...head, evtName, evtData, ...(source !== undefined && { $source: source }), ...(eventId !== undefined && { eventId }) };
}

/** Unix seconds of a date property written as `$D_<seconds>`; null for anything else. */
export function parseDateValue(value: unknown): number | null {
  if (typeof value !== "string" || !value.startsWith("$D_")) return null;
  return wholeNumber(value.slice(3)) ?? null;
}

/** A date property in the upload API's own form. */
export function buildDateValue(seconds: number): string {
  return `$D_${Math.floor(seconds)}`;
}

/** The answer to an upload or subscribe call, sent with HTTP 200. */
export interface UploadAnswer {
  status: "success" | "partial" | "fail";
  processed: number;
  unprocessed: ({ status: "fail" } & UnprocessedRecord)[];
}

export function buildUploadAnswer(processed: number, unprocessed: readonly UnprocessedRecord[]): UploadAnswer {
  const status = unprocessed.length === 0 ? "success" : processed > 0 ? "partial" : "fail";
  return { status, processed, unprocessed: unprocessed.map((record) => ({ status: "fail", ...record })) };
}

/** The answer when the whole call is refused; `code` repeats the HTTP status, 401 for bad credentials. */
export function buildUploadRefusal(code: number, error: string): { status: "fail"; error: string; code: number } {
  return { status: "fail", error, code };
}

/** What a call did: `refused` names why nothing of it was looked at. */
export type UploadOutcome =
  | { kind: "processed"; processed: number; unprocessed: UnprocessedRecord[] }
  | { kind: "refused"; code: number; error: string };

/** Reads the answer of an upload or subscribe call. */
export function parseUploadAnswer(json: unknown): Parsed<UploadOutcome> {
  return attempt(() => {
    const body = Fields.of(json, 400);
    if (!body.has("processed")) {
      return { kind: "refused", code: wholeNumber(body.source.code) ?? 400, error: body.optionalText("error") ?? body.text("status") };
    }
    const unprocessed = body.elements("unprocessed").map((entry): UnprocessedRecord => {
      const code = wholeNumber(entry.source.code) ?? 555;
      return { code, error: entry.optionalText("error") ?? recordSentence(code), record: isJsonObject(entry.source.record) ? entry.source.record : {} };
    });
    return { kind: "processed", processed: body.optionalCount("processed") ?? 0, unprocessed };
  });
}

function recordSentence(code: number): string {
  return Object.hasOwn(recordCodes, code) ? recordCodes[code as RecordCode] : "The record was not processed.";
}
