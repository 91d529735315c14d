import type { ErrorRule } from "../world/behaviour.ts";
import type { World } from "../world/world.ts";
import type { Fault, GraphAnswer } from "./call.ts";
import { GraphError } from "./graph-error.ts";

/** What a request is about, as far as error rules look at it. */
export interface Subject {
  on: "messages" | "media" | "templates" | "other";
  to?: string;
  template?: string | undefined;
}

/** The first rule that hits this request. Counts it. */
export function hitRule(world: World, subject: Subject): ErrorRule | undefined {
  return world.behaviour.errors.find((rule, index) => {
    if (!matches(rule, subject)) return false;
    const hits = (world.ruleHits[index] ??= { matched: 0, applied: 0 });
    hits.matched++;
    if (hits.matched <= (rule.skip ?? 0) || hits.applied >= (rule.times ?? Infinity)) return false;
    if (rule.rate !== undefined && !world.random.chance(rule.rate)) return false;
    hits.applied++;
    return true;
  });
}

function matches(rule: ErrorRule, { on, to, template }: Subject): boolean {
  const wanted = rule.on ?? "messages";
  if (wanted !== "any" && wanted !== on) return false;
  if (rule.template !== undefined && rule.template !== template) return false;
  return rule.to === undefined || rule.to.some((pattern) => (pattern.startsWith("*") ? to?.endsWith(pattern.slice(1)) : pattern === to));
}

/** What the wire does by this rule, or `undefined` when the rule answers with an error. */
export function faultOf(rule: ErrorRule): Fault | undefined {
  if (rule.reset) return { kind: "reset" };
  if (rule.garbage) return { kind: "garbage" };
  if (rule.hangMs !== undefined) return { kind: "hang", ms: rule.hangMs, thenCut: !rule.accept };
  return undefined;
}

/** The error a rule answers: its code, or the code that goes with its HTTP status. */
export function errorOf(rule: ErrorRule): GraphError {
  const code = rule.code ?? codeByStatus(rule.httpStatus ?? 500);
  return new GraphError(code, { ...(rule.details !== undefined && { details: rule.details }), ...(rule.httpStatus !== undefined && { httpStatus: rule.httpStatus }) });
}

function codeByStatus(status: number): number {
  const codes: Record<number, number> = { 401: 190, 403: 10, 404: 803, 429: 130429, 503: 2 };
  return codes[status] ?? (status >= 500 ? 131000 : 1);
}

/** Applies rules to every call that is not a send; sends look at them later, when all else is in order. */
export function applyRule(world: World, subject: Subject): GraphAnswer["fault"] {
  const rule = hitRule(world, subject);
  if (!rule) return undefined;
  const fault = faultOf(rule);
  if (!fault) throw errorOf(rule);
  return fault;
}
