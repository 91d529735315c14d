import { Refusal } from "./parsed.ts";
import { isStorable } from "./storable.ts";

export type JsonObject = Record<string, unknown>;

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * One object of an untrusted body, and where it stands in it. Each method reads one field or refuses it by name;
 * the name is put together only when there is something to refuse. `null` counts as absent.
 * Nothing here recurses, so the depth of a body cannot exhaust the stack.
 */
export class Fields {
  readonly source: JsonObject;
  /** The number a refusal below this object carries. */
  readonly code: number;
  readonly #parent: Fields | undefined;
  readonly #key: string;
  readonly #index: number;

  private constructor(source: JsonObject, code: number, parent: Fields | undefined, key: string, index: number) {
    this.source = source;
    this.code = code;
    this.#parent = parent;
    this.#key = key;
    this.#index = index;
  }

  /** Starts at the top of a body; refuses anything but an object. */
  static of(json: unknown, code: number): Fields {
    if (!isJsonObject(json)) throw new Refusal(code, "", "a JSON object", json);
    return new Fields(json, code, undefined, "", -1);
  }

  /** The full name of this object, or of one of its fields. */
  path(key?: string): string {
    if (this.#parent === undefined) return key ?? "";
    const own = this.#index < 0 ? this.#key : `${this.#key}[${this.#index}]`;
    return this.#parent.path(key === undefined ? own : `${own}.${key}`);
  }

  refuse(key: string, expected: string, code = this.code): never {
    throw new Refusal(code, this.path(key), expected, this.source[key]);
  }

  has(key: string): boolean {
    const value = this.source[key];
    return value !== undefined && value !== null;
  }

  /** A text, or a number taken as one; absent gives undefined. */
  optionalText(key: string): string | undefined {
    const value = this.source[key];
    if (value === undefined || value === null) return undefined;
    if (typeof value === "string") return isStorable(value) ? value : this.refuse(key, "text without NUL or broken characters");
    if (typeof value === "number" && Number.isFinite(value)) return String(value);
    return this.refuse(key, "a text");
  }

  /** As `optionalText`, refusing absence and the empty text. */
  text(key: string, expected = "a text that is not empty"): string {
    const value = this.optionalText(key);
    return value === undefined || value === "" ? this.refuse(key, expected) : value;
  }

  /** An integer of 0 or more, also in digits. */
  optionalCount(key: string): number | undefined {
    const value = this.source[key];
    if (value === undefined || value === null) return undefined;
    const count = wholeNumber(value);
    return count === undefined || count < 0 ? this.refuse(key, "an integer, 0 or more") : count;
  }

  boolean(key: string): boolean {
    const value = this.source[key];
    return typeof value === "boolean" ? value : this.refuse(key, "true or false");
  }

  optionalObject(key: string, code = this.code): Fields | undefined {
    const value = this.source[key];
    if (value === undefined || value === null) return undefined;
    return isJsonObject(value) ? new Fields(value, code, this, key, -1) : this.refuse(key, "an object", code);
  }

  object(key: string, code = this.code): Fields {
    return this.optionalObject(key, code) ?? this.refuse(key, "an object", code);
  }

  /** A list as it is; absent gives an empty one. */
  optionalList(key: string): readonly unknown[] {
    const value = this.source[key];
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value : this.refuse(key, "a list");
  }

  list(key: string): readonly unknown[] {
    return this.has(key) ? this.optionalList(key) : this.refuse(key, "a list");
  }

  /** One element of the list under `key`, which must be an object. */
  element(key: string, index: number, element: unknown, code = this.code): Fields {
    if (!isJsonObject(element)) throw new Refusal(code, this.path(`${key}[${index}]`), "an object", element);
    return new Fields(element, code, this, key, index);
  }

  /** All elements of an optional list of objects. */
  elements(key: string, code = this.code): Fields[] {
    return this.optionalList(key).map((element, index) => this.element(key, index, element, code));
  }
}

/** A safe integer given as a number or as its decimal digits. */
export function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? value : undefined;
  if (typeof value !== "string" || value.length === 0 || value.length > 17) return undefined;
  for (let at = value.charCodeAt(0) === 45 && value.length > 1 ? 1 : 0; at < value.length; at++) {
    const digit = value.charCodeAt(at);
    if (digit < 48 || digit > 57) return undefined;
  }
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : undefined;
}

/**
 * A lookup of the contract's words that forgives case, underscores, hyphens and spaces (`copy_code`, `CopyCode`):
 * its pages spell the same word in several ways. The documented spelling costs one map lookup.
 */
export function wordLookup<T>(words: Readonly<Record<string, T>>): (word: unknown) => T | undefined {
  const exact = new Map(Object.entries(words));
  const folded = new Map(Object.entries(words).map(([word, meaning]) => [fold(word), meaning]));
  return (word) => {
    if (typeof word !== "string") return undefined;
    return exact.get(word) ?? (word.length > 40 ? undefined : folded.get(fold(word)));
  };
}

/** A word without the differences in spelling that carry no meaning. */
function fold(word: string): string {
  return word.toLowerCase().replaceAll(/[_\- ]/g, "");
}
