import type { Template } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp/templates";

/** The open places of a template's body, each once, in the order a request lists their values, with the sample Meta was given. */
export function bodyVariables(template: Pick<Template, "components">): { key: string; example: string }[] {
  const body = template.components.find((component) => component.type.toUpperCase() === "BODY");
  const { body_text: places, body_text_named_params: named } = body?.example ?? {};
  const first: unknown = Array.isArray(places) ? (Array.isArray(places[0]) ? places[0] : places) : [];
  const samples = Array.isArray(first) ? first : [];
  return variablesIn(body?.text ?? "").map((key, index) => {
    const byName: unknown = Array.isArray(named) ? named.find((one: unknown) => typeof one === "object" && one !== null && "param_name" in one && one.param_name === key) : undefined;
    const sample: unknown = typeof byName === "object" && byName !== null && "example" in byName ? byName.example : samples[index];
    return { key, example: typeof sample === "string" ? sample : "" };
  });
}
