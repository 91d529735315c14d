/** Adds people who are new. An import adds millions, so they are copied in: it takes half of what an insert of arrays does. */
import { copy, copyLine } from "../database/copy.ts";
import type { Database } from "../database/connection.ts";
import type { PersonConsent } from "./consent-state.ts";
import type { Person } from "./merge.ts";
import { sortNameOf, wordsOf } from "./search-words.ts";

/** Enough for a write to the socket, and little enough for Postgres to begin soon. */
const PEOPLE_PER_PIECE = 200;

/** `pieces` are those of `writtenPeople`, made now or before. */
export async function insertPeople(tx: Database, pieces: Iterable<string>): Promise<void> {
  await copyPeople.run(tx, pieces);
}

/** The people as they are copied in, piece by piece. */
export function* writtenPeople(workspaceId: string, people: readonly Person[], consentOf: (id: string) => PersonConsent): Generator<string> {
  for (let from = 0; from < people.length; from += PEOPLE_PER_PIECE) {
    yield people.slice(from, from + PEOPLE_PER_PIECE).map((person) => lineOf(workspaceId, person, consentOf(person.id))).join("");
  }
}

function lineOf(workspaceId: string, person: Person, { msgWhatsapp, msgWhatsappAt }: PersonConsent): string {
  return copyLine([
    workspaceId, person.id, person.identity, person.phone, person.name, person.email, person.language, person.timeZone, JSON.stringify(person.properties), person.source,
    sortNameOf(person), vectorOf(wordsOf(workspaceId, person)), msgWhatsapp ? "t" : "f", msgWhatsappAt === null ? null : msgWhatsappAt.toISOString(),
  ]);
}

/** Words that are separated by spaces, as a tsvector is written. */
function vectorOf(words: string): string {
  if (words === "") return "";
  const quoted = QUOTED.test(words) ? words.replaceAll("\\", "\\\\").replaceAll("'", "''") : words;
  return `'${quoted.replaceAll(" ", "' '")}'`;
}
const QUOTED = /['\\]/;

const copyPeople = copy(
  `copy contacts (workspace_id, id, identity, phone, name, email, language, time_zone, properties, source, sort_name, words, msg_whatsapp, msg_whatsapp_at) from stdin`,
);
