/**
 * A query as SQL over `contacts c`: joins that bring in what is asked about, and one condition. Each join adds at most one row to a person, so
 * that people stay what they are, one row each; the condition is never null. Everything that came from outside is a parameter.
 *
 * What people did is grouped by person in a subquery first and joined as a set: whatever stands around it (any, not), it is read once.
 */
import type { EventCondition } from "@tincan/api";
import { sql } from "kysely";
import type { Leaf, Tree } from "./resolve.ts";
import { ago, eventProperty, property, testOf, textColumn, timeColumn, type Sql, type Value } from "./value-tests.ts";

/** People with ids after the one and up to the other; what is joined is read for them alone. */
export interface IdRange {
  after: string | null;
  /** Null: to the end. */
  until: string | null;
  /** When there are few of them: exactly these people. */
  ids?: readonly string[];
}

export interface CompiledQuery {
  /** `with …`, or nothing; goes first. */
  sets: Sql;
  /** Follows `from contacts c`. */
  joins: Sql;
  /** Of those people of the workspace whom the query means. */
  where: Sql;
}

export function compileTree(tree: Tree, workspaceId: string, now: Date, range: IdRange = { after: null, until: null }): CompiledQuery {
  const compiler = new Compiler(workspaceId, now, range);
  const where = compiler.tree(tree);
  return { ...compiler.parts(), where: sql`c.workspace_id = ${workspaceId} ${within(sql`c.id`, range)} and ${where}` };
}

const columns = {
  name: textColumn(sql`c.name`),
  phone: textColumn(sql`c.phone`),
  email: textColumn(sql`c.email`),
  // Kept in the order of bytes, which knows no letters beyond a to z.
  identity: textColumn(sql`c.identity collate "default"`),
  language: textColumn(sql`c.language`),
  timeZone: textColumn(sql`c.time_zone`),
  source: textColumn(sql`c.source`),
  createdAt: timeColumn(sql`c.created_at`),
  lastSeenAt: timeColumn(sql`c.last_seen_at`),
} satisfies Record<string, Value>;

/** How many make somebody one of the set: as many as asked for, or (atMost) more than that. */
const more = { atLeast: sql`>=`, atMost: sql`>`, exactly: sql`=` } as const;

class Compiler {
  readonly #workspaceId: string;
  readonly #now: Date;
  readonly #range: IdRange;
  /** By what they bring in, so that the same is joined once. */
  readonly #joins = new Map<string, { alias: Sql; text: Sql }>();
  readonly #sets: Sql[] = [];

  constructor(workspaceId: string, now: Date, range: IdRange) {
    this.#workspaceId = workspaceId;
    this.#now = now;
    this.#range = range;
  }

  parts(): Pick<CompiledQuery, "sets" | "joins"> {
    return {
      sets: this.#sets.length === 0 ? sql`` : sql`with ${sql.join(this.#sets)}`,
      joins: sql.join([...this.#joins.values()].map(({ text }) => text), sql` `),
    };
  }

  tree(tree: Tree): Sql {
    if ("all" in tree) return tree.all.length === 0 ? sql`true` : sql`(${sql.join(tree.all.map((child) => this.tree(child)), sql` and `)})`;
    if ("any" in tree) return tree.any.length === 0 ? sql`false` : sql`(${sql.join(tree.any.map((child) => this.tree(child)), sql` or `)})`;
    if ("not" in tree) return sql`(not ${this.tree(tree.not)})`;
    return sql`(${this.#leaf(tree)})`;
  }

  #leaf(leaf: Leaf): Sql {
    switch (leaf.kind) {
      case "field":
        return testOf(columns[leaf.field], leaf.test, this.#now);
      case "property":
        return testOf(property(sql`c.properties`, leaf.key), leaf.test, this.#now);
      case "consent": {
        const said = this.#join(`consent ${leaf.category}`, (alias) => sql`
          left join consents ${alias} on ${alias}.workspace_id = ${this.#workspaceId} and ${alias}.contact_id = c.id
            and ${alias}.category = ${leaf.category} ${within(sql`${alias}.contact_id`, this.#range)}`);
        if (leaf.is === "optedOut") return sql`coalesce(${said}.state = 'out', false)`;
        if (leaf.is === "notOptedIn") return sql`${said}.state is null and not c.msg_whatsapp`;
        return sql`not ${this.#onDoNotDisturb()} and coalesce(${said}.state = 'in', c.msg_whatsapp)`;
      }
      case "doNotDisturb":
        return leaf.is ? this.#onDoNotDisturb() : sql`not ${this.#onDoNotDisturb()}`;
      case "list": {
        const on = this.#join(`list ${leaf.listId}`, (alias) => sql`
          left join list_members ${alias} on ${alias}.workspace_id = ${this.#workspaceId} and ${alias}.list_id = ${leaf.listId}
            and ${alias}.contact_id = c.id ${within(sql`${alias}.contact_id`, this.#range)}`);
        return sql`${on}.contact_id is not null`;
      }
      case "people":
        return sql`c.id = any (${leaf.ids}::uuid[])`;
      case "event":
        return leaf.did ? this.#did(leaf) : sql`not (${this.#did(leaf)})`;
    }
  }

  #onDoNotDisturb(): Sql {
    const number = this.#join("doNotDisturb", (alias) => sql`
      left join phone_dnd ${alias} on ${alias}.workspace_id = ${this.#workspaceId} and ${alias}.phone = c.phone and ${alias}.dnd`);
    return sql`(${number}.phone is not null)`;
  }

  #did(event: EventCondition): Sql {
    const { which, count: { op, n } = { op: "atLeast", n: 1 } } = event;
    if (which !== undefined) return sql`${this.#events(event, this.#oneOf(event, which))}.contact_id is not null`;
    const having = n === 0 || (op === "atLeast" && n === 1) ? undefined : sql`count(*) ${more[op]} ${n}`;
    // Whoever never did it is in no set: a number that may be 0 is asked for by who is not in the opposite one.
    if (op === "atLeast") return n === 0 ? sql`true` : sql`${this.#events(event, having)}.contact_id is not null`;
    return op === "exactly" && n > 0 ? sql`${this.#events(event, having)}.contact_id is not null` : sql`${this.#events(event, having)}.contact_id is null`;
  }

  /** Everybody who did it, once each, of whom `having` is true. */
  #events(event: EventCondition, having: Sql | undefined): Sql {
    const { name, which, within: period, where = [] } = event;
    const { from, to } = this.#bounds(period);
    // The last one is not before a time unless all are; the first one is before a time if any is.
    const bounds = [
      ...(from && which !== "first" ? [sql`and e.occurred_at >= ${from.toISOString()}::timestamptz`] : []),
      ...(to && which !== "last" ? [sql`and e.occurred_at < ${to.toISOString()}::timestamptz`] : []),
    ];
    const filters = where.map(({ key, test }) => sql`and ${testOf(eventProperty(sql`e.properties`, key), test, this.#now)}`);
    const set = JSON.stringify([name, which, period, where, having === undefined ? null : event.count]);
    return this.#join(`events ${set}`, (alias) => {
      const people = sql`
        select e.contact_id from events e
        where e.workspace_id = ${this.#workspaceId} and e.name = ${name} ${sql.join([...bounds, ...filters], sql` `)} ${within(sql`e.contact_id`, this.#range)}
        group by e.contact_id ${having === undefined ? sql`` : sql`having ${having}`}`;
      if (filters.length === 0) return sql`left join (${people}) ${alias} on ${alias}.contact_id = c.id`;
      // Reads the events themselves, maybe all of them: once, by all workers together, not by each for itself.
      this.#sets.push(sql`${alias} as materialized (${people})`);
      return sql`left join ${alias} on ${alias}.contact_id = c.id`;
    });
  }

  #oneOf({ within: period }: EventCondition, which: "first" | "last"): Sql {
    const { from, to } = this.#bounds(period);
    const at = which === "first" ? sql`min(e.occurred_at)` : sql`max(e.occurred_at)`;
    const bounds = [...(from ? [sql`${at} >= ${from.toISOString()}::timestamptz`] : []), ...(to ? [sql`${at} < ${to.toISOString()}::timestamptz`] : [])];
    return sql.join(bounds, sql` and `);
  }

  #bounds(period: EventCondition["within"]): { from: Date | undefined; to: Date | undefined } {
    if (period === undefined) return { from: undefined, to: undefined };
    if ("last" in period) return { from: ago(period.last, this.#now), to: undefined };
    return { from: period.from === undefined ? undefined : new Date(period.from), to: period.to === undefined ? undefined : new Date(period.to) };
  }

  #join(what: string, text: (alias: Sql) => Sql): Sql {
    const known = this.#joins.get(what);
    if (known) return known.alias;
    const alias = sql.id(`j${this.#joins.size + 1}`);
    this.#joins.set(what, { alias, text: text(alias) });
    return alias;
  }
}

function within(id: Sql, { after, until, ids }: IdRange): Sql {
  if (ids !== undefined) return sql`and ${id} = any (${ids}::uuid[])`;
  return sql`${after === null ? sql`` : sql`and ${id} > ${after}::uuid`} ${until === null ? sql`` : sql`and ${id} <= ${until}::uuid`}`;
}
