import type { ButtonValue } from "@tincan/api";
import { dynamicUrlSuffix, type Button, type ButtonKind } from "@tincan/clevertap";
import type { ButtonNeed } from "@tincan/whatsapp";
import { templateLimits } from "@tincan/whatsapp/templates";
import { Mismatch } from "./mismatch.ts";

/** A platform's request is judged as Meta judges it, by the higher of its two numbers. */
const COUPON_LENGTH = templateLimits.couponCodeAtMeta;
/** What a quick reply's payload may have (Meta: template messages, buttons). */
const PAYLOAD_LENGTH = 256;

const words: Record<ButtonKind, string> = {
  quickReply: "quick reply",
  dynamicUrl: "dynamic URL",
  staticUrl: "static URL",
  callPhone: "phone number",
  copyCode: "copy code",
};

/**
 * The values of a request's buttons, at the places the template has for them. The request's indexes count when each of them points
 * at a button of its own kind; otherwise the first dynamic URL goes with the template's first URL variable, and so on, since
 * the contract's samples count from 0, from 1, or repeat an index.
 *
 * @param place begins each complaint: empty, or "card 2: "
 * @param trial whether a dynamic URL may still hold the variable's own mark instead of a value
 */
export function buttonValues(given: readonly Button[], needs: readonly ButtonNeed[], urls: readonly (string | undefined)[], place: string, trial: boolean): ButtonValue[] {
  const byIndex = given.every((button) => fits(button.kind, needs[button.index]));
  const taken = new Map<number, ButtonValue>();
  const seen = new Map<ButtonKind, number>();
  for (const button of given) {
    const nth = seen.get(button.kind) ?? 0;
    seen.set(button.kind, nth + 1);
    const need = byIndex ? needs[button.index] : needs.filter((each) => fits(button.kind, each))[nth];
    const value = need && valueOf(button, need, urls[need.index] ?? "", place, trial);
    if (need && value) taken.set(need.index, value);
    if (!need && carriesValue(button)) throw new Mismatch(`${place}button ${button.index} is a ${words[button.kind]}, and the template has no such button for it`);
  }
  const missing = needs.find((need) => need.need === "required" && !taken.has(need.index));
  if (missing) throw new Mismatch(`${place}the template's button ${missing.index} (${nameOf(missing)}) needs a value, the request has none`);
  return [...taken.values()].sort((a, b) => a.index - b.index);
}

function fits(kind: ButtonKind, need: ButtonNeed | undefined): boolean {
  if (!need) return false;
  switch (kind) {
    case "quickReply":
      return need.type === "QUICK_REPLY";
    case "dynamicUrl":
      return (need.type === "URL" && need.need === "required") || need.type === "OTP";
    case "staticUrl":
      return need.type === "URL" && need.need === "none";
    case "callPhone":
      return need.type === "PHONE_NUMBER" || need.type === "VOICE_CALL";
    case "copyCode":
      return need.type === "COPY_CODE" || need.type === "OTP";
  }
}

/** Static buttons and quick replies without a payload of their own change nothing in what is sent. */
function carriesValue(button: Button): boolean {
  return button.kind === "dynamicUrl" || button.kind === "copyCode" || (button.kind === "quickReply" && button.value !== undefined);
}

function valueOf({ kind, value }: Button, need: ButtonNeed, url: string, place: string, trial: boolean): ButtonValue | undefined {
  if (kind === "staticUrl" || kind === "callPhone" || value === undefined) return undefined;
  const { index } = need;
  if (kind === "quickReply") {
    if (value.length > PAYLOAD_LENGTH) throw new Mismatch(`${place}the payload of button ${index} has more than ${PAYLOAD_LENGTH} characters`);
    return value === "" ? undefined : { kind: "quickReply", index, payload: value };
  }
  if (need.type === "OTP") return { kind: "url", index, suffix: value };
  if (kind === "copyCode") {
    if (value === "" || value.length > COUPON_LENGTH) throw new Mismatch(`${place}the code of button ${index} must have 1 to ${COUPON_LENGTH} characters`);
    return { kind: "copyCode", index, code: value };
  }
  const suffix = dynamicUrlSuffix(value, url);
  if (suffix === "" && !trial) throw new Mismatch(`${place}the dynamic URL of button ${index} holds no value for the template's ${url}`);
  return { kind: "url", index, suffix: suffix === "" ? "0" : suffix };
}

function nameOf(need: ButtonNeed): string {
  return need.text === "" ? need.type : `${need.type} "${need.text}"`;
}
