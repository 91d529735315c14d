/**
 * Judges recorded requests by Meta's own OpenAPI description of the Business Messaging API (v23.0). For tests only.
 *
 * The file is Meta's (repository facebook/openapi) and not part of this one: it is looked for in `TINCAN_SHARED_DATA`, or
 * in `shared/data` beside the repository.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { parse } from "yaml";
import type { RecordedRequest } from "./fake-graph.ts";
import { asObject, asObjects, asText, type JsonObject } from "./json.ts";

const addFormats = addFormatsModule.default;
const fileName = "meta-business-messaging-v23.openapi.yaml";

/** Path of Meta's file, or undefined where it is not present. */
export function locateDescription(): string | undefined {
  const beside = join(import.meta.dirname, "../../../../shared/data");
  const path = join(process.env["TINCAN_SHARED_DATA"] ?? beside, fileName);
  return existsSync(path) ? path : undefined;
}

interface Operation {
  method: string;
  path: string;
  parameters: JsonObject[];
  bodySchemas: JsonObject;
}

export type MetaDescription = ReturnType<typeof readDescription>;

export function readDescription(path: string) {
  const document = parse(readFileSync(path, "utf8")) as JsonObject;
  const raw = structuredClone(document);
  const schemas = asObject(asObject(document["components"])?.["schemas"])!;
  for (const schema of Object.values(schemas)) unseal(asObject(schema)!);
  chooseByDiscriminator(document, schemas);
  const operations = collectOperations(document);
  const corrected = compiler(document);
  return {
    /** What in a request departs from its operation, each as one line. */
    differences: (operationId: string, request: RecordedRequest) => judge(operations.get(operationId)!, operationId, request, corrected),
    /** The same for a JSON body alone, by the schema as Meta printed it. */
    uncorrected: (reference: string, body: unknown) => compiler(raw)({ $ref: `meta#/components/schemas/${reference}` }, body),
    /** Example bodies of an operation, by title. */
    examples(operationId: string): Record<string, unknown> {
      const examples = asObject(asObject(operations.get(operationId)!.bodySchemas["application/json"])?.["examples"]) ?? {};
      return Object.fromEntries(Object.entries(examples).map(([title, each]) => [title, asObject(each)?.["value"]]));
    },
  };
}

/**
 * Meta writes messages as `allOf` of common members and a branch with `additionalProperties: false`, by which the branch
 * forbids the common members. What is meant is `unevaluatedProperties: false` on the whole.
 */
function unseal(schema: JsonObject): void {
  for (const branch of asObjects(schema["allOf"])) {
    if (branch["additionalProperties"] !== false) continue;
    delete branch["additionalProperties"];
    schema["unevaluatedProperties"] = false;
  }
}

/** JSON Schema does not know `discriminator`: where a list holds a discriminated schema, the mapping becomes if / then. */
function chooseByDiscriminator(node: unknown, schemas: JsonObject): void {
  if (Array.isArray(node)) {
    for (const each of node) chooseByDiscriminator(each, schemas);
    return;
  }
  const object = asObject(node);
  if (!object) return;
  for (const [key, value] of Object.entries(object)) {
    const reference = key === "items" ? asText(asObject(value)?.["$ref"]) : undefined;
    const discriminator = reference && asObject(asObject(schemas[reference.split("/").at(-1)!])?.["discriminator"]);
    if (!discriminator) {
      chooseByDiscriminator(value, schemas);
      continue;
    }
    const property = asText(discriminator["propertyName"])!;
    // oxlint-disable unicorn/no-thenable -- "then" is a keyword of JSON Schema
    const choices = Object.entries(asObject(discriminator["mapping"])!).map(([name, target]) => ({
      if: { properties: { [property]: { const: name } } },
      then: { $ref: `meta${String(target)}` },
    }));
    // oxlint-enable unicorn/no-thenable
    object[key] = { allOf: [{ $ref: `meta${reference}` }, ...choices] };
  }
}

function collectOperations(document: JsonObject): Map<string, Operation> {
  const shared = asObject(asObject(document["components"])?.["parameters"])!;
  const resolve = (parameter: JsonObject) => asObject(shared[asText(parameter["$ref"])?.split("/").at(-1) ?? ""]) ?? parameter;
  const operations = new Map<string, Operation>();
  for (const [path, item] of Object.entries(asObject(document["paths"])!)) {
    for (const method of ["get", "post", "delete"]) {
      const operation = asObject(asObject(item)?.[method]);
      if (!operation) continue;
      const id = asText(operation["operationId"]) ?? `${method} ${path}`;
      const parameters = [...asObjects(asObject(item)?.["parameters"]), ...asObjects(operation["parameters"])].map(resolve);
      const bodySchemas = asObject(asObject(operation["requestBody"])?.["content"]) ?? {};
      operations.set(id, { method: method.toUpperCase(), path, parameters, bodySchemas });
    }
  }
  return operations;
}

type Validate = (schema: JsonObject, value: unknown) => string[];

/** A validator that answers one line per departure, without the numbers of list positions. */
function compiler(document: JsonObject): Validate {
  const ajv = addFormats(new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false, validateFormats: true, logger: false }));
  ajv.addSchema({ components: document["components"] }, "meta");
  return (schema, value) => {
    const validate = ajv.compile(absolute(schema));
    return validate(value) ? [] : [...new Set((validate.errors ?? []).filter((error) => error.keyword !== "if").map(describeError))].sort();
  };
}

/** References inside one operation point into the whole document. */
function absolute(schema: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"meta#/')) as JsonObject;
}

function describeError({ instancePath, keyword, params }: ErrorObject): string {
  const named = params["additionalProperty"] ?? params["unevaluatedProperty"] ?? params["missingProperty"] ?? params["format"];
  return `body${instancePath.replace(/\/\d+/g, "[]").replaceAll("/", ".")}: ${keyword}${named === undefined ? "" : ` ${String(named)}`}`;
}

function judge(operation: Operation, operationId: string, request: RecordedRequest, validate: Validate): string[] {
  const found: string[] = [];
  const names = Array.from(operation.path.matchAll(/\{([^}]+)\}/g), (match) => match[1]!);
  const shape = new RegExp(`^${operation.path.replace(/\{[^}]+\}/g, "([^/]+)")}$`);
  const values = shape.exec(request.path)?.slice(1);
  if (!values || request.method !== operation.method) return [`${operationId}: ${request.method} ${request.path} is not its address`];
  const given: Record<string, Record<string, unknown>> = {
    path: Object.fromEntries(names.map((name, index) => [name, values[index]])),
    query: request.query,
    header: request.headers,
  };
  for (const parameter of operation.parameters) {
    const place = String(parameter["in"]);
    const name = String(parameter["name"]);
    const value = given[place]?.[place === "header" ? name.toLowerCase() : name];
    if (value === undefined && parameter["required"] === true) found.push(`${place} ${name}: required`);
    if (value !== undefined && !fits(validate, asObject(parameter["schema"]) ?? {}, String(value))) found.push(`${place} ${name}: schema`);
  }
  const declared = operation.parameters.filter((parameter) => parameter["in"] === "query").map((parameter) => parameter["name"]);
  found.push(...Object.keys(request.query).filter((name) => !declared.includes(name)).map((name) => `query ${name}: undeclared`));
  found.push(...judgeBody(operation, request, validate));
  return found.map((line) => `${operationId}: ${line}`);
}

/** A header's media type may carry parameters; a number in a query is text. */
function fits(validate: Validate, schema: JsonObject, value: string): boolean {
  const forms: unknown[] = [value, value.split(";")[0], ...(schema["type"] === "integer" ? [Number(value)] : [])];
  return forms.some((each) => validate(schema, each).length === 0);
}

function judgeBody(operation: Operation, request: RecordedRequest, validate: Validate): string[] {
  if (request.body.length === 0) return [];
  const type = (request.headers["content-type"] ?? "").split(";")[0]!;
  const schema = asObject(asObject(operation.bodySchemas[type])?.["schema"]);
  if (!schema) return [`body ${type}: undeclared`];
  if (type !== "application/json") return [];
  const body: unknown = JSON.parse(request.body.toString());
  if (asText(schema["$ref"]) !== "#/components/schemas/Message") return validate(schema, body);
  if (asObject(body)?.["status"] === undefined) return validate(messageSchema(body), body);
  return ["body: a read mark is not listed", ...validate({ $ref: "meta#/components/schemas/MarkMessageRequestPayload" }, body)];
}

/** The branch of `Message` for the body's type, so that only its own departures are named. */
function messageSchema(body: unknown): JsonObject {
  const type = asText(asObject(body)?.["type"]) ?? "";
  return { $ref: `meta#/components/schemas/${type.slice(0, 1).toUpperCase()}${type.slice(1)}Message` };
}
