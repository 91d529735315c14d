/**
 * Fills a template with the examples it was approved with, for a test request: what the marketer sees in the preview is what a
 * test then sends.
 */
import type { TemplateComponent } from "@tincan/api";
import type { Button, Card, FilledText, Header, TemplateDraft } from "@tincan/clevertap";
import { fillVariables, templateVariables, variablesIn, type AnyTemplate, type ButtonNeed } from "@tincan/whatsapp";
import { bodyExamples, componentOf as component, firstText as first, headerExample, mediaExample } from "../templates/examples.ts";
import type { RegisteredTemplate } from "../templates/registry.ts";

/** How long a test's limited-time offer lasts. */
const OFFER_MS = 24 * 60 * 60 * 1000;

type Parts = Pick<TemplateDraft, "header" | "body" | "buttons" | "footer" | "limitedTimeOffer" | "carousel">;

/**
 * @param values for the body's variables in order; examples stand in for those left out, and values too many stay, so that a test
 *   can show what the platform would be told
 */
export function examplesOf(template: RegisteredTemplate, values: readonly string[], now: Date): Parts {
  const { components } = template;
  const needs = templateVariables({ ...template, parameter_format: template.parameterFormat } as unknown as AnyTemplate);
  const footer = component(components, "FOOTER")?.text;
  const cards = component(components, "CAROUSEL")?.cards ?? [];
  return {
    ...partOf(components, needs.buttons, values),
    ...(footer && { footer }),
    ...(needs.limitedTimeOffer?.expires && { limitedTimeOffer: { expiresAtMs: now.getTime() + OFFER_MS } }),
    ...(cards.length > 0 && { carousel: cards.map((card, i): Card => partOf(card.components, needs.cards[i]?.buttons ?? [], [])) }),
  };
}

function partOf(components: readonly TemplateComponent[], needs: readonly ButtonNeed[], values: readonly string[]): Pick<Parts, "header" | "body" | "buttons"> {
  const header = headerOf(component(components, "HEADER"));
  const body = component(components, "BODY");
  return {
    ...(header && { header }),
    ...(body?.text !== undefined && { body: filled(body.text, bodyExamples(body.example), values) }),
    buttons: (component(components, "BUTTONS")?.buttons ?? []).flatMap((button, index): Button[] => {
      const text = button.text;
      const base = { index, ...(text && { text }) };
      const example = first(button.example);
      switch (button.type.toUpperCase()) {
        case "URL":
          return [needs[index]?.need === "required" ? { ...base, kind: "dynamicUrl", value: example ?? "test" } : { ...base, kind: "staticUrl", ...(button.url && { value: button.url }) }];
        case "PHONE_NUMBER":
          return [{ ...base, kind: "callPhone", ...(button.phone_number && { value: button.phone_number }) }];
        case "COPY_CODE":
          return [{ ...base, kind: "copyCode", value: example ?? "TEST" }];
        case "QUICK_REPLY":
          return [{ ...base, kind: "quickReply" }];
        default:
          return [];
      }
    }),
  };
}

function headerOf(header: TemplateComponent | undefined): Header | undefined {
  const mediaUrl = mediaExample(header?.example) ?? "";
  switch (header?.format?.toUpperCase()) {
    case "IMAGE":
      return { kind: "image", mediaUrl };
    case "VIDEO":
      return { kind: "video", mediaUrl };
    case "DOCUMENT":
      return { kind: "document", mediaUrl };
    case "LOCATION":
      return { kind: "location", latitude: "0", longitude: "0", name: "Test" };
    case "TEXT":
      return { kind: "text", ...filled(header?.text ?? "", [headerExample(header?.example) ?? "Test"], []) };
    default:
      return undefined;
  }
}

/** Values given come first, then examples, then the variable's own name. */
function filled(text: string, examples: readonly string[], values: readonly string[]): FilledText {
  const names = variablesIn(text);
  const parameters = names.map((name, i) => values[i] ?? examples[i] ?? name);
  const byName = new Map(names.map((name, i) => [name, parameters[i]]));
  return { text: fillVariables(text, (name) => byName.get(name)), parameters: [...parameters, ...values.slice(names.length)] };
}
