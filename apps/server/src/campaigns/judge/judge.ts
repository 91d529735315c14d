/**
 * What becomes of each person. The first reason in this order counts, so that a number on a report always means the same:
 *
 *   no number · no variant for them · number moved on or person gone, consent · the number had this run's message, caps and gap ·
 *   control group · their time: cut-off, time of day, quiet hours · target cap · the number's tier
 *
 * The control group is taken from those who could have been written to, so that it is compared with people like it. Values that are missing
 * show when messages are composed.
 */
import type { LossReason } from "@tincan/api";
import { isPhoneNumber } from "../../contacts/phone.ts";
import type { Database } from "../../database/connection.ts";
import type { RunContext } from "../run-context.ts";
import { campaignSettings } from "../settings.ts";
import type { Candidate, Verdict } from "../types.ts";
import { isControl } from "./buckets.ts";
import { capsOf, overCap } from "./caps.ts";
import { consentOf, readsOf, sentToPeople } from "./facts.ts";
import { targetRoom } from "./target.ts";
import { leaveBy, timeOf, timeRules } from "./times.ts";
import { chooseVariant } from "./variant.ts";

type WithNumber = Candidate & { phone: string };

function hasNumber(candidate: Candidate): candidate is WithNumber {
  return candidate.phone !== null;
}

/** A candidate on the way to a verdict. */
interface Person {
  candidate: WithNumber;
  place: number;
  /** Null while the winner of a test is not known. */
  variant: string | null;
}

/**
 * A verdict for each candidate, in the order given. Reads only, a handful of statements whatever their number; whoever is to get a
 * message goes on to composeBatch, which may still leave somebody out for want of a value or a coupon.
 */
export async function judgeBatch(tx: Database, context: RunContext, candidates: readonly Candidate[], now: Date): Promise<Verdict[]> {
  context.settings = await campaignSettings(tx, context.workspaceId);
  const verdicts: (Verdict | undefined)[] = candidates.map(() => undefined);
  const lose = (person: Person, reason: LossReason | undefined, detail?: string): boolean => {
    if (reason !== undefined) verdicts[person.place] = { kind: "lost", reason, ...(detail !== undefined && { detail }) };
    return reason === undefined;
  };

  let people: Person[] = [];
  for (const [place, candidate] of candidates.entries()) {
    const variant = chooseVariant(context, candidate);
    if (!hasNumber(candidate)) verdicts[place] = { kind: "lost", reason: "noNumber" };
    else if (!isPhoneNumber(candidate.phone)) verdicts[place] = { kind: "lost", reason: "invalidNumber", detail: candidate.phone };
    else if (variant === "none") verdicts[place] = { kind: "lost", reason: "notMatching" };
    else people.push({ candidate, place, variant: variant === "held" ? null : variant.key });
  }
  people = await withConsent(tx, context, people, lose);
  people = await withinCaps(tx, context, people, now, lose);
  const { campaign_id: campaignId, definition } = context.run;
  people = people.filter((person) => {
    const { contactId, waiting } = person.candidate;
    return lose(person, !waiting?.cellId && isControl(campaignId, contactId, definition.controlShare) ? "controlGroup" : undefined);
  });
  people = await whoseTimeItIs(tx, context, people, now, verdicts);
  await whoFits(tx, context, people, now, verdicts);
  return verdicts.map((verdict) => verdict ?? { kind: "held" });
}

type Lose = (person: Person, reason: LossReason | undefined, detail?: string) => boolean;

const reasons = { doNotDisturb: "doNotDisturb", optedOut: "optedOut", notOptedIn: "notOptedIn", unknownPerson: "removed" } as const;

async function withConsent(tx: Database, context: RunContext, people: Person[], lose: Lose): Promise<Person[]> {
  const { workspaceId, run, variants } = context;
  const [first] = variants.values();
  const byCategory = Map.groupBy(people, ({ variant }) => (variants.get(variant ?? "") ?? first)?.category ?? "marketing");
  const left = new Set<Person>();
  for (const [category, group] of byCategory) {
    const objections = await consentOf(tx, workspaceId, run.definition.provider, group.map(({ candidate }) => candidate), category);
    for (const [i, person] of group.entries()) if (lose(person, objections[i] ? reasons[objections[i]] : undefined)) left.add(person);
  }
  return byCategory.size > 1 ? people.filter((person) => left.has(person)) : [...left];
}

async function withinCaps(tx: Database, context: RunContext, people: Person[], now: Date, lose: Lose): Promise<Person[]> {
  const caps = capsOf(context, now.getTime());
  if (caps === null || people.length === 0) return people;
  const sent = await sentToPeople(tx, context.workspaceId, people.map(({ candidate }) => candidate), caps.since);
  return people.filter((person, i) => lose(person, overCap(caps, sent[i]!, person.candidate)));
}

async function whoseTimeItIs(tx: Database, context: RunContext, people: Person[], now: Date, verdicts: (Verdict | undefined)[]): Promise<Person[]> {
  const rules = timeRules(context);
  const ready = people.filter(({ variant }) => variant !== null);
  const asksReads = rules.timing.kind === "best";
  const reads = asksReads ? await readsOf(tx, context.workspaceId, ready.map(({ candidate }) => candidate.phone), now) : [];
  return ready.filter(({ candidate, place, variant }, i) => {
    const time = timeOf(rules, candidate, reads[i] ?? [], now.getTime());
    if (typeof time === "string") verdicts[place] = { kind: "lost", reason: time };
    else if (time > now.getTime()) verdicts[place] = { kind: "wait", dueAt: new Date(time), variant: variant! };
    return verdicts[place] === undefined;
  });
}

async function whoFits(tx: Database, context: RunContext, people: Person[], now: Date, verdicts: (Verdict | undefined)[]): Promise<void> {
  let target = people.length === 0 ? null : await targetRoom(tx, context, now);
  const tier = people.length === 0 ? null : await context.tier.room(tx, now);
  let room = tier?.people ?? Number.POSITIVE_INFINITY;
  const rules = timeRules(context);
  let sent = 0;
  for (const { place, variant, candidate } of people) {
    // Whoever is tried again is counted already.
    const isNew = (candidate.waiting?.attempt ?? 1) === 1;
    if (target !== null && isNew && --target < 0) verdicts[place] = { kind: "lost", reason: "targetCap" };
    else if (--room >= 0) {
      verdicts[place] = { kind: "send", variant: variant!, leaveBy: leaveBy(rules, candidate.timeZone, now.getTime()) };
      sent++;
    } else if (context.run.definition.pace.tier === "refuse") verdicts[place] = { kind: "lost", reason: "outsideTier" };
    else verdicts[place] = { kind: "wait", dueAt: tier!.freeAt, variant: variant! };
  }
  context.tier.add(sent);
}
