import type { CategoryConsent, ConsentCategory, ConsentScope, ConsentSource, Contact, ContactSource, PropertyValue } from "@tincan/api";
import { displayNumber } from "../../../pieces/phone.ts";

/** What a person is called where there is room for one line only. */
export function nameOf(person: Pick<Contact, "name" | "phone" | "email" | "identity">): string {
  if (person.name) return person.name;
  return person.phone ? displayNumber(person.phone) : (person.email ?? person.identity ?? "Nobody we know by name");
}

const sources: Record<ContactSource, string> = {
  form: "Added by hand",
  api: "API",
  csv: "CSV import",
  upload: "Upload API",
  inbound: "Wrote first",
  demo: "Demo data",
};

export const contactSource = (source: ContactSource) => sources[source];

export const sourceChoice = (Object.keys(sources) as ContactSource[]).map((value) => ({ value, label: sources[value] }));

const consentSources: Record<ConsentSource, string> = {
  keyword: "a word they wrote",
  button: "a button they pressed",
  whatsapp: "their settings in WhatsApp",
  dashboard: "a change in this dashboard",
  api: "the API",
  subscribe: "the subscribe API",
  upload: "the upload API",
  csv: "a CSV import",
  demo: "the demo data",
};

/** "by a word they wrote": who said so. */
export const consentSource = (source: ConsentSource) => `by ${consentSources[source]}`;

export const scopeWords: Record<ConsentScope, string> = { all: "everything", marketing: "marketing", utility: "utility messages", authentication: "authentication codes" };

export const categories: { value: ConsentCategory; label: string }[] = [
  { value: "marketing", label: "Marketing" },
  { value: "utility", label: "Utility" },
  { value: "authentication", label: "Authentication" },
];

/** Whether somebody may get messages of a category, and why not, in plain words. */
export function verdictWords(consent: CategoryConsent): { may: boolean; answer: string } {
  switch (consent.verdict) {
    case "allowed":
      return { may: true, answer: consent.state === "in" ? `yes, they agreed${consent.source ? ` ${consentSource(consent.source)}` : ""}` : "yes, they agreed to messages on WhatsApp" };
    case "notOptedIn":
      return { may: false, answer: "no, because they have not agreed" };
    case "optedOut":
      return { may: false, answer: `no, because they opted out${consent.source ? ` ${consentSource(consent.source)}` : ""}` };
    case "doNotDisturb":
      return { may: false, answer: "no, because their number is on do-not-disturb" };
    case "unknownPerson":
      return { may: false, answer: "no, because nobody with this number is known" };
  }
}

/** A property's value as people read it; dates without a time of day show none. */
export function valueWords(value: PropertyValue, isDate = false): string {
  if (typeof value === "boolean") return value ? "Yes" : "No";
  if (typeof value === "number") return value.toLocaleString(undefined, { maximumFractionDigits: 6 });
  if (Array.isArray(value)) return value.join(", ");
  if (!isDate || Number.isNaN(Date.parse(value))) return value;
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric" };
  if (value.endsWith("T00:00:00.000Z")) return new Date(value).toLocaleDateString(undefined, { ...day, timeZone: "UTC" });
  return new Date(value).toLocaleString(undefined, { ...day, hour: "2-digit", minute: "2-digit" });
}
