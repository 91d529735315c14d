/**
 * Meta's own OpenAPI description of the Business Messaging API (v23.0), as a judge of answers and webhooks. For tests only.
 *
 * The file is Meta's (repository facebook/openapi) and not part of this one: it is looked for in `TINCAN_SHARED_DATA`, or
 * in `shared/data` beside the repository.
 */
import { Ajv2020, type ErrorObject } from "ajv/dist/2020.js";
import addFormatsModule from "ajv-formats";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { arrayOf, isObject, memberOf, objectOf, textOf, type JsonObject } from "./json.ts";

const fileName = "meta-business-messaging-v23.openapi.yaml";

/** Path of Meta's file, or undefined where it is not present. */
export function locateDescription(): string | undefined {
  const path = join(process.env["TINCAN_SHARED_DATA"] ?? join(import.meta.dirname, "../../../../shared/data"), fileName);
  return existsSync(path) ? path : undefined;
}

/** The schema of an inbound message, by its type. The file's own list points at the schemas of sending instead. */
const inbound: Record<string, string> = {
  text: "TextMessage_2", reaction: "ReactionMessage_1", audio: "AudioMessage_1", document: "DocumentMessage_1", image: "ImageMessage_1", sticker: "StickerMessage_1",
  video: "VideoMessage_1", location: "LocationMessage_1", contacts: "ContactSharingMessage", unsupported: "UnsupportedMessage", button: "ButtonMessage",
  interactive: "InteractiveMessageReply", order: "OrderMessage", system: "SystemMessage",
};

export class MetaDescription {
  readonly #document: JsonObject;
  readonly #ajv = addFormatsModule.default(new Ajv2020({ strict: false, allErrors: true, unicodeRegExp: false, logger: false }));

  constructor(path: string) {
    this.#document = parse(readFileSync(path, "utf8")) as JsonObject;
    // The bundled file lost which of two schemas of one name is meant: inbound messages have members of their own.
    const schemas = memberOf(this.#document["components"], "schemas");
    for (const name of Object.values(inbound)) {
      schemas[name] = JSON.parse(
        JSON.stringify(schemas[name]).replaceAll('schemas/BaseMessageProperties"', 'schemas/BaseMessageProperties_1"').replaceAll('schemas/ErrorObject"', 'schemas/ErrorObject_2"').replaceAll('schemas/ContactObject"', 'schemas/ContactObject_1"'),
      ) as unknown;
    }
    this.#ajv.addSchema({ components: this.#document["components"] }, "meta");
  }

  /** Request bodies printed with an operation, by title. */
  examples(method: string, path: string): [title: string, body: JsonObject][] {
    const examples = memberOf(memberOf(memberOf(this.#operation(method, path), "requestBody"), "content")["application/json"], "examples");
    return Object.entries(examples).map(([title, example]) => [title, objectOf(structuredClone(objectOf(example)["value"]))]);
  }

  /** What in a 200 answer departs from its operation. */
  answer(method: string, path: string, body: unknown): string[] {
    const { schema } = objectOf(memberOf(memberOf(memberOf(this.#operation(method, path), "responses"), "200"), "content")["application/json"]);
    if (!isObject(schema)) throw new Error(`The file has no 200 answer for ${method} ${path}.`);
    return this.#judge(schema, body, `${method} ${path}`);
  }

  error(body: unknown): string[] {
    return this.#judge({ $ref: "#/components/schemas/GraphAPIError" }, body, "error");
  }

  /** What in a webhook departs: envelope, each value, each message by its own type. */
  webhook(body: JsonObject): string[] {
    const found = arrayOf(body["object"] === "whatsapp_business_account" ? [] : ["webhook: object"]) as string[];
    for (const entry of arrayOf(body["entry"]).map(objectOf)) {
      if (typeof entry["id"] !== "string") found.push("webhook: entry without id");
      for (const { field, value } of arrayOf(entry["changes"]).map(objectOf)) {
        if (field !== "messages") found.push(`webhook: field ${textOf(field)}`);
        else found.push(...this.#value(objectOf(value)));
      }
    }
    return [...new Set(found)];
  }

  #value(value: JsonObject): string[] {
    if (value["statuses"] !== undefined) return this.#judge({ $ref: "#/components/schemas/StatusMessageValue" }, value, "status");
    const messages = arrayOf(value["messages"]).map(objectOf);
    const frame = messages.some((message) => message["type"] === "system") ? "IncomingMessageValueSystem" : "IncomingMessageValueGeneral";
    const { messages: _, ...rest } = value;
    return [
      ...this.#judge({ $ref: `#/components/schemas/${frame}` }, { ...rest, messages: [] }, "inbound"),
      ...messages.flatMap((message) => {
        const name = inbound[textOf(message["type"])];
        return name ? this.#judge({ $ref: `#/components/schemas/${name}` }, message, textOf(message["type"])) : [`inbound: type ${textOf(message["type"])}`];
      }),
    ];
  }

  #operation(method: string, path: string): unknown {
    return memberOf(memberOf(this.#document, "paths"), path)[method.toLowerCase()];
  }

  #judge(schema: JsonObject, body: unknown, what: string): string[] {
    const validate = this.#ajv.compile(JSON.parse(JSON.stringify(schema).replaceAll('"$ref":"#/', '"$ref":"meta#/')) as JsonObject);
    return validate(body) ? [] : (validate.errors ?? []).map((error) => `${what}: ${describe(error)}`);
  }
}

function describe({ instancePath, keyword, params }: ErrorObject): string {
  const named = params["additionalProperty"] ?? params["missingProperty"] ?? params["format"];
  return `${instancePath.replace(/\/\d+/g, "[]").replaceAll("/", ".")} ${keyword}${named === undefined ? "" : ` ${String(named)}`}`.trim();
}
