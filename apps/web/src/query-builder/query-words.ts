import type { ConsentCategory, ContactSource, EventCondition, EventFilter, EventPeriod, SegmentLeaf, TimeUnit, ValueTest } from "@tincan/api";
import { contactSource, sourceChoice } from "../rooms/people/contacts/contact-words.ts";
import { dayWords, lastDayWords, type Zone } from "./days.ts";
import type { How } from "./draft.ts";
import { fieldName } from "./subjects.ts";
import { operatorOf } from "./value-tests.ts";

/** Names of what a query refers to by id. */
export interface Names {
  list: (id: string) => string;
  segment: (id: string) => string;
}

export const howWords: Record<How, string> = { all: "All of these", any: "Any of these", none: "None of these", notAll: "Not all of these" };

/** The word between two parts of a group. */
export const joinWord = (how: How): "and" | "or" => (how === "any" || how === "none" ? "or" : "and");

export const messagesOf: Record<ConsentCategory, string> = { marketing: "marketing messages", utility: "utility messages", authentication: "authentication codes" };

export const consentWords = { allowed: "may get", optedOut: "opted out of", notOptedIn: "never agreed to" } as const;

/** "30 days", "1 day". */
function spanWords(n: number, unit: TimeUnit): string {
  if (Number.isNaN(n)) return `… ${unit}`;
  return `${n.toLocaleString()} ${n === 1 ? unit.slice(0, -1) : unit}`;
}

/** One condition as a sentence without its subject: "did Order placed at least 2 times in the last 30 days". */
export function conditionWords(leaf: SegmentLeaf, names: Names): string {
  switch (leaf.kind) {
    case "field": {
      const zone: Zone = "viewer";
      const value = leaf.field === "source" ? sourceWords : undefined;
      return dropIs(`${fieldName(leaf.field)} ${testWords(leaf.test, zone, value)}`, leaf.field === "createdAt" || leaf.field === "lastSeenAt");
    }
    case "property":
      return `${leaf.key} ${testWords(leaf.test, "utc")}`;
    case "consent":
      return `${consentWords[leaf.is]} ${messagesOf[leaf.category]}`;
    case "doNotDisturb":
      return leaf.is ? "is on do not disturb" : "is not on do not disturb";
    case "list":
      return `${leaf.in ? "is" : "is not"} in list ${leaf.listId === "" ? "…" : names.list(leaf.listId)}`;
    case "segment":
      return `${leaf.in ? "is" : "is not"} in segment ${leaf.segmentId === "" ? "…" : names.segment(leaf.segmentId)}`;
    case "event":
      return eventWords(leaf);
  }
}

/** "Added in the last 7 days" reads better than "Added is in the last 7 days". */
const dropIs = (words: string, isTime: boolean): string => (isTime ? words.replace(/^(Added|Last seen) is (?!known|not known)/, "$1 ") : words);

const sourceWords = (value: string): string => {
  const known = sourceChoice.find((one) => one.value === value);
  return known ? contactSource(known.value satisfies ContactSource) : value;
};

function testWords(test: ValueTest, zone: Zone, show: (value: string) => string = (value) => value): string {
  const { words } = operatorOf(test);
  if ("n" in test) return `${words} ${spanWords(test.n, test.unit)}`;
  if ("values" in test) return `${words} ${test.values.length === 0 ? "…" : listed(test.values.map(show))}`;
  if ("from" in test) {
    const [from, to] = test.type === "date" ? [dayWords(test.from, zone), lastDayWords(test.to, zone)] : [numberWords(test.from), numberWords(test.to)];
    return `${words} ${from} and ${to}`;
  }
  if (!("value" in test)) return words;
  if (test.type === "date") return `${words} ${dayWords(test.value, zone)}`;
  return `${words} ${typeof test.value === "number" ? numberWords(test.value) : test.value === "" ? "…" : show(test.value)}`;
}

const numberWords = (value: number): string => (Number.isNaN(value) ? "…" : value.toLocaleString(undefined, { maximumFractionDigits: 6 }));

/** "gold, silver or bronze". */
function listed(values: readonly string[]): string {
  const shown = values.length > 6 ? [...values.slice(0, 5), `${values.length - 5} more`] : values;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}`;
}

function eventWords({ name, did, which, count, within, where = [] }: EventCondition): string {
  const often = which ? `for the ${which} time` : count ? `${countWords[count.op]} ${Number.isNaN(count.n) ? "…" : timesWords(count.n)}` : "";
  const parts = [did ? "did" : "did not", name.trim() || "…", often, periodWords(within), where.length > 0 ? `where ${filterWords(where)}` : ""];
  return parts.filter((part) => part !== "").join(" ");
}

/** "amount is more than 100 and currency is INR". */
export function filterWords(filters: EventFilter[]): string {
  return filters.map(({ key, test }) => `${key.trim() || "…"} ${testWords(test, "utc")}`).join(" and ");
}

export const countWords = { atLeast: "at least", atMost: "at most", exactly: "exactly" } as const;

const timesWords = (n: number): string => `${n.toLocaleString()} ${n === 1 ? "time" : "times"}`;

function periodWords(within: EventPeriod | undefined): string {
  if (within === undefined) return "";
  if ("last" in within) return `in the last ${spanWords(within.last.n, within.last.unit)}`;
  const { from, to } = within;
  if (from !== undefined && to !== undefined) return `between ${dayWords(from, "viewer")} and ${lastDayWords(to, "viewer")}`;
  if (from !== undefined) return `on or after ${dayWords(from, "viewer")}`;
  return to === undefined ? "" : `before ${dayWords(to, "viewer")}`;
}
