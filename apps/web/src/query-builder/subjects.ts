import type { PropertyType, SegmentField, SegmentFields, SegmentLeaf } from "@tincan/api";
import { firstTest } from "./value-tests.ts";

/*
 * What a condition can be about. A subject is written as one word for the choice: `field:name`, `property:Tier`, `event:Order placed`,
 * `consent`, `doNotDisturb`, `list`, `segment`.
 */

const fieldNames: Record<SegmentField, string> = {
  name: "Name", phone: "Phone", email: "E-mail", identity: "Identity", language: "Language", timeZone: "Time zone", source: "Source", createdAt: "Added", lastSeenAt: "Last seen",
};

export const fieldName = (field: SegmentField): string => fieldNames[field];

export const isDateField = (field: SegmentField): boolean => field === "createdAt" || field === "lastSeenAt";

/** The subject of a condition; an event that never came is `anotherEvent`. */
export function subjectOf(leaf: SegmentLeaf, known: SegmentFields): string {
  switch (leaf.kind) {
    case "field":
      return `field:${leaf.field}`;
    case "property":
      return `property:${leaf.key}`;
    case "event":
      return `event:${knownEvent(known, leaf.name)?.name ?? ""}`;
    default:
      return leaf.kind;
  }
}

interface Choice {
  value: string;
  label: string;
}

/** An event that never came yet is named by hand. */
const anotherEvent = "event:";

/** Every subject, and that of the condition itself even when nobody has such a property any more. */
export function subjectChoice({ fields, properties, events }: SegmentFields, own: SegmentLeaf | null): { group: string; items: Choice[] }[] {
  const propertyKeys = properties.map(({ key }) => key);
  if (own?.kind === "property" && !propertyKeys.includes(own.key)) propertyKeys.push(own.key);
  const groups = [
    { group: "What they did", items: [...events.map(({ name }) => ({ value: `event:${name}`, label: name })), { value: anotherEvent, label: "Another event" }] },
    { group: "Properties", items: propertyKeys.map((key) => ({ value: `property:${key}`, label: key })) },
    { group: "Who they are", items: fields.map(({ field }) => ({ value: `field:${field}`, label: fieldNames[field] })) },
    { group: "What they agreed to", items: [{ value: "consent", label: "Consent" }, { value: "doNotDisturb", label: "Do not disturb" }] },
    { group: "Where they are in", items: [{ value: "list", label: "List" }, { value: "segment", label: "Segment" }] },
  ];
  return groups.filter(({ items }) => items.length > 0);
}

/** A new condition about a subject, with its values still to be filled in. */
export function leafAbout(subject: string, known: SegmentFields): SegmentLeaf {
  const colon = subject.indexOf(":");
  const [kind, name] = colon === -1 ? [subject, ""] : [subject.slice(0, colon), subject.slice(colon + 1)];
  switch (kind) {
    case "field": {
      const field = (Object.keys(fieldNames) as SegmentField[]).find((one) => one === name) ?? "name";
      return { kind, field, test: firstTest(isDateField(field) ? "date" : "text") };
    }
    case "property":
      return { kind, key: name, test: firstTest(propertyType(known, name)) };
    case "doNotDisturb":
      return { kind, is: true };
    case "list":
      return { kind, listId: "", in: true };
    case "segment":
      return { kind, segmentId: "", in: true };
    case "event":
      return { kind, name, did: true };
    default:
      return { kind: "consent", category: "marketing", is: "allowed" };
  }
}

export const propertyType = ({ properties }: SegmentFields, key: string): PropertyType => properties.find((one) => one.key === key)?.type ?? "text";

const everyType: PropertyType[] = ["text", "number", "boolean", "date", "list"];

/** Case and spaces do not tell names of events apart. */
const keyOf = (name: string): string => name.trim().replaceAll(/\s+/g, " ").toLowerCase();

/** The event of this name, if it ever came. */
export const knownEvent = ({ events }: SegmentFields, name: string): SegmentFields["events"][number] | undefined => events.find((event) => keyOf(event.name) === keyOf(name));

/** The types seen of an event's property; all of them where it was never seen. */
export function eventPropertyTypes(known: SegmentFields, event: string, key: string): PropertyType[] {
  const types = knownEvent(known, event)?.properties.find((one) => one.key === key)?.types ?? [];
  return types.length > 0 ? types : everyType;
}

export const eventPropertyKeys = (known: SegmentFields, event: string): string[] => knownEvent(known, event)?.properties.map(({ key }) => key) ?? [];
