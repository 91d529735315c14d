/**
 * CleverTap's upload records in our own words: profiles become drafts of contacts, events become events (CleverTap: upload user profiles,
 * upload events). Everything of one call is stored in one transaction; a record that cannot be taken is answered for itself.
 */
import type { PropertyInput } from "@tincan/api";
import { parseDateValue, unprocessedRecord } from "@tincan/clevertap";
import type { EventRecord, ProfileRecord, RecordCode, UnprocessedRecord, UploadBatch, UploadRecord } from "@tincan/clevertap";
import type { Database } from "../database/connection.ts";
import type { EventListener } from "./event-listener.ts";
import { recordEvents } from "./events.ts";
import { readNumberOf } from "./phone.ts";
import type { ContactDraft, ContactProblemCode, EventProblemCode, NewEvent } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

interface Refused {
  position: number;
  code: RecordCode;
  reason: string;
  /** The record was stored without a value, which `reason` names. */
  inPart?: boolean;
}

/**
 * Stores the readable records, or with `dryRun` only finds out what would be refused. Answers those that were, as the API words
 * them; a profile that was stored without one of its values is among them, since nobody would learn of it otherwise.
 */
export async function storeUpload(db: Database, workspaceId: string, batch: UploadBatch, elements: readonly unknown[], dryRun: boolean, listeners: readonly EventListener[]): Promise<UnprocessedRecord[]> {
  const refused: Refused[] = [];
  const profiles = shape(batch, isProfile, draftOf, refused);
  const events = shape(batch, isEvent, eventOf, refused);
  await db.transaction().execute(async (tx) => {
    if (profiles.length > 0) {
      const { problems } = await upsertContacts(tx, workspaceId, profiles.map(({ value }) => value), { source: "upload", whole: true, dryRun });
      for (const problem of problems) {
        const { index, code, message } = problem;
        refused.push({ position: profiles[index]!.position, code: profileCodes[code] ?? 555, reason: problem.refused ? message : `${valueNames[code] ?? problem.field}: ${message}`, inPart: !problem.refused });
      }
    }
    if (events.length > 0) {
      const { problems } = await recordEvents(tx, workspaceId, events.map(({ value }) => value), { source: "upload", dryRun, listeners });
      for (const problem of problems) refused.push({ position: events[problem.index]!.position, code: eventCodes[problem.code] ?? 555, reason: problem.message });
    }
  });
  const once = new Map(refused.map((one) => [one.position, one]));
  return [
    ...batch.unprocessed,
    ...[...once.values()].map(({ position, code, reason, inPart }) => unprocessedRecord(code, `${reason.replace(/\.$/, "")}${inPart ? "; the rest of the record was taken" : ""}`, position, elements[position - 1])),
  ];
}

const profileCodes: Partial<Record<ContactProblemCode, RecordCode>> = { no_identifier: 523, bad_identity: 523, bad_phone: 516, phone_taken: 516, bad_email: 515 };
/** What a value that was left out is called in a record. */
const valueNames: Partial<Record<ContactProblemCode, string>> = { phone_taken: "profileData.Phone", kept_out: "profileData.MSG-whatsapp" };
const eventCodes: Partial<Record<EventProblemCode, RecordCode>> = { no_person: 523, bad_name: 509, bad_time: 525, too_many_properties: 522, bad_property_key: 512, wrong_type: 512, too_long: 512 };

function isProfile(record: UploadRecord): record is ProfileRecord {
  return record.type === "profile";
}

function isEvent(record: UploadRecord): record is EventRecord {
  return record.type === "event";
}

/** Why a record cannot be taken. */
class Unfit {
  readonly code: RecordCode;
  readonly reason: string;

  constructor(code: RecordCode, reason: string) {
    this.code = code;
    this.reason = reason;
  }
}

/** The records of one type in our words; `make` says why one has none. */
function shape<R extends UploadRecord, T extends object>(batch: UploadBatch, is: (record: UploadRecord) => record is R, make: (record: R) => T | Unfit, refused: Refused[]): { position: number; value: T }[] {
  const made: { position: number; value: T }[] = [];
  for (const { position, record } of batch.records) {
    if (!is(record)) continue;
    const value = make(record);
    if (value instanceof Unfit) refused.push({ position, code: value.code, reason: value.reason });
    else made.push({ position, value });
  }
  return made;
}

/** An identity of another kind than `identity` must not meet one of that kind by chance. */
function identityOf({ identifier: { key, value } }: UploadRecord): string {
  return key === "identity" ? value : `${key}:${value}`;
}

const commands = "$add, $remove, $set, $incr, $decr and $delete";

function draftOf(record: ProfileRecord): ContactDraft | Unfit {
  const draft: ContactDraft = { identity: identityOf(record) };
  const properties: NonNullable<ContactDraft["properties"]> = {};
  const at = record.ts === undefined ? {} : { at: new Date(record.ts * 1000) };
  for (const [key, value] of Object.entries(record.profileData)) {
    if (value === null || value === undefined) continue;
    switch (key.toLowerCase()) {
      case "name":
      case "email":
      case "phone":
        if (typeof value !== "string" && typeof value !== "number") return new Unfit(555, `profileData.${key} must be a text`);
        draft[key.toLowerCase() as "name" | "email" | "phone"] = String(value);
        if (draft.phone && readNumberOf(draft.phone, null) === null) return new Unfit(516, `profileData.${key} is no phone number that can exist`);
        break;
      case "msg-whatsapp": {
        const optedIn = readFlag(value);
        if (optedIn === undefined) return new Unfit(555, `profileData.${key} must be true or false`);
        draft.consent = { all: optedIn ? "in" : "out", ...at };
        break;
      }
      case "msg-dndwhatsapp": {
        const isOn = readFlag(value);
        if (isOn === undefined) return new Unfit(555, `profileData.${key} must be true or false`);
        draft.doNotDisturb = isOn;
        break;
      }
      default: {
        const property = readProperty(value);
        if (property === undefined) return new Unfit(555, `profileData.${key} must be a text, a number, true or false, a date as $D_ and Unix seconds, a list, or one of ${commands}`);
        properties[key] = property;
      }
    }
  }
  if (Object.keys(properties).length > 0) draft.properties = properties;
  return draft;
}

function readFlag(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const word = typeof value === "string" ? value.toLowerCase() : value;
  return word === "true" || word === 1 ? true : word === "false" || word === 0 ? false : undefined;
}

function readProperty(value: unknown): PropertyInput | undefined {
  if (typeof value === "string") {
    const date = dateIn(value);
    if (date === null) return value;
    return Number.isNaN(date.getTime()) ? undefined : { date: date.toISOString() };
  }
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return textsOf(value);
  if (typeof value !== "object" || value === null) return undefined;
  const [[command, operand] = []] = Object.entries(value);
  if (command === "$delete") return null;
  if (command === "$incr" || command === "$decr") return typeof operand === "number" ? { increment: command === "$incr" ? operand : -operand } : undefined;
  const items = Array.isArray(operand) ? textsOf(operand) : undefined;
  if (items === undefined) return undefined;
  return command === "$add" ? { add: items } : command === "$remove" ? { remove: items } : command === "$set" ? items : undefined;
}

/** The end of the year 9999, in Unix seconds; what is beyond was given in milliseconds. */
const LAST_SECOND = 253_402_300_799;

/** The date that a text is, an invalid one when it cannot be kept; null for other texts. */
function dateIn(text: string): Date | null {
  const seconds = parseDateValue(text);
  if (seconds === null) return null;
  return new Date(Math.abs(seconds) > LAST_SECOND ? NaN : seconds * 1000);
}

function textsOf(items: readonly unknown[]): string[] | undefined {
  return items.every((item) => typeof item === "string" || typeof item === "number" || typeof item === "boolean") ? items.map(String) : undefined;
}

function eventOf(record: EventRecord): NewEvent {
  const properties: NonNullable<NewEvent["properties"]> = {};
  for (const [key, value] of Object.entries(record.evtData)) {
    const read = readEventValue(value);
    if (read !== undefined) properties[key] = read;
  }
  return {
    identity: identityOf(record),
    name: record.evtName,
    properties,
    ...(record.ts !== undefined && { at: new Date(record.ts * 1000) }),
    ...(record.eventId !== undefined && { externalId: record.eventId }),
  };
}

type EventProperty = NonNullable<NewEvent["properties"]>[string];

/** What is nested, such as the items of a charge, is kept as JSON text. */
function readEventValue(value: unknown): EventProperty | undefined {
  if (value === null || value === undefined) return undefined;
  if (typeof value === "string") {
    return dateIn(value) ?? value;
  }
  if (typeof value === "number" || typeof value === "boolean") return value;
  if (Array.isArray(value)) return value.map((item: unknown) => (typeof item === "string" || typeof item === "number" || typeof item === "boolean" ? item : JSON.stringify(item)));
  return JSON.stringify(value);
}
