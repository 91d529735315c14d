/**
 * Codes of a refused send request, inside a 200 answer (CleverTap: Generic WhatsApp, error codes).
 * CleverTap counts a refusal as a dispatch error; 2004 shows there as "generic miscellaneous".
 */
export const sendCodes = {
  2000: "The credentials are wrong or missing.",
  2001: "The template, its language or its values do not match an approved template.",
  2002: "The phone number is not valid.",
  2003: "The number is not subscribed to WhatsApp messages.",
  2004: "The request was refused for another reason.",
} as const;
export type SendCode = keyof typeof sendCodes;

/** Codes of a failed delivery report: the message was accepted and could not be delivered (CleverTap: Generic WhatsApp, delivery report). */
export const callbackCodes = {
  1000: "The provider's credentials were refused.",
  1001: "The template, its language or its values were refused.",
  1002: "The phone number is not valid.",
  1003: "The number is no longer active on WhatsApp.",
  1004: "Too many messages were sent to this number.",
  1005: "The number is temporarily unavailable or not on WhatsApp.",
  1006: "The number has opted out or is on a block list.",
  1007: "The device cannot receive this message.",
  1008: "The 24-hour customer service window is closed.",
  1009: "Delivery failed for another reason.",
  1010: "Meta chose not to deliver the message.",
} as const;
export type CallbackCode = keyof typeof callbackCodes;

/** Codes of a record that an upload did not process (CleverTap: upload API, error codes). */
export const recordCodes = {
  509: "The event has no name.",
  512: "The event's data is not an object.",
  513: "The event's name is reserved for the system.",
  514: "The gender is not valid.",
  515: "The e-mail address is not valid.",
  516: "The phone number is not in E.164 form with a plus sign.",
  517: "The employment status is not valid.",
  518: "The education is not valid.",
  519: "The marital status is not valid.",
  520: "The age is not valid.",
  522: "The event has too many properties.",
  523: "The record has no identity.",
  524: "The record is neither a profile nor an event.",
  525: "The timestamp is not in epoch seconds.",
  526: "The objectId is not valid.",
  528: "The event is discarded by the account's settings.",
  555: "The record could not be stored.",
} as const;
export type RecordCode = keyof typeof recordCodes;

export function isSendCode(code: number): code is SendCode {
  return Object.hasOwn(sendCodes, code);
}

export function isCallbackCode(code: number): code is CallbackCode {
  return Object.hasOwn(callbackCodes, code);
}
