import type { TemplateComponent, TemplateCategory } from "@tincan/whatsapp";

/** A template of the account, with what Meta knows of its past. Times are virtual milliseconds. */
export interface StoredTemplate {
  readonly id: string;
  readonly name: string;
  readonly language: string;
  category: TemplateCategory;
  status: string;
  /** Replaced as a whole by an edit, never changed: sent messages keep the list they were made from. */
  components: readonly TemplateComponent[];
  parameterFormat: "POSITIONAL" | "NAMED";
  rejectedReason: string;
  quality: { score: string; at: number };
  previousCategory: string | undefined;
  correctCategory: string | undefined;
  ttlSeconds: number | undefined;
  createdAt: number;
  updatedAt: number;
  edits: number[];
  pauses: number;
  /** Sends answer `held_for_quality_assessment` and wait. */
  held: boolean;
  /** Other members given at creation, shown again on request. */
  extra: { [member: string]: unknown };
}

/** The templates of the account: by id, and by name and language. */
export class TemplateStore {
  readonly #byId = new Map<string, StoredTemplate>();
  readonly #byName = new Map<string, Map<string, StoredTemplate>>();
  /** Names of deleted templates and until when they may not be used again. */
  readonly locked = new Map<string, number>();

  get count(): number {
    return this.#byId.size;
  }

  add(template: StoredTemplate): void {
    this.#byId.set(template.id, template);
    const languages = this.#byName.get(template.name) ?? new Map<string, StoredTemplate>();
    languages.set(template.language, template);
    this.#byName.set(template.name, languages);
  }

  remove(template: StoredTemplate): void {
    this.#byId.delete(template.id);
    const languages = this.#byName.get(template.name);
    languages?.delete(template.language);
    if (languages?.size === 0) this.#byName.delete(template.name);
  }

  byId(id: string): StoredTemplate | undefined {
    return this.#byId.get(id);
  }

  find(name: string, language: string): StoredTemplate | undefined {
    return this.#byName.get(name)?.get(language);
  }

  languagesOf(name: string): StoredTemplate[] {
    return [...(this.#byName.get(name)?.values() ?? [])];
  }

  /** Newest first. */
  all(): StoredTemplate[] {
    return [...this.#byId.values()].reverse();
  }
}
