/**
 * TINCAN_PROVISION: a file that describes what must be there, applied at each start. What is missing is made, what differs is changed,
 * what is not named stays. The whole file is checked before anything is applied; entries are applied in order, each by itself, so that
 * a start cut short is made good by the next.
 */
import { Name, Role } from "@tincan/api";
import { readFileSync } from "node:fs";
import Type from "typebox";
import type { Static, TSchema } from "typebox";
import { setApiKey } from "./accounts/api-keys.ts";
import { audit, systemActor } from "./accounts/audit.ts";
import type { AuthSource } from "./accounts/auth-when-needed.ts";
import { SHORTEST_PASSWORD } from "./accounts/password-rule.ts";
import { createPerson, createWorkspace, findPerson, hashPassword, passwordFits, setMembership, setPassword } from "./accounts/people.ts";
import type { Database } from "./database/connection.ts";
import type { Actor } from "./http/actor.ts";
import { ApiError } from "./http/errors.ts";
import { checker } from "./http/validation.ts";

/** A file that cannot be applied; the message is one sentence that names the field. */
export class ProvisioningError extends Error {}

/** One more member of the file, applied by the feature that owns it. Appliers run in the order they are given. */
export interface Applier {
  /** "providers": the file's member, a list. */
  member: string;
  /** Schema of one entry, the same as the management API takes. */
  entry: TSchema;
  /** Makes the entry true; called again with the same entry it changes nothing. An ApiError's field is taken as inside the entry. */
  apply(actor: Actor, entry: unknown): Promise<void>;
}

/** An applier whose entries have the type of their schema. */
export function applier<S extends TSchema>(member: string, entry: S, apply: (actor: Actor, entry: Static<S>) => Promise<void>): Applier {
  // The entry was checked against this very schema before.
  return { member, entry, apply: (actor, value) => apply(actor, value as Static<S>) };
}

const Core = {
  workspace: Type.Object({ name: Name(80) }, { additionalProperties: false }),
  admin: Type.Optional(
    Type.Object(
      { email: Type.String({ format: "email", maxLength: 254 }), password: Type.String({ minLength: SHORTEST_PASSWORD, maxLength: 128 }) },
      { additionalProperties: false },
    ),
  ),
  apiKeys: Type.Optional(
    Type.Array(
      Type.Object({ name: Name(80), key: Type.String({ minLength: 16, maxLength: 200, pattern: "^\\S+$" }), role: Role }, { additionalProperties: false }),
    ),
  ),
};
const CoreSchema = Type.Object(Core);
type Core = Static<typeof CoreSchema>;

export interface Provisioning {
  /** Applies everything; call it again and nothing changes. */
  apply(deps: { db: Database; auth: AuthSource }): Promise<void>;
}

/** Checks what the file holds (`parseProvisioning`). Throws ProvisioningError. */
export function readProvisioning(content: unknown, appliers: readonly Applier[]): Provisioning {
  const lists = Object.fromEntries(appliers.map(({ member, entry }) => [member, Type.Optional(Type.Array(entry))]));
  const misfit = checker(Type.Object({ ...Core, ...lists }, { additionalProperties: false }))(content);
  if (misfit) throw problem(misfit.field, `must be ${misfit.expected}`);
  return { apply: (deps) => apply(content as Core & Record<string, unknown[]>, appliers, deps) };
}

async function apply(content: Core & Record<string, unknown>, appliers: readonly Applier[], deps: { db: Database; auth: AuthSource }): Promise<void> {
  const actor = await applyWorkspace(deps.db, content.workspace);
  if (content.admin) await applyAdmin(deps, actor, content.admin);
  for (const [i, key] of (content.apiKeys ?? []).entries()) await named(`apiKeys[${i}]`, () => deps.db.transaction().execute((tx) => setApiKey(tx, actor, key)));
  for (const { member, apply: applyEntry } of appliers) {
    const entries = (content[member] ?? []) as unknown[];
    for (const [i, entry] of entries.entries()) await named(`${member}[${i}]`, () => applyEntry(actor, entry));
  }
}

async function applyWorkspace(db: Database, { name }: Core["workspace"]): Promise<Actor> {
  return db.transaction().execute(async (tx) => {
    const found = await tx.selectFrom("workspaces").select("id").where("name", "=", name).orderBy("id").executeTakeFirst();
    const id = found?.id ?? (await createWorkspace(tx, { name })).id;
    const actor = systemActor(id, "Provisioning");
    if (!found) await audit(tx, actor, { action: "workspace.created", target: { kind: "workspace", id, name } });
    return actor;
  });
}

async function applyAdmin({ db, auth }: { db: Database; auth: AuthSource }, actor: Actor, admin: NonNullable<Core["admin"]>): Promise<void> {
  const known = await findPerson(db, admin.email);
  const fits = known !== undefined && (await passwordFits(db, auth, known.id, admin.password));
  const passwordHash = fits ? null : await hashPassword(auth, admin.password);
  await db.transaction().execute(async (tx) => {
    const person = known ?? (await createPerson(tx, { name: admin.email.replace(/@.*/, ""), email: admin.email, passwordHash }));
    const target = { kind: "member", id: person.id, name: person.email };
    if (known && passwordHash !== null) {
      await setPassword(tx, person.id, passwordHash);
      await tx.deleteFrom("sessions").where("user_id", "=", person.id).execute();
      await audit(tx, actor, { action: "account.password_changed", target });
    }
    if (await setMembership(tx, actor.workspaceId, person.id, "admin")) await audit(tx, actor, { action: "member.added", target, detail: { role: "admin" } });
  });
}

/** What the file holds, not checked yet: whether it can be read at all is known before anything is started. Throws ProvisioningError. */
export function parseProvisioning(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    throw new ProvisioningError(`TINCAN_PROVISION names ${file}, which cannot be read (${code}).`);
  }
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ProvisioningError(`TINCAN_PROVISION names ${file}, which is not valid JSON: ${cause instanceof Error ? cause.message : String(cause)}.`);
  }
}

/** Says which entry was at fault. */
async function named<T>(where: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause;
    const { field, expected, detail } = cause.details;
    const misfit = cause.code === "invalid_input" && detail === undefined && expected !== undefined;
    throw problem(field === undefined ? where : `${where}.${field}`, misfit ? `must be ${expected}` : `cannot be applied: ${cause.message.replace(/\.$/, "")}`);
  }
}

function problem(field: string, what: string): ProvisioningError {
  return new ProvisioningError(`TINCAN_PROVISION: ${field === "" ? "the file" : `"${field}"`} ${what}.`);
}
