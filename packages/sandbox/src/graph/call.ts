import type { JsonObject } from "../json.ts";
import type { Token } from "../world/account.ts";
import type { World } from "../world/world.ts";

/** A file of a multipart body. */
export interface UploadedFile {
  filename: string;
  mimeType: string;
  bytes: Buffer;
}

/** One Graph call, taken apart and authenticated. */
export interface GraphCall {
  world: World;
  method: string;
  /** Such as `v26.0`, the one that answers. */
  version: string;
  node: string;
  edge: string;
  query: JsonObject;
  /** Parsed JSON, form members, or `undefined` when the body was neither. */
  body: unknown;
  file: UploadedFile | undefined;
  /** The body's bytes, for resumable uploads. */
  bytes: Buffer;
  headers: { [name: string]: unknown };
  token: Token;
}

/** What goes wrong on the wire instead of, or before, the answer. */
export type Fault = { kind: "reset" } | { kind: "garbage" } | { kind: "hang"; ms: number; thenCut: boolean };

export interface GraphAnswer {
  status?: number;
  body: unknown;
  fault?: Fault;
}

export const success: GraphAnswer = { body: { success: true } };

/** Members of the query and of a JSON or form body together: Graph takes parameters from either. */
export function parametersOf(call: GraphCall): JsonObject {
  return typeof call.body === "object" && call.body !== null && !Array.isArray(call.body) ? { ...call.query, ...call.body } : call.query;
}

/** The members asked for with `fields=a,b{c}`, or the given default. `id` is always among them. */
export function pickFields(all: JsonObject, fields: unknown, byDefault: string[]): JsonObject {
  const asked = typeof fields === "string" && fields !== "" ? fields.replace(/\{[^}]*\}/g, "").split(",").map((field) => field.trim()) : byDefault;
  const picked: JsonObject = {};
  for (const name of asked) if (all[name] !== undefined) picked[name] = all[name];
  picked["id"] = all["id"];
  return picked;
}
