import type { Callback, CallbackHealth } from "@tincan/api";
import type { Tone } from "../../pieces/Dot.tsx";

/** How the way back to the platform is doing, in a word or two. */
export function callbackWord(health: CallbackHealth): { tone: Tone; word: string } {
  switch (health.status) {
    case "ok":
      return { tone: "read", word: health.lastDeliveredAt ? "Going through" : "Ready" };
    case "retrying":
      return { tone: "unknown", word: `Retrying ${health.retrying.toLocaleString()}` };
    case "parked":
      return { tone: "failed", word: `${health.parked.toLocaleString()} parked` };
    case "unset":
      return { tone: "queued", word: "No webhook URL" };
  }
}

const states: Record<Callback["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "queued", word: "Waiting" },
  retrying: { tone: "unknown", word: "Retrying" },
  delivered: { tone: "read", word: "Delivered" },
  parked: { tone: "failed", word: "Parked" },
};

export const callbackState = (state: Callback["state"]) => states[state];

/** What the contract's answer codes to a send mean, and what to do. */
const answerCodes: Record<number, string> = {
  2000: "The Token in the request is not this deployment's. Paste the Token again at the platform.",
  2001: "The template is unknown, not approved, or the values do not fit it. Compare the template's variables with the values.",
  2002: "The recipient is not a phone number in international form.",
  2003: "The recipient cannot be written to.",
  2004: "The request cannot be used; the message names the field.",
};

/** Reads an answer of our Callback URL: did it take the message, and if not, why. */
export function answerSentence(body: unknown): { ok: boolean; sentence: string } {
  const answer = typeof body === "object" && body !== null ? body : {};
  if ("status" in answer && answer.status === "success") return { ok: true, sentence: "Success: the request was taken." };
  const error = "error" in answer && typeof answer.error === "object" && answer.error !== null ? answer.error : {};
  const code = "code" in error && typeof error.code === "number" ? error.code : undefined;
  const message = "message" in error && typeof error.message === "string" ? error.message : "no reason given";
  const meaning = code === undefined ? undefined : answerCodes[code];
  return { ok: false, sentence: `Refused${code === undefined ? "" : ` with ${code}`}: ${message}.${meaning ? ` ${meaning}` : ""}`.replace("..", ".") };
}
