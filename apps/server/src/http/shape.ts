import type { TSchema } from "typebox";

/** What a schema says, as far as the server reads schemas itself. */
export interface Shape extends TSchema {
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  anyOf?: readonly Shape[];
  required?: readonly string[];
  properties?: Record<string, Shape>;
  patternProperties?: Record<string, Shape>;
  additionalProperties?: unknown;
  items?: Shape;
}

/** The branches of a union and of the unions in it. */
export function branchesOf(shape: Shape): Shape[] {
  return shape.anyOf ? shape.anyOf.flatMap(branchesOf) : [shape];
}
