/** Where a run's people come from: its audience, page by page, and those who waited and whose time has come. */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { amongAudience, pageOfAudience } from "../../segments/audience.ts";
import { candidateOf } from "../personalise/profile.ts";
import type { Candidate, RunRow } from "../types.ts";

/** How far an audience has been looked at: the contact to go on after, and whether that was the last one. */
export interface Place {
  after: string | null;
  end: boolean;
}

/** The next people of an audience; `place` says where the first `count` of them lead to. */
export interface Portion {
  candidates: Candidate[];
  place(count: number): Place;
  /** Begins to read the people after these, for as long as Postgres is busy with these. */
  readOn(): void;
}

/** Somebody who waited, with what they are now; null when they are no longer there, or no longer meant. */
export interface Waiting {
  id: string;
  contactId: string;
  attempt: number;
  candidate: Candidate | null;
}

/** What was read is read again after this long: people change. */
const FRESH_MS = 2_000;

interface Page {
  after: string | null;
  candidates: Candidate[];
  /** The id to go on after; null after the last page. */
  next: string | null;
  readAt: number;
}

/** Reads an audience in the order of ids. The next page is read while this one is stored. */
export class AudienceReader {
  readonly #db: Database;
  readonly #run: RunRow;
  #place: string | null;
  #page: Page | undefined;
  #ahead: { after: string; page: Promise<Page> } | undefined;

  constructor(db: Database, run: RunRow) {
    this.#db = db;
    this.#run = run;
    this.#place = run.after_contact;
  }

  /** Up to `most` people, beginning where `took` has arrived. */
  async next(most: number): Promise<Portion> {
    const page = isFresh(this.#page) ? this.#page : await this.#load(most);
    this.#page = page;
    const candidates = page.candidates.slice(0, most);
    const after = candidates.length === page.candidates.length ? page.next : null;
    return { candidates, place: (count) => placeIn(page, count), readOn: () => void (after !== null && this.#readAhead(after, most)) };
  }

  /** The first `count` people of the last portion have been dealt with. */
  took(count: number): void {
    const page = this.#page;
    if (!page) return;
    this.#place = placeIn(page, count).after;
    this.#page = count < page.candidates.length ? { ...page, after: this.#place, candidates: page.candidates.slice(count) } : undefined;
  }

  async #load(most: number): Promise<Page> {
    const ahead = this.#ahead;
    this.#ahead = undefined;
    if (ahead?.after === this.#place) {
      const page = await ahead.page;
      if (isFresh(page)) return page;
    }
    return this.#read(this.#place, most);
  }

  #readAhead(after: string, most: number): void {
    if (this.#ahead?.after === after) return;
    const page = this.#read(after, most);
    // A failure is met when the page is wanted.
    page.catch(() => {});
    this.#ahead = { after, page };
  }

  async #read(after: string | null, most: number): Promise<Page> {
    const { workspace_id: workspaceId, definition, started_at: startedAt } = this.#run;
    const { contacts, next } = await pageOfAudience(this.#db, workspaceId, definition.audience, after, most, startedAt === null ? {} : { now: startedAt });
    return { after, candidates: contacts.map(candidateOf), next, readAt: performance.now() };
  }
}

function placeIn({ after, candidates, next }: Page, count: number): Place {
  if (count < candidates.length) return { after: candidates[count - 1]?.contactId ?? after, end: false };
  return next === null ? { after: candidates.at(-1)?.contactId ?? after, end: true } : { after: next, end: false };
}

function isFresh(page: Page | undefined): page is Page {
  return page !== undefined && performance.now() - page.readAt < FRESH_MS;
}

/**
 * People of the run whose time has come, locked until they are dealt with; whoever else wants one of them comes after that. Of a live
 * campaign, only who is in its audience now is meant. Whoever was merged into somebody meanwhile is that person, who gets the message unless
 * they have one of the run, or wait for theirs.
 */
export async function dueWaiting(tx: Database, run: RunRow, most: number, now: Date): Promise<Waiting[]> {
  const rows = await lockDue.run(tx, [run.workspace_id, run.id, now, most]);
  if (rows.length === 0) return [];
  const merged = new Map((await becameOthers.run(tx, [run.workspace_id, run.id, rows.map((row) => row.contact_id), run.live])).map((row) => [row.id, row]));
  const ids = [...new Set(rows.map((row) => merged.get(row.contact_id)?.contact_id ?? row.contact_id))];
  const people = await amongAudience(tx, run.workspace_id, run.live ? run.definition.audience : { everyone: true }, ids, { now });
  const known = new Map(people.map((contact) => [contact.id, candidateOf(contact)]));
  const taken = new Set<string>();
  return rows.map(({ id, contact_id: contactId, attempt, cell_id: cellId, event }) => {
    const became = merged.get(contactId);
    const candidate = became?.served || (became && taken.has(became.contact_id)) ? undefined : known.get(became?.contact_id ?? contactId);
    if (became) taken.add(became.contact_id);
    return { id, contactId, attempt, candidate: candidate ? { ...candidate, waiting: { id, attempt, cellId, event } } : null };
  });
}

/** By campaign_people_open. */
const lockDue = statement<{ id: string; contact_id: string; attempt: number; cell_id: string | null; event: Record<string, unknown> | null }>(
  "engine_lock_due",
  `select id, contact_id, attempt, cell_id, event from campaign_people
   where workspace_id = $1 and run_id = $2 and state = 'waiting' and due_at <= $3 order by due_at, id limit $4 for update`,
);

/** `served`: the person has a message of the run that did not fail, or waits for theirs. A live campaign may write to them again. */
const becameOthers = statement<{ id: string; contact_id: string; served: boolean }>(
  "engine_became_others",
  `select g.id, g.contact_id,
     exists (select from campaign_people p where p.workspace_id = $1 and p.contact_id = g.contact_id and p.run_id = $2 and p.state <> 'lost')
     or not $4::boolean and exists (
       select from campaign_cells c cross join lateral (
         select true from messages m where m.workspace_id = $1 and m.origin_id = c.id and m.external_id >= g.contact_id::text and m.external_id < g.contact_id::text || 'A'
           and m.external_id <> '0|0|0|0' and m.state <> 'failed' limit 1) m
       where c.workspace_id = $1 and c.run_id = $2) as served
   from merged_contacts g where g.workspace_id = $1 and g.id = any ($3::uuid[])`,
);
