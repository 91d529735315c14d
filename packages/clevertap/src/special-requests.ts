import type { SendRequest, TemplateRequest } from "./send-request.ts";

/** The template name of the dummy request CleverTap posts when a provider is saved. Only this is safe to swallow. */
export const VERIFICATION_NAMESPACE = "whatsapp:hsm:technology:generic:verify";

/** The msgId of requests that no campaign sent. It repeats, so it is exempt from duplicate detection. */
export const TRIAL_MSG_ID = "0|0|0|0";

/** Whether this is the request of a provider being saved; it wants success within a second and is never sent. */
export function isVerificationProbe(request: SendRequest): boolean {
  return request.kind === "template" && request.template.name === VERIFICATION_NAMESPACE;
}

/**
 * Whether this is the request of a template being saved: msgId `0|0|0|0`, and all values the placeholders "0", "1", ….
 * Values are the variables of header, body, cards and dynamic URLs; a dynamic URL may also still hold its `{{1}}`. With n values every
 * placeholder is below n, whether counting goes on from part to part or starts again. A template without values is no
 * trial: nothing tells it from a "Send Test", and that must arrive.
 */
export function isTrial(request: SendRequest): boolean {
  if (request.kind !== "template" || request.msgId !== TRIAL_MSG_ID) return false;
  const { texts, urls } = valuesOf(request);
  const count = texts.length + urls.length;
  if (count === 0) return false;
  const isPlaceholder = (value: string) => /^(?:0|[1-9]\d{0,2})$/.test(value) && Number(value) < count;
  return texts.every(isPlaceholder) && urls.every((url) => isPlaceholder(url) || url.includes("{{"));
}

function valuesOf(request: TemplateRequest): { texts: string[]; urls: string[] } {
  let texts: string[] = [];
  const urls: string[] = [];
  for (const part of [request, ...(request.carousel ?? [])]) {
    if (part.header?.kind === "text") texts = texts.concat(part.header.parameters);
    if (part.body !== undefined) texts = texts.concat(part.body.parameters);
    for (const button of part.buttons) {
      if (button.kind === "dynamicUrl" && button.value !== undefined) urls.push(button.value);
    }
  }
  return { texts, urls };
}
