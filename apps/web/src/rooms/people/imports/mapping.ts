import type { ContactProperty, ImportColumn, ImportSettings, ImportTarget } from "@tincan/api";
import { knownType } from "../contacts/properties.ts";

type Mapping = ImportSettings["mapping"];

/** What a column may become, as one choice: `consent:marketing`, `property`, or the name of a field. */
export const targetChoice = [
  { group: "Leave out", items: [{ value: "skip", label: "Ignore this column" }] },
  {
    group: "Who it is",
    items: [
      { value: "phone", label: "Phone" },
      { value: "identity", label: "Identity (your own id)" },
      { value: "email", label: "E-mail" },
      { value: "name", label: "Name" },
      { value: "language", label: "Language" },
      { value: "timeZone", label: "Time zone" },
    ],
  },
  {
    group: "Consent",
    items: [
      { value: "consent:all", label: "Consent to everything" },
      { value: "consent:marketing", label: "Consent to marketing" },
      { value: "consent:utility", label: "Consent to utility" },
      { value: "consent:authentication", label: "Consent to authentication" },
    ],
  },
  { group: "Anything else", items: [{ value: "property", label: "Custom property" }] },
];

const categories = ["all", "marketing", "utility", "authentication"] as const;
const fields = ["skip", "identity", "name", "phone", "email", "language", "timeZone"] as const;

export function choiceOf(target: ImportTarget): string {
  return target.kind === "consent" ? `consent:${target.category}` : target.kind;
}

/** The target behind a choice; a new custom property takes its name from the column, and the type that was guessed for it or that people have it in. */
export function targetOf(choice: string, column: ImportColumn, known: ContactProperty[]): ImportTarget {
  const category = categories.find((one) => choice === `consent:${one}`);
  if (category) return { kind: "consent", category };
  const field = fields.find((one) => one === choice);
  if (field) return { kind: field };
  const guessed = column.guess.kind === "property" ? column.guess : undefined;
  const key = column.name.trim().slice(0, 120) || `Column ${column.index + 1}`;
  return guessed ?? { kind: "property", key, type: knownType(known, key) ?? "text" };
}

/** What a target must not share with another column; null for what may appear any number of times. */
function claim(target: ImportTarget): string | null {
  if (target.kind === "skip") return null;
  return target.kind === "property" ? `property ${target.key.trim()}` : choiceOf(target);
}

/** What is wrong with the mapping, per column: two columns for the same thing, a property without a name. */
export function mappingProblems(mapping: Mapping, columns: ImportColumn[]): Map<number, string> {
  const problems = new Map<number, string>();
  const owners = new Map<string, number>();
  mapping.forEach((target, index) => {
    if (target.kind === "property" && target.key.trim() === "") problems.set(index, "Give the property a name");
    const claimed = claim(target);
    if (!claimed) return;
    const owner = owners.get(claimed);
    if (owner === undefined) owners.set(claimed, index);
    else problems.set(index, `“${columns[owner]?.name ?? `Column ${owner + 1}`}” is that already: choose something else, or ignore one of the two`);
  });
  return problems;
}

/** Whether a row can be told to be somebody: a phone or an identity is needed. */
export function namesPeople(mapping: Mapping): boolean {
  return mapping.some(({ kind }) => kind === "phone" || kind === "identity");
}
