/**
 * The schemas of `@tincan/api` get their names back in the document, so that clients made from it have types with names. What a schema's
 * comment in the source says becomes its description: it is written once, for whoever reads the code and whoever reads the document.
 */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as api from "@tincan/api";

type Json = null | boolean | number | string | Json[] | { [member: string]: Json };

/** Answers the document with each schema that has a name written once, under its name. */
export function nameSchemas(document: Json): Json {
  const names = schemaNames();
  const comments = schemaComments();
  const components = new Map<string, Json>();

  const replaced = (value: Json): Json => {
    if (typeof value !== "object" || value === null) return value;
    const name = Array.isArray(value) ? undefined : names.get(canonical(value));
    if (name === undefined) return inside(value);
    if (!components.has(name)) {
      // Noted first, so that what holds itself ends.
      components.set(name, null);
      const schema = inside(value) as Record<string, Json>;
      const comment = comments.get(name);
      components.set(name, comment === undefined ? schema : { description: comment, ...schema });
    }
    return { $ref: `#/components/schemas/${name}` };
  };
  const inside = (value: Json[] | Record<string, Json>): Json =>
    Array.isArray(value) ? value.map(replaced) : Object.fromEntries(Object.entries(value).map(([member, each]) => [member, replaced(each)]));

  const named = replaced(document) as { components?: Record<string, Json> };
  const schemas = Object.fromEntries([...components].toSorted(([a], [b]) => a.localeCompare(b)));
  return { ...named, components: { ...named.components, schemas } };
}

/** Names by what the schema says. Two that say the same cannot be told apart in the document, and stay without a name. */
function schemaNames(): Map<string, string | undefined> {
  const names = new Map<string, string | undefined>();
  for (const [name, schema] of Object.entries(api)) {
    if (typeof schema !== "object" || !("anyOf" in schema || "enum" in schema || ("properties" in schema && Object.keys(schema.properties).length > 0))) continue;
    const said = canonical(JSON.parse(JSON.stringify(schema)) as Json);
    names.set(said, names.has(said) ? undefined : name);
  }
  return names;
}

/** What a schema says, whatever the order it says it in, and in the document's words. */
function canonical(schema: Json): string {
  return JSON.stringify(schema, (_member, value: Json) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).map(inDocument).toSorted(([a], [b]) => a.localeCompare(b)));
  });
}

/** The document's writer turns these keywords of TypeBox into others. */
function inDocument([keyword, value]: [string, Json]): [string, Json] {
  if (keyword === "const") return ["enum", [value]];
  if (keyword === "patternProperties" && value !== null) return ["additionalProperties", Object.values(value)[0] ?? null];
  return [keyword, value];
}

/** `/** … *\/ export const Name =`, with the lines of the comment made one. */
function schemaComments(): Map<string, string> {
  const folder = path.dirname(fileURLToPath(import.meta.resolve("@tincan/api")));
  const source = readdirSync(folder).filter((file) => file.endsWith(".ts")).map((file) => readFileSync(path.join(folder, file), "utf8")).join("\n");
  const found = source.matchAll(/\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport const (\w+) =/g);
  return new Map([...found].map(([, comment = "", name = ""]) => [name, comment.replace(/\n \*/g, " ").replace(/\s+/g, " ").trim()]));
}
