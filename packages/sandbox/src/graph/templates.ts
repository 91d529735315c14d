/** Templates: create, list, read, edit, delete, unpause (Meta: WhatsApp Business Management API, message templates). */
import { validateTemplate, type TemplateCategory, type TemplateComponent } from "@tincan/whatsapp";
import { arrayOf, objectOf, parseJson, textOf, type JsonObject } from "../json.ts";
import { approvedTemplate, type World } from "../world/world.ts";
import { needManagement } from "./access.ts";
import { parametersOf, success, type GraphAnswer, type GraphCall } from "./call.ts";
import { GraphError, missing, unknownObject } from "./graph-error.ts";
import { pageOf } from "./paging.ts";
import { withLibrary } from "./template-library.ts";
import { review, setStatus, unpause } from "./template-review.ts";
import type { StoredTemplate } from "./template-store.ts";
import { viewOf } from "./template-view.ts";

const day = 86_400_000;
const mostTemplates = 6000;
const createdPerHour = 100;
/** The sandbox's own templates do not count as created. */
const demoIdPrefix = "14002003004005";
/** Member names kept beside what the sandbox itself works with. */
const extras = ["sub_category", "display_format", "cta_url_link_tracking_opted_out", "library_template_name", "is_primary_device_delivery_only"];

/** `GET`, `POST` and `DELETE /{account id}/message_templates` */
export function templatesEdge(call: GraphCall): GraphAnswer {
  needManagement(call.world, call.token);
  if (call.method === "POST") return createTemplate(call);
  if (call.method === "DELETE") return deleteTemplates(call);
  return listTemplates(call);
}

/** `GET`, `POST` (edit) and `DELETE /{template id}`, and `POST /{template id}/unpause` */
export function templateNode(call: GraphCall, template: StoredTemplate): GraphAnswer {
  const { world } = call;
  needManagement(world, call.token);
  if (call.edge === "unpause" && call.method === "POST") {
    if (template.status !== "PAUSED") throw invalid(2388039, "The template is not paused", "Only a paused template can be unpaused.");
    unpause(world, template);
    return success;
  }
  if (call.edge !== "") throw unknownObject(`${call.node}/${call.edge}`, call.method);
  if (call.method === "POST") return editTemplate(call, template);
  return { body: viewOf(world, template, call.query["fields"]) };
}

function invalid(subcode: number, userTitle: string, userMessage: string): GraphError {
  return new GraphError(100, { subcode, message: "Invalid parameter", userTitle, userMessage });
}

function bodyOf(call: GraphCall): JsonObject {
  const body = { ...parametersOf(call) };
  delete body["access_token"];
  // Form bodies carry lists as JSON text.
  if (typeof body["components"] === "string") body["components"] = parseJson(body["components"]);
  return body;
}

function createTemplate(call: GraphCall): GraphAnswer {
  const { world } = call;
  const { templates, clock, random } = world;
  const body = withLibrary(bodyOf(call));
  for (const name of ["name", "language", "category"]) if (textOf(body[name]) === "") throw missing(name);
  if (body["components"] === undefined) throw missing("components");
  const [name, language] = [textOf(body["name"]), textOf(body["language"])];
  const now = clock.now();
  const recent = templates.all().filter((each) => now - each.createdAt < 3_600_000 && !each.id.startsWith(demoIdPrefix));
  if (recent.length >= createdPerHour) throw new GraphError(80007, { details: "Only 100 templates can be created per hour." });
  checkRules(body);
  if (name === "hello_world") throw invalid(2388155, "Sample templates cannot be created", "This name belongs to a sample template.");
  if (templates.find(name, language)) throw invalid(2388024, "Content in this language already exists", `There is already ${language} content for the template ${name}.`);
  if ((templates.locked.get(name) ?? 0) > now) throw invalid(2388023, "Message template language is being deleted", `The name ${name} belonged to a deleted template; it can be used again 30 days after the deletion.`);
  if (templates.count >= mostTemplates) throw invalid(2388019, "Message template limit exceeded", `The account has ${mostTemplates} templates, the most it may have.`);
  const fromLibrary = body["library_template_name"] !== undefined;
  const template: StoredTemplate = {
    ...approvedTemplate(
      { id: random.digits(16), name, language, category: textOf(body["category"]).toUpperCase() as TemplateCategory, components: body["components"] as TemplateComponent[] },
      now,
    ),
    status: fromLibrary ? "APPROVED" : "PENDING",
    parameterFormat: textOf(body["parameter_format"]).toUpperCase() === "NAMED" ? "NAMED" : "POSITIONAL",
    ttlSeconds: typeof body["message_send_ttl_seconds"] === "number" ? body["message_send_ttl_seconds"] : undefined,
    extra: Object.fromEntries(extras.filter((member) => body[member] !== undefined).map((member) => [member, body[member]])),
  };
  template.components = filledIn(template);
  templates.add(template);
  world.live.changed("templates");
  if (!fromLibrary) review(world, template);
  return { body: { id: template.id, status: template.status, category: template.category } };
}

/** Refuses what the automatic checks refuse: the first problem, with Meta's subcode for it. */
function checkRules(body: JsonObject): void {
  const [problem] = validateTemplate(body);
  if (!problem) return;
  const error = invalid(problem.subcode, "Message template could not be created", problem.message);
  error.info.details = `${problem.path}: ${problem.message}`;
  error.info.blameFields = [[problem.path.split(/[.[]/)[0] || "components"]];
  throw error;
}

/** Authentication templates are created without texts; Meta writes them. */
function filledIn({ category, components }: StoredTemplate): TemplateComponent[] {
  if (category !== "AUTHENTICATION") return [...components];
  return components.map((component) => {
    const type = textOf(component.type).toUpperCase();
    if (type === "BODY" && !("text" in component && component.text)) {
      const advice = "add_security_recommendation" in component && component.add_security_recommendation ? " For your security, do not share this code." : "";
      return { ...component, type: "BODY", text: `*{{1}}* is your verification code.${advice}` } as TemplateComponent;
    }
    const minutes = objectOf(component)["code_expiration_minutes"];
    return type === "FOOTER" && minutes !== undefined ? ({ ...component, type: "FOOTER", text: `This code expires in ${textOf(minutes)} minutes.` } as TemplateComponent) : component;
  });
}

function listTemplates(call: GraphCall): GraphAnswer {
  const { world, query } = call;
  const matching = world.templates.all().filter((template) => matches(template, query));
  const { items, paging } = pageOf(call, matching);
  const counts = textOf(query["summary"]) !== "" && { summary: { total_count: matching.length, message_template_count: world.templates.count, message_template_limit: mostTemplates } };
  return { body: { data: items.map((template) => viewOf(world, template, query["fields"])), ...paging, ...counts } };
}

function matches(template: StoredTemplate, query: JsonObject): boolean {
  const has = (name: string, ...values: string[]) => {
    const wanted = textOf(query[name]).toLowerCase();
    return wanted === "" || values.some((value) => value.toLowerCase().includes(wanted));
  };
  const is = (name: string, value: string) => textOf(query[name]) === "" || wordList(query[name]).includes(value.toLowerCase());
  const text = JSON.stringify(template.components);
  return (
    has("name", template.name) && has("content", text) && has("name_or_content", template.name, text) && is("language", template.language) &&
    is("status", template.status) && is("category", template.category) && is("quality_score", template.quality.score)
  );
}

/** `a`, `a,b` and `["a","b"]` are all lists in a Graph query. */
function wordList(value: unknown): string[] {
  const parsed = parseJson(textOf(value));
  return (Array.isArray(parsed) ? parsed.map(String) : textOf(value).split(",")).map((word) => word.trim().toLowerCase());
}

function editTemplate(call: GraphCall, template: StoredTemplate): GraphAnswer {
  const { world } = call;
  const body = bodyOf(call);
  const now = world.clock.now();
  if (!["APPROVED", "REJECTED", "PAUSED"].includes(template.status)) throw invalid(2388039, "Message template cannot be edited", `A template that is ${template.status} cannot be edited.`);
  const category = textOf(body["category"]).toUpperCase();
  if (template.status === "APPROVED" && category !== "" && category !== template.category) {
    throw invalid(2388039, "Message template cannot be edited", "The category of an approved template cannot be changed.");
  }
  if (template.status === "APPROVED") {
    const recent = template.edits.filter((at) => now - at < 30 * day);
    if (recent.length >= 10 || recent.some((at) => now - at < day)) {
      throw invalid(2388039, "Message template cannot be edited", "An approved template can be edited once a day and ten times in 30 days.");
    }
  }
  if (body["components"] !== undefined) {
    checkRules({ name: template.name, language: template.language, category: category || template.category, parameter_format: template.parameterFormat, ...body });
    template.components = filledIn({ ...template, components: body["components"] as TemplateComponent[] });
    const format = textOf(body["parameter_format"]).toUpperCase();
    if (format !== "") template.parameterFormat = format === "NAMED" ? "NAMED" : "POSITIONAL";
  }
  // What is refused above is no edit.
  if (template.status === "APPROVED") template.edits.push(now);
  if (category !== "") template.category = category as TemplateCategory;
  if (typeof body["message_send_ttl_seconds"] === "number") template.ttlSeconds = body["message_send_ttl_seconds"];
  template.updatedAt = now;
  if (template.status !== "APPROVED" || !world.behaviour.templates.editedStaysSendable) setStatus(world, template, "PENDING");
  review(world, template);
  return { body: { success: true, id: template.id, name: template.name, category: template.category } };
}

function deleteTemplates(call: GraphCall): GraphAnswer {
  const { world } = call;
  const templates = chosen(world, parametersOf(call));
  if (templates.some(({ status }) => status === "DISABLED")) throw invalid(2388039, "Message template cannot be deleted", "A disabled template cannot be deleted.");
  for (const template of templates) {
    world.templates.remove(template);
    if (template.status === "APPROVED") world.templates.locked.set(template.name, world.clock.now() + 30 * day);
    setStatus(world, template, "DELETED");
  }
  return success;
}

function chosen(world: World, given: JsonObject): StoredTemplate[] {
  const [name, id] = [textOf(given["name"]), textOf(given["hsm_id"])];
  if (given["hsm_ids"] !== undefined) {
    const ids = arrayOf(typeof given["hsm_ids"] === "string" ? parseJson(given["hsm_ids"]) : given["hsm_ids"]).map(textOf);
    if (name || id || ids.length === 0 || ids.length > 100) throw new GraphError(100, { message: "(#100) Param hsm_ids must hold 1 to 100 ids and stand alone." });
    return ids.map((each) => existing(world.templates.byId(each)));
  }
  if (!name) throw missing("name");
  if (!id) {
    const all = world.templates.languagesOf(name);
    if (all.length === 0) existing(undefined);
    return all;
  }
  const template = existing(world.templates.byId(id));
  return [existing(template.name === name ? template : undefined)];
}

function existing(template: StoredTemplate | undefined): StoredTemplate {
  if (!template) throw new GraphError(100, { subcode: 2593002, message: "Invalid parameter", userTitle: "Message Template Not Found", userMessage: "No message template was found with the given name or id." });
  return template;
}
