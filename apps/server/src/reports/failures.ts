/**
 * Where a message was lost, and what to do about it.
 *
 *   internal   we did not send: the person was left out, or we refused
 *   dispatch   the provider did not take it when it was handed over
 *   delivery   it was taken, and a receipt said later that it did not arrive
 *
 * Counters keep who refused and the code, not when. The contract has different codes for the two; of Meta's, the error table says where each
 * is seen. One that is seen in both places counts as delivery, since that is where most are, except those about pace: these come with the
 * answer and are repeated until it is given up.
 */
import type { FailureFamily, FailureRow } from "@tincan/api";
import { isSendCode } from "@tincan/clevertap";
import { explainError } from "@tincan/whatsapp";
import { explainFailure } from "../ledger/explain.ts";
import type { WireError } from "../ledger/types.ts";

/** Of `source:code`, as campaign_failures has it. */
export function failureRow(failure: string, title: string, messages: number): FailureRow {
  const [source = "", code = ""] = failure.split(":");
  const error: WireError = { source: isSource(source) ? source : "provider", code: Number(code) || 0, title };
  const { meaning, fix } = explainFailure(error);
  return { family: familyOf(error), failure, title, meaning: meaning ?? null, fix: fix ?? null, messages };
}

/** People who got no message at all, as a row beside the failed ones. */
export function lossRow(reason: string, people: number): FailureRow {
  const [title, meaning, fix] = losses[reason] ?? [reason, null, null];
  return { family: "internal", failure: reason, title, meaning, fix, messages: people };
}

export function familyOf({ source, code }: WireError): FailureFamily {
  if (source === "tincan") return "internal";
  // Delivery reports may hold any number; answers to a request, those of the contract or an HTTP status.
  if (source === "provider") return isSendCode(code) || (code >= 300 && code <= 599) ? "dispatch" : "delivery";
  const { channel, retry } = explainError(code);
  if (channel === "answer") return "dispatch";
  return channel === "either" && (retry === "backOff" || retry === "pairBackOff") ? "dispatch" : "delivery";
}

function isSource(source: string): source is WireError["source"] {
  return source === "tincan" || source === "provider" || source === "meta";
}

/** Reasons of campaign_people in words; the control group is no failure. */
const losses: Record<string, [title: string, meaning: string, fix: string | null]> = {
  notOptedIn: ["No consent", "They have not agreed to messages of this category.", "Ask them for consent first."],
  optedOut: ["Opted out", "They do not want messages of this category any more.", null],
  doNotDisturb: ["Do not disturb", "Their number is marked as not to be disturbed.", null],
  noNumber: ["No number", "Nothing is known where they could be written to.", "Add their phone number."],
  invalidNumber: ["Number not valid", "Their number cannot be one of WhatsApp.", "Correct their phone number."],
  duplicateNumber: ["Same number twice", "Somebody else of the audience has the same number and gets the message.", "Merge the two people if they are one."],
  missingValue: ["Value missing", "A text of the message would have been empty for them.", "Give the value a default, or fill in the property."],
  valueInvalid: ["Value not usable", "A value does not fit the template for them.", "Look at the values and at what these people have there."],
  valueAborted: ["Left out by the text", "The message's own text says to leave them out.", null],
  noCoupon: ["No coupon code left", "The pool of codes was used up.", "Add codes to the pool."],
  frequencyCap: ["Enough messages", "They had as many campaign messages as the workspace allows.", null],
  campaignGap: ["Too soon again", "They got this campaign not long ago.", null],
  quietHours: ["Quiet hours", "It would have come in quiet hours.", "Let quiet hours put messages off instead."],
  localTimePassed: ["Local time passed", "The chosen time of day was over where they are.", "Start earlier, or send to them the next day."],
  cutOff: ["Too late", "The campaign's end came first.", null],
  targetCap: ["Enough people", "The campaign had reached as many people as it may.", null],
  outsideTier: ["Outside the number's limit", "The number may not write to that many people in 24 hours.", "Spread the campaign over days."],
  notMatching: ["No longer matching", "They were not among those meant any more when their time came.", null],
  stopped: ["Campaign stopped", "The campaign was stopped before their turn.", null],
  removed: ["Deleted", "They were deleted before their turn.", null],
};
