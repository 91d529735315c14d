import type { Database } from "../database/connection.ts";
import { ApiError } from "../http/errors.ts";
import { ConsentBook } from "./consent-book.ts";
import { lockPeople } from "./lock.ts";
import { mergePersons, type Person } from "./merge.ts";
import { mergeStored } from "./merge-store.ts";
import { readPeople, storePlan } from "./upsert-store.ts";

/**
 * Makes one person of two because somebody says they are one: `keptId` stays, its values win, gaps are filled from the other, whose identity
 * becomes a further one. Throws contact_not_found.
 */
export async function mergePeople(tx: Database, workspaceId: string, keptId: string, goneId: string, by: string): Promise<void> {
  if (keptId === goneId) throw new ApiError("invalid_input", { field: "with", expected: "another person", detail: "A person cannot be merged with themselves." });
  await lockPeople(tx, workspaceId);
  const people = new Map((await readPeople(tx, workspaceId, [keptId, goneId])).map((person) => [person.id, person]));
  const [before, gone] = [people.get(keptId), people.get(goneId)];
  if (!before || !gone) throw new ApiError("contact_not_found");
  const after: Person = mergePersons(before, gone);
  const plan = { ids: [], created: [], changed: [{ before, after }], merged: [{ from: gone, to: keptId }], newTypes: new Map(), unchanged: 0, repeated: 0, problems: [] };
  const options = { source: "form", by } as const;
  await mergeStored(tx, workspaceId, plan, options);
  await storePlan(tx, workspaceId, plan, await ConsentBook.open(tx, workspaceId, []), options);
}
