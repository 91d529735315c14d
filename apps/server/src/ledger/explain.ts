import type { MessageError } from "@tincan/api";
import { callbackCodes, isCallbackCode, isSendCode, sendCodes } from "@tincan/clevertap";
import { explainError, type Responsible } from "@tincan/whatsapp";
import type { WireError } from "./types.ts";

/** What to do about a refusal of Meta's, by who can do it. */
const remedies: Record<Responsible, string> = {
  marketer: "Change the template, its values or the audience.",
  admin: "Look at the WhatsApp account: its number, token, payment and permissions.",
  meta: "Nothing to change; it may pass.",
  recipient: "Only the person can change it.",
  developer: "Look at the request in the trace.",
};

/** What to do about the contract's codes for which there is more to say than their meaning. */
const contractRemedies: Record<number, string> = {
  1000: "Check the provider's credentials.",
  1001: "Compare the message's values with the template.",
  1006: "Leave the person out of marketing, until they ask for it again.",
  1008: "Send an approved template instead.",
  2000: "Check the provider's credentials.",
  2001: "Compare the message's values with the template.",
};

/** A refusal in words a person can act on. */
export function explainFailure({ source, code, title, details }: WireError): MessageError {
  const known = code === 0 ? null : String(code);
  if (source === "meta") {
    const { meaning, who } = explainError(code);
    return { code: known, title, meaning: details ? `${meaning} ${details}` : meaning, fix: remedies[who] };
  }
  const word = isCallbackCode(code) ? callbackCodes[code] : isSendCode(code) ? sendCodes[code] : null;
  return { code: known, title, meaning: details ?? (word === title ? null : word), fix: contractRemedies[code] ?? null };
}
