/** Adds people who are new. An import adds millions, so they are copied in: it takes half of what an insert of arrays does. */
import { booleanCell, copyRow, jsonbCell, textCell, timeCell, uuidCells, wordsCell, type Cell } from "../database/copy-cells.ts";
import { copy } from "../database/copy.ts";
import type { Database } from "../database/connection.ts";
import type { PersonConsent } from "./consent-state.ts";
import type { Person } from "./merge.ts";
import { sortNameOf, wordListOf } from "./search-words.ts";

/** Enough for a write to the socket, and little enough for Postgres to begin soon. */
const PEOPLE_PER_PIECE = 200;

/** `pieces` are those of `writtenPeople`, made now or before. */
export async function insertPeople(tx: Database, pieces: Iterable<string>): Promise<void> {
  await copyPeople.run(tx, pieces);
}

/** The people as they are copied in, piece by piece. */
export function* writtenPeople(workspaceId: string, people: readonly Person[], consentOf: (id: string) => PersonConsent): Generator<string> {
  const [workspace = ""] = uuidCells([workspaceId]);
  for (let from = 0; from < people.length; from += PEOPLE_PER_PIECE) {
    const some = people.slice(from, from + PEOPLE_PER_PIECE);
    const ids = uuidCells(some.map(({ id }) => id));
    yield some.map((person, i) => rowOf(workspace, ids[i]!, workspaceId, person, consentOf(person.id))).join("");
  }
}

function rowOf(workspace: Cell, id: Cell, workspaceId: string, person: Person, { msgWhatsapp, msgWhatsappAt }: PersonConsent): string {
  return copyRow([
    workspace, id, textCell(person.identity), textCell(person.phone), textCell(person.name), textCell(person.email), textCell(person.language), textCell(person.timeZone),
    jsonbCell(JSON.stringify(person.properties)), textCell(person.source), textCell(sortNameOf(person)), wordsCell(wordListOf(workspaceId, person)), booleanCell(msgWhatsapp),
    timeCell(msgWhatsappAt),
  ]);
}

const copyPeople = copy(
  `copy contacts (workspace_id, id, identity, phone, name, email, language, time_zone, properties, source, sort_name, words, msg_whatsapp, msg_whatsapp_at) from stdin with (format binary)`,
);
