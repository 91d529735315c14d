/**
 * Adds up what would become of people, and says it for all of the audience. Each person is judged without the limits on how many there may be;
 * the limits are then held against the numbers for everybody, in the order in which sending meets them: the target cap, the codes, the
 * number's tier. What is over a limit comes last, so it is taken from those who would wait before those who would get it at once.
 */
import type { CampaignFunnel, CampaignPerson, LossReason } from "@tincan/api";
import { callingCodeOf } from "../contacts/phone.ts";
import type { Refusal } from "./judge/refusal.ts";
import { fillingFor } from "./personalise/compose.ts";
import type { RunContext } from "./run-context.ts";
import type { Candidate, Verdict } from "./types.ts";

const MOST_BEHIND = 100;

/** Messages of one calling code and category. */
export interface Planned {
  market: string;
  category: string;
  messages: number;
}

/** What holds for all of the audience together; null where there is no limit. */
export interface FunnelLimits {
  /** Nobody gets it then. */
  refusal: Refusal | null;
  /** How many more people the campaign may reach. */
  target: number | null;
  /** That many each day: whoever waits may come on another. */
  targetIsDaily: boolean;
  /** How many more people the number may write to today. `goesOn`: the others wait for the next days. */
  tier: { room: number; goesOn: boolean } | null;
  /** Codes left in the pool. */
  coupons: number | null;
}

type Result = Pick<CampaignFunnel, "looked" | "willBeSent" | "later" | "losses" | "variants" | "missing"> & { planned: Planned[] };

export class FunnelTally {
  readonly #live: boolean;
  #looked = 0;
  #now = 0;
  #later = 0;
  /** Of those who would be reached, who need a code. */
  #takers = 0;
  readonly #lost = new Map<LossReason, { people: number; behind: CampaignPerson[] }>();
  readonly #variants = new Map<string, number>();
  readonly #missing = new Map<string, number>();
  readonly #planned = new Map<string, Planned>();
  /** The last who would be reached: whom a limit would leave out. */
  readonly #last: CampaignPerson[] = [];
  readonly #lastTakers: CampaignPerson[] = [];

  /** `live`: what an event will say is not known before it happens. */
  constructor(live: boolean) {
    this.#live = live;
  }

  add(variants: RunContext["variants"], candidate: Candidate, verdict: Verdict, now: Date): void {
    this.#looked++;
    if (verdict.kind === "lost") return this.#lose(verdict.reason, personOf(candidate, null, verdict.reason, verdict.detail ?? null));
    const variant = verdict.kind === "held" || verdict.variant === undefined ? undefined : variants.get(verdict.variant);
    if (variant) {
      const filling = fillingFor(candidate, "CODE", now);
      variant.make(filling);
      const missing = new Set(this.#live ? filling.missing.filter((name) => !name.startsWith("event.")) : filling.missing);
      for (const name of missing) this.#missing.set(name, (this.#missing.get(name) ?? 0) + 1);
      const { lost } = filling;
      if (lost && (lost.reason !== "missingValue" || missing.size > 0)) return this.#lose(lost.reason, personOf(candidate, variant.key, lost.reason, lost.detail));
      this.#variants.set(variant.key, (this.#variants.get(variant.key) ?? 0) + 1);
      this.#plan(callingCodeOf(candidate.phone ?? ""), variant.category);
      if (variant.reads.has("coupon")) {
        this.#takers++;
        keepLast(this.#lastTakers, personOf(candidate, variant.key, "noCoupon", null));
      }
    }
    keepLast(this.#last, personOf(candidate, null, "", null));
    if (verdict.kind === "send") this.#now++;
    else this.#later++;
  }

  #plan(market: string, category: string): void {
    const planned = this.#planned.get(`${market} ${category}`) ?? { market, category, messages: 0 };
    planned.messages++;
    this.#planned.set(`${market} ${category}`, planned);
  }

  #lose(reason: LossReason, person: CampaignPerson): void {
    const lost = this.#lost.get(reason) ?? { people: 0, behind: [] };
    this.#lost.set(reason, lost);
    lost.people++;
    if (lost.behind.length < MOST_BEHIND) lost.behind.push(person);
  }

  /** Numbers for all of the audience, of which those who were looked at are an even part. */
  result(matched: number, limits: FunnelLimits): Result {
    // How many people each one who was looked at stands for. People may have been added since they were counted.
    const factor = this.#looked === 0 ? 0 : Math.max(1, matched / this.#looked);
    const whole = (people: number): number => Math.round(people * factor);
    const losses = [...this.#lost].map(([reason, { people, behind }]) => ({ reason, people: whole(people), behind }));
    const found = whole(this.#now + this.#later);
    let now = whole(this.#now);
    let later = found - now;
    const leaveOut = (reason: LossReason, people: number, from: readonly CampaignPerson[], orLater = true): void => {
      if (people <= 0) return;
      const waiting = orLater ? Math.min(later, people) : 0;
      later -= waiting;
      now -= people - waiting;
      losses.push({ reason, people, behind: from.slice(-Math.min(people, MOST_BEHIND)).map((person) => ({ ...person, reason })) });
    };
    const { refusal, target, targetIsDaily, coupons, tier } = limits;
    if (refusal) leaveOut(refusal.reason, found, this.#last);
    if (target !== null) leaveOut("targetCap", Math.min(found, (targetIsDaily ? now : now + later) - Math.max(0, target)), this.#last, !targetIsDaily);
    if (coupons !== null) leaveOut("noCoupon", Math.min(now + later, Math.round(whole(this.#takers) * share(now + later, found)) - coupons), this.#lastTakers);
    if (tier && now > tier.room) {
      if (tier.goesOn) [now, later] = [tier.room, later + now - tier.room];
      else leaveOut("outsideTier", now - tier.room, this.#last, false);
    }
    const reached = share(now + later, found);
    const scaled = (people: number): number => Math.round(people * factor * reached);
    return {
      looked: this.#looked,
      willBeSent: now,
      later,
      losses: losses.sort((a, b) => b.people - a.people),
      variants: largestFirst(this.#variants).map(([key, people]) => ({ key, people: scaled(people) })).filter(({ people }) => people > 0),
      missing: largestFirst(this.#missing).map(([variable, people]) => ({ variable, people: whole(people) })),
      planned: [...this.#planned.values()].map((planned) => ({ ...planned, messages: scaled(planned.messages) })),
    };
  }
}

function personOf({ contactId, phone, profile }: Candidate, variant: string | null, reason: string, detail: string | null): CampaignPerson {
  return { contactId, name: typeof profile["name"] === "string" ? profile["name"] : null, phone, variant, messageId: null, reason, detail, at: null };
}

function keepLast(people: CampaignPerson[], person: CampaignPerson): void {
  people.push(person);
  // Seldom, so that it costs next to nothing.
  if (people.length >= 2 * MOST_BEHIND) people.splice(0, MOST_BEHIND);
}

function largestFirst(counts: Map<string, number>): [string, number][] {
  return [...counts].sort(([, a], [, b]) => b - a);
}

function share(part: number, of: number): number {
  return of === 0 ? 0 : part / of;
}
