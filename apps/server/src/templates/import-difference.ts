/** What importing a provider's list would change in the registry: a pure comparison, shown before anything is applied. */
import type { ButtonSetting, TemplateComponent } from "@tincan/api";
import { compare, sameWords, type FieldChange } from "./field-changes.ts";
import type { RemoteTemplate } from "./sync.ts";

/** A template as a provider listed it, with the links whose clicks are counted. */
export interface ImportedTemplate extends RemoteTemplate {
  /** Entries `tracked` for buttons whose link leads to the click domain; undefined when no domain was named. */
  tracked?: ButtonSetting[] | undefined;
}

/** The registry's side of the comparison. */
export interface KnownTemplate {
  name: string;
  language: string;
  category: string;
  status: string;
  remoteId: string | null;
  parameterFormat: string;
  components: TemplateComponent[];
  timeToLiveSeconds: number | null;
  buttonSettings: ButtonSetting[];
  /** Came by an import; only such ones can be gone. */
  imported: boolean;
}

export interface ImportDifference {
  new: ImportedTemplate[];
  changed: { template: ImportedTemplate; changes: FieldChange[] }[];
  gone: KnownTemplate[];
  unchanged: ImportedTemplate[];
  /** Drafts that have the name of one of `new`, and will go on under another. */
  drafts: KnownTemplate[];
}

/** Where a template differs in more places, the rest is summed up. */
const MOST_CHANGES = 40;

/**
 * Compares by name and language; of a template that is listed twice the last one counts. Everything fetched is new, changed or
 * unchanged; every known template that was imported, is not deleted, and is not fetched is gone.
 */
export function differenceOf(known: readonly KnownTemplate[], fetched: readonly ImportedTemplate[]): ImportDifference {
  const difference: ImportDifference = { new: [], changed: [], gone: [], unchanged: [], drafts: [] };
  const here = new Map(known.map((each) => [key(each), each]));
  const listed = new Map(fetched.map((each) => [key(each), each]));
  for (const [id, template] of [...listed].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const before = here.get(id);
    if (!before || before.status === "DELETED") {
      difference.new.push(template);
      continue;
    }
    if (before.status === "DRAFT" && !sameWords(before.components, template.components)) {
      difference.new.push(template);
      difference.drafts.push(before);
      continue;
    }
    const changes = changesOf(before, template);
    if (changes.length > 0) difference.changed.push({ template, changes });
    else difference.unchanged.push(template);
  }
  difference.gone = known.filter((each) => each.imported && each.status !== "DELETED" && !listed.has(key(each))).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  return difference;
}

function key({ name, language }: { name: string; language: string }): string {
  return `${name} ${language}`;
}

function changesOf(before: KnownTemplate, after: ImportedTemplate): FieldChange[] {
  const changes: FieldChange[] = [];
  const sides = (template: KnownTemplate | ImportedTemplate) => ({
    externalId: template.remoteId ?? before.remoteId,
    category: template.category,
    status: template.status,
    parameterFormat: template.parameterFormat,
    timeToLiveSeconds: template.timeToLiveSeconds ?? null,
    components: template.components,
  });
  compare("", sides(before), sides(after), changes);
  if (after.tracked) compare("buttonSettings", before.buttonSettings.filter(({ tracked }) => tracked).map(place), after.tracked.map(place), changes);
  return changes.length <= MOST_CHANGES ? changes : [...changes.slice(0, MOST_CHANGES - 1), { field: `and ${changes.length - MOST_CHANGES + 1} more places` }];
}

function place({ index, card }: ButtonSetting): string {
  return card === undefined ? `button ${index}` : `card ${card} button ${index}`;
}
