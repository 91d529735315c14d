/**
 * How people are found by what somebody types. Each contact keeps a set of words: those of the name, the e-mail address, the identity, the
 * phone number with and without its country. A search matches beginnings of words, in a GIN index that every Postgres has.
 *
 * The words are made here and not by Postgres, whose own splitting depends on the locale it was set up with. Each begins with a tag of the
 * workspace, so that a search reads no other workspace's part of the index.
 */
import { callingCodeOf } from "./phone.ts";

interface Findable {
  name: string | null;
  email: string | null;
  identity: string | null;
  phone: string | null;
}

/** Vowel signs of Indian scripts are marks, and part of their words. */
const SPLIT = /[^\p{L}\p{N}\p{M}]+/u;
const PHONE_LIKE = /^[\d\s()+.\-/]{3,}$/;
const LONGEST_WORD = 100;
const MOST_WORDS = 40;
const LONGEST_SORT_NAME = 200;

/** Lower case, without the accents of Latin, Greek and Cyrillic and the points of Arabic, in one form of Unicode. */
export function fold(text: string): string {
  return ASCII.test(text) ? text.toLowerCase() : text.normalize("NFKD").replaceAll(/[\u0300-\u036f\u064b-\u065f\u0670]+/g, "").toLowerCase();
}
const ASCII = /^[\x20-\x7e]*$/;

/** What a list of people is sorted by. */
export function sortNameOf({ name, email, phone, identity }: Findable): string {
  return fold(name ?? email ?? phone ?? identity ?? "").slice(0, LONGEST_SORT_NAME).toWellFormed();
}

/** The words of a contact, separated by spaces. */
export function wordsOf(workspaceId: string, person: Findable): string {
  return wordListOf(workspaceId, person).join(" ");
}

/** The words of a contact, each once. */
export function wordListOf(workspaceId: string, { name, email, identity, phone }: Findable): string[] {
  const tag = tagOf(workspaceId);
  const words: string[] = [];
  const add = (word: string): void => {
    if (word === "" || words.length === MOST_WORDS) return;
    const own = tag + cut(word);
    if (!words.includes(own)) words.push(own);
  };
  if (name !== null) for (const word of wordsIn(name)) add(word);
  if (email !== null) add(fold(email));
  if (identity !== null) for (const word of PLAIN_WORD.test(identity) ? [identity.toLowerCase()] : fold(identity).split(/\s+/)) add(word);
  if (phone !== null) {
    add(phone.slice(1));
    add(phone.slice(1 + callingCodeOf(phone).length));
  }
  return words;
}
const PLAIN_WORD = /^[!-~]+$/;

/** The same words in both ways; the general one takes ten times as long. */
function wordsIn(text: string): string[] {
  return ASCII.test(text) ? text.toLowerCase().split(/[^a-z0-9]+/) : fold(text).split(SPLIT);
}

/** The search for what somebody typed, as the text of a tsquery; undefined when it has nothing to search for. */
export function searchOf(workspaceId: string, q: string): string | undefined {
  const typed = fold(q).trim();
  if (PHONE_LIKE.test(typed)) {
    const digits = typed.replaceAll(/\D/g, "").replace(/^00/, "");
    return digits === "" ? undefined : prefix(workspaceId, digits);
  }
  const terms = typed.split(/\s+/).filter((term) => SOMETHING.test(term)).slice(0, 8).map((term) => {
    const parts = term.split(SPLIT).filter((part) => part !== "");
    const whole = prefix(workspaceId, term);
    return parts.length === 1 && parts[0] === term ? whole : `(${whole} | (${parts.map((part) => prefix(workspaceId, part)).join(" & ")}))`;
  });
  return terms.length === 0 ? undefined : terms.join(" & ");
}
const SOMETHING = /[\p{L}\p{N}]/u;

function prefix(workspaceId: string, word: string): string {
  return `'${tagged(workspaceId, word).replaceAll("\\", "\\\\").replaceAll("'", "''")}':*`;
}

/** The end of a UUIDv7 is random; four digits of it tell enough workspaces apart. */
function tagged(workspaceId: string, word: string): string {
  return tagOf(workspaceId) + cut(word);
}

function tagOf(workspaceId: string): string {
  return workspaceId.slice(-4);
}

function cut(word: string): string {
  return (word.length > LONGEST_WORD ? word.slice(0, LONGEST_WORD) : word).toWellFormed();
}
