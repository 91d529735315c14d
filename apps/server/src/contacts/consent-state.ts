/*
 * What is known about one person's consent, and what a word changes about it. Pure; consent.ts stores it.
 *
 *   MSG-whatsapp    one flag for everything, false at first. A word about "all" sets it and clears what was said about single categories.
 *   category        marketing, utility, authentication: a word about one of them counts more than the flag.
 *   do not disturb  belongs to the phone number (CleverTap's MSG-dndWhatsApp), false at first; it outweighs everything else.
 *
 *   may receive = not do-not-disturb, and (what was said about the category, or else MSG-whatsapp)
 *
 * The newest word counts, by the time it was said, not by when it reached us. WhatsApp tells times in whole seconds, cut off: such a time stands
 * for its whole second, and a stop of that second is heard although something else was said a moment into it. In doubt the stop counts. Of
 * what a person says themselves within one second, what came last counts. One more exception keeps a person's own stop: what they said
 * themselves (a keyword, a button, WhatsApp's own switch) is not undone by an upload or a file, which often only repeat what was true
 * months ago. Somebody in the dashboard, the consent API, /1/subscribe, or the person can undo it.
 */
import type { ConsentCategory, ConsentSource, ConsentState, ConsentVerdict } from "@tincan/api";
import { ConsentCategory as Categories } from "@tincan/api";
import type { ConsentChange, ConsentOutcome } from "./types.ts";

export const CATEGORIES: readonly ConsentCategory[] = Categories.enum;

export interface CategoryWord {
  state: ConsentState;
  source: ConsentSource;
  at: Date;
  proof: string | null;
}

export interface PersonConsent {
  msgWhatsapp: boolean;
  /** When the flag was last said anything about. */
  msgWhatsappAt: Date | null;
  categories: Partial<Record<ConsentCategory, CategoryWord>>;
}

export const nothingSaid = (): PersonConsent => ({ msgWhatsapp: false, msgWhatsappAt: null, categories: {} });

/** The person's own word. */
export const ownSources: ReadonlySet<ConsentSource> = new Set<ConsentSource>(["keyword", "button", "whatsapp"]);
const own = ownSources;
const bulk = new Set<ConsentSource>(["upload", "csv", "demo"]);

type Word = Pick<ConsentChange, "state" | "source" | "at"> & { proof?: string | null };

/** Changes `consent` by a word about everything or one category, and tells what became of the word. */
export function hear(consent: PersonConsent, scope: ConsentCategory | "all", word: Word): ConsentOutcome["outcome"] {
  return scope === "all" ? hearAll(consent, word) : hearCategory(consent, scope, word);
}

function hearCategory(consent: PersonConsent, category: ConsentCategory, word: Word): ConsentOutcome["outcome"] {
  const known = consent.categories[category];
  const since = known ?? flagOf(consent);
  if (isOlder(word, since)) return "outdated";
  if (known && isKept(known, word)) return "keptOut";
  const at = timeOf(word, since);
  if (known && saysNoMore(known, word)) {
    if (!bulk.has(word.source)) consent.categories[category] = { ...known, at };
    return "unchanged";
  }
  consent.categories[category] = stored(word, at);
  return "applied";
}

function hearAll(consent: PersonConsent, word: Word): ConsentOutcome["outcome"] {
  const flag = flagOf(consent);
  if (isOlder(word, flag)) return "outdated";
  const kept = CATEGORIES.filter((category) => {
    const known = consent.categories[category];
    return known !== undefined && (isOlder(word, known) || isKept(known, word));
  });
  if (kept.length === CATEGORIES.length) return CATEGORIES.some((category) => isKept(consent.categories[category]!, word)) ? "keptOut" : "outdated";

  const heard = CATEGORIES.filter((category) => !kept.includes(category));
  const optedIn = word.state === "in";
  // What the person said is kept per category, so that it outlives what is repeated in bulk; a deliberate act leaves the flag alone to count.
  const isOwn = own.has(word.source);
  const news =
    consent.msgWhatsapp !== optedIn ||
    (consent.msgWhatsappAt === null && !bulk.has(word.source)) ||
    heard.some((category) => {
      const known = consent.categories[category];
      return known === undefined ? isOwn : !saysNoMore(known, word);
    });
  if (!news) {
    if (!bulk.has(word.source)) confirmAll(consent, heard, word);
    return "unchanged";
  }
  consent.msgWhatsapp = optedIn;
  const at = timeOf(word, flag);
  consent.msgWhatsappAt = at;
  for (const category of heard) {
    if (isOwn) consent.categories[category] = stored(word, laterOf(at, timeOf(word, consent.categories[category])));
    else delete consent.categories[category];
  }
  return "applied";
}

/** The same again. A stop by the person's own word says more than the same stop from elsewhere: it lasts. */
function saysNoMore(known: CategoryWord, word: Word): boolean {
  return known.state === word.state && (word.state === "in" || own.has(known.source) || !own.has(word.source));
}

/** What was said once more was said at the later time: an older word that comes late must not undo it. */
function confirmAll(consent: PersonConsent, heard: ConsentCategory[], word: Word): void {
  consent.msgWhatsappAt = timeOf(word, flagOf(consent));
  for (const category of heard) {
    const known = consent.categories[category];
    if (known) consent.categories[category] = { ...known, at: timeOf(word, known) };
  }
}

/** What was said before, as far as its age matters. */
interface Earlier {
  state: ConsentState;
  at: Date;
  /** By the person. */
  isOwn: boolean;
}

function flagOf({ msgWhatsapp, msgWhatsappAt, categories }: PersonConsent): Earlier | undefined {
  if (msgWhatsappAt === null) return undefined;
  // Who said it is kept with the categories: a person's own word about everything is noted for each.
  const isOwn = CATEGORIES.every((category) => categories[category] !== undefined && own.has(categories[category].source));
  return { state: msgWhatsapp ? "in" : "out", at: msgWhatsappAt, isOwn };
}

const SECOND_MS = 1000;

/** Whether a word was said before what is known. Within a second that the word's time stands for, nobody can tell: see above who wins. */
function isOlder(word: Word, known: Earlier | CategoryWord | undefined): boolean {
  if (known === undefined || word.at >= known.at) return false;
  if (!isSameSecond(word.at, known.at)) return true;
  const knownIsOwn = "isOwn" in known ? known.isOwn : own.has(known.source);
  return word.state === "in" && known.state === "out" && !(own.has(word.source) && knownIsOwn);
}

/** Whether `at` is a time in whole seconds, and the other falls into that second. */
function isSameSecond(at: Date, other: Date): boolean {
  const from = at.getTime();
  return from % SECOND_MS === 0 && from <= other.getTime() && other.getTime() < from + SECOND_MS;
}

/** When a word was said that is heard after what is known: just after it, where the word's own time would place it before. */
function timeOf(word: Word, known: { at: Date } | undefined): Date {
  if (known === undefined || word.at > known.at || !isSameSecond(word.at, known.at)) return word.at;
  // The same again at the same time stays where it is.
  if (word.at.getTime() === known.at.getTime()) return word.at;
  return new Date(Math.min(known.at.getTime() + 1, word.at.getTime() + SECOND_MS - 1));
}

const laterOf = (a: Date, b: Date): Date => (b > a ? b : a);

function isKept(known: CategoryWord, word: Word): boolean {
  return known.state === "out" && word.state === "in" && own.has(known.source) && bulk.has(word.source);
}

const stored = ({ state, source, proof }: Word, at: Date): CategoryWord => ({ state, source, at, proof: proof ?? null });

/** The rule of CleverTap's truth table, refined by category. */
export function verdictOf(person: { msgWhatsapp: boolean; state: ConsentState | null; dnd: boolean } | null): ConsentVerdict {
  if (person === null) return "unknownPerson";
  if (person.dnd) return "doNotDisturb";
  if (person.state !== null) return person.state === "in" ? "allowed" : "optedOut";
  return person.msgWhatsapp ? "allowed" : "notOptedIn";
}

/** Of two people who turn out to be one, the newer word about each thing. */
export function mergeConsent(kept: PersonConsent, gone: PersonConsent): PersonConsent {
  const [earlier, later] = (gone.msgWhatsappAt?.getTime() ?? -1) > (kept.msgWhatsappAt?.getTime() ?? -1) ? [kept, gone] : [gone, kept];
  const flag = !earlier.msgWhatsapp && isInDoubt(earlier.msgWhatsappAt, later.msgWhatsappAt) ? earlier : later;
  const merged: PersonConsent = { msgWhatsapp: flag.msgWhatsapp, msgWhatsappAt: flag.msgWhatsappAt, categories: {} };
  for (const category of CATEGORIES) {
    const [a, b] = [kept.categories[category], gone.categories[category]];
    const counts = a && b ? newerOf(a, b) : (a ?? b);
    if (counts) merged.categories[category] = counts;
  }
  return merged;
}

function newerOf(a: CategoryWord, b: CategoryWord): CategoryWord {
  const [earlier, later] = b.at > a.at ? [a, b] : [b, a];
  if (earlier.state === "out" && isInDoubt(earlier.at, later.at)) return earlier;
  return isKept(earlier, later) ? earlier : later;
}

/** Nobody can tell which of the two was first. */
function isInDoubt(earlier: Date | null, later: Date | null): boolean {
  return earlier !== null && later !== null && (earlier.getTime() === later.getTime() || isSameSecond(earlier, later));
}
