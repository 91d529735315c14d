import type { LaneStatus } from "@tincan/api";

/** `bad`: nothing leaves and somebody has to act; `still`: stopped on purpose or feeling its way; `good`: running. */
export function laneTone(lane: LaneStatus): "good" | "still" | "bad" {
  if (lane.breaker.state === "open") return "bad";
  return lane.paused || lane.breaker.state === "probing" ? "still" : "good";
}

/** Why a lane does not run, and what becomes of what waits in it. */
export function laneSentence(lane: LaneStatus, what: "Messages" | "Callbacks"): string {
  const keeps = `${what} wait in the queue; nothing is lost.`;
  if (lane.paused) return `Paused${lane.pausedBy ? ` by ${lane.pausedBy}` : ""}. ${keeps}`;
  const why = lane.breaker.why ?? "The other side does not answer.";
  return `${/[.!?]$/.test(why) ? why : `${why}.`} ${keeps}`;
}
