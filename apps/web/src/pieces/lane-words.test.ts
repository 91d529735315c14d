import type { LaneStatus } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { laneSentence, laneTone } from "./lane-words.ts";

const lane = (changes: Partial<LaneStatus> = {}): LaneStatus => ({
  id: "l", kind: "provider", ownerId: "p", name: "Main", rate: 0, rateLimit: 80, inFlight: 0, limit: 200, queued: 0, oldestQueuedAt: null,
  lastReceiptAt: null, breaker: { state: "closed", why: null, since: null, nextProbeAt: null }, paused: false, pausedAt: null, pausedBy: null,
  ...changes,
});
const broken = { state: "open" as const, why: "Meta refused the token", since: null, nextProbeAt: null };

describe("what a lane's strip says", () => {
  it("is good while the breaker is closed", () => expect(laneTone(lane())).toBe("good"));
  it("is bad when the breaker is open, paused or not", () => expect(laneTone(lane({ breaker: broken, paused: true }))).toBe("bad"));
  it("stands still when somebody paused it, and names them", () => {
    const paused = lane({ paused: true, pausedBy: "Ada" });
    expect([laneTone(paused), laneSentence(paused, "Messages")]).toEqual(["still", "Paused by Ada. Messages wait in the queue; nothing is lost."]);
  });
  it("gives the breaker's reason as a sentence", () => {
    expect(laneSentence(lane({ breaker: broken }), "Callbacks")).toBe("Meta refused the token. Callbacks wait in the queue; nothing is lost.");
  });
});
