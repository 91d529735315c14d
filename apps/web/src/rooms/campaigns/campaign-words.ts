import type { CampaignRun, CampaignState, LossReason } from "@tincan/api";
import type { Tone } from "../../pieces/Dot.tsx";

const states: Record<CampaignState, { tone: Tone; word: string }> = {
  draft: { tone: "queued", word: "Draft" },
  awaitingApproval: { tone: "unknown", word: "Awaiting approval" },
  rejected: { tone: "failed", word: "Sent back" },
  scheduled: { tone: "sent", word: "Scheduled" },
  running: { tone: "delivered", word: "Running" },
  paused: { tone: "unknown", word: "Paused" },
  completed: { tone: "read", word: "Completed" },
  stopped: { tone: "queued", word: "Stopped" },
  expired: { tone: "failed", word: "Expired" },
  failed: { tone: "failed", word: "Failed" },
};

/** A campaign's state: its word and colour, the same on every screen. */
export const stateOf = (state: CampaignState) => states[state];

export const stateChoice = (Object.keys(states) as CampaignState[]).map((value) => ({ value, label: states[value].word }));

const runStates: Record<CampaignRun["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "queued", word: "Waiting for its time" },
  running: { tone: "delivered", word: "Running" },
  paused: { tone: "unknown", word: "Paused" },
  completed: { tone: "read", word: "Completed" },
  stopped: { tone: "queued", word: "Stopped" },
  failed: { tone: "failed", word: "Failed" },
};

export const runStateOf = (state: CampaignRun["state"]) => runStates[state];

/** Whether it may still be changed. */
export const isDraft = (state: CampaignState): boolean => state === "draft" || state === "rejected";

/** Only what is over, or never began, can be put away. */
export const isArchivable = (state: CampaignState): boolean => isDraft(state) || state === "completed" || state === "stopped" || state === "expired" || state === "failed";

const losses: Record<LossReason, string> = {
  notOptedIn: "Have not agreed to such messages",
  optedOut: "Opted out",
  doNotDisturb: "On do-not-disturb",
  noNumber: "Have no number",
  invalidNumber: "Have a number that cannot be",
  duplicateNumber: "Share a number with somebody who gets it",
  missingValue: "Lack a value of the text",
  valueInvalid: "Have a value that does not fit the template",
  valueAborted: "Left out by the text itself",
  noCoupon: "Found no coupon code left",
  frequencyCap: "Had enough messages lately",
  campaignGap: "Had this campaign not long ago",
  quietHours: "Have quiet hours then",
  localTimePassed: "Their time of day had passed",
  cutOff: "Would come after the cut-off",
  targetCap: "Beyond the most people allowed",
  safetyLimit: "Kept from it by the safety limit",
  outsideTier: "Beyond the number's 24-hour limit",
  controlGroup: "In the control group",
  notMatching: "Do not match any more",
  stopped: "Waited when it was stopped",
  removed: "Deleted meanwhile",
};

/** Why somebody gets nothing, as a line of a list of people: "Opted out". */
export const lossWords = (reason: string): string => (reason in losses ? losses[reason as LossReason] : reason);

/** "1 person", "1,204 people". */
export const people = (count: number): string => `${count.toLocaleString()} ${count === 1 ? "person" : "people"}`;
