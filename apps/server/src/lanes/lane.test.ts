import { afterEach, describe, expect, it } from "vitest";
import { Lane } from "./lane.ts";
import { Turns } from "./turns.ts";
import type { LaneLimits, LaneWork, Outcome, Settled } from "./work.ts";

const error = { source: "provider", code: 0, title: "Trouble" } as const;
const until = async (condition: () => boolean): Promise<void> => {
  for (let i = 0; i < 500; i++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("The condition never came true");
};

/** Work over numbers kept in memory, the shape of what the ledger keeps in tables. */
class Numbers implements LaneWork<number> {
  readonly limits: LaneLimits;
  ready: number[] = [];
  claimed = new Set<number>();
  settled: Settled<number>[] = [];
  sending = 0;
  mostSending = 0;
  answer: (job: number) => Promise<Outcome> = async () => ({ kind: "submitted" });
  failClaims = 0;

  constructor(count: number, limits: Partial<LaneLimits> = {}) {
    this.limits = { concurrency: 30, timeoutMs: 1000, ...limits };
    this.ready = Array.from({ length: count }, (_, i) => i);
  }

  async claim(_owner: string, limit: number): Promise<number[]> {
    const jobs = this.ready.splice(0, limit);
    for (const job of jobs) this.claimed.add(job);
    if (this.failClaims-- > 0) throw new Error("the answer of the claim was lost");
    return jobs;
  }
  async send(job: number): Promise<Outcome> {
    this.mostSending = Math.max(this.mostSending, ++this.sending);
    try {
      return await this.answer(job);
    } finally {
      this.sending--;
    }
  }
  async settle(settled: Settled<number>[]): Promise<void> {
    this.settled.push(...settled);
    for (const { job, outcome } of settled) {
      this.claimed.delete(job);
      if (outcome.kind === "laneDown") this.ready.push(job);
    }
  }
  async release(jobs: number[]): Promise<void> {
    for (const job of jobs) this.claimed.delete(job);
    this.ready.unshift(...jobs);
  }
  async restore(_owner: string, mine: number[]): Promise<void> {
    await this.release([...this.claimed].filter((job) => !mine.includes(job)));
  }
  async recover(): Promise<void> {}
  async sweep(): Promise<{ released: number }> {
    return { released: 0 };
  }
  async close(): Promise<void> {}

  get taken(): number[] {
    return this.settled.filter((s) => s.outcome.kind === "submitted").map((s) => s.job);
  }
}

let lane: Lane<number> | undefined;
function open(work: Numbers): Lane<number> {
  lane = new Lane(work, { owner: "me", log: { warn: () => {} }, turns: new Turns(2), onBreaker: () => {} });
  lane.extendLease(performance.now() + 60_000);
  return lane;
}
afterEach(async () => {
  await lane?.stop(100);
  lane = undefined;
});

describe("a lane", () => {
  it("sends every job once and settles each", async () => {
    const work = new Numbers(500);
    open(work);
    await until(() => work.settled.length === 500);
    expect(new Set(work.taken).size).toBe(500);
    expect(work.claimed.size).toBe(0);
  });

  it("never has more requests in flight than its limit", async () => {
    const work = new Numbers(300);
    work.answer = () => new Promise((resolve) => setTimeout(() => resolve({ kind: "submitted" }), 2));
    open(work);
    await until(() => work.settled.length === 300);
    expect(work.mostSending).toBe(30);
  });

  it("keeps to its rate", async () => {
    const work = new Numbers(60, { ratePerSecond: 100 });
    const started = performance.now();
    open(work);
    await until(() => work.settled.length === 60);
    // 10 leave at once, 50 at 100 a second.
    expect(performance.now() - started).toBeGreaterThan(450);
  });

  it("puts back what has not left when it is paused, and goes on when resumed", async () => {
    const work = new Numbers(100);
    let release: (outcome: Outcome) => void = () => {};
    const gate = new Promise<Outcome>((resolve) => (release = resolve));
    work.answer = () => gate;
    const paused = open(work);
    await until(() => work.sending === 30);
    paused.setPaused(true);
    await until(() => work.claimed.size === 30);
    expect(work.ready).toHaveLength(70);
    release({ kind: "submitted" });
    await until(() => work.settled.length === 30);
    paused.setPaused(false);
    await until(() => work.settled.length === 100);
    expect(new Set(work.taken).size).toBe(100);
  });

  it("gives back what has not left when it is recalled, and takes what may leave", async () => {
    const work = new Numbers(100);
    let release: (outcome: Outcome) => void = () => {};
    const gate = new Promise<Outcome>((resolve) => (release = resolve));
    work.answer = () => gate;
    const recalled = open(work);
    await until(() => work.sending === 30 && work.claimed.size > 30);
    const allowed = work.ready.splice(-10);
    const kept = work.ready.splice(0);
    work.release = async (jobs) => {
      for (const job of jobs) work.claimed.delete(job);
      kept.push(...jobs);
      work.ready = [...allowed];
    };
    recalled.recall();
    await until(() => kept.length === 60);
    release({ kind: "submitted" });
    await until(() => work.settled.length === 40);
    expect(work.taken).toEqual(expect.arrayContaining(allowed));
    expect(work.claimed.size).toBe(0);
  });

  it("sends nothing after its lease has ended", async () => {
    const work = new Numbers(10);
    lane = new Lane(work, { owner: "me", log: { warn: () => {} }, turns: new Turns(2), onBreaker: () => {} });
    lane.extendLease(performance.now() - 1);
    lane.wake();
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(work.settled).toEqual([]);
  });

  it("stops claiming while its breaker is open, loses nothing, and goes on by itself", async () => {
    const work = new Numbers(50);
    let broken = true;
    work.answer = async () => (broken ? { kind: "laneDown", cause: "endpoint", error } : { kind: "submitted" });
    const opened = open(work);
    await until(() => opened.breaker.state === "open" && work.claimed.size === 0);
    expect(work.ready).toHaveLength(50);
    broken = false;
    const sweeping = setInterval(() => void opened.sweep(new Date()), 50);
    await until(() => work.taken.length === 50);
    clearInterval(sweeping);
  });

  it("gets back what a claim marked whose answer was lost", async () => {
    const work = new Numbers(40);
    work.failClaims = 1;
    open(work);
    await until(() => work.settled.length === 40);
    expect(new Set(work.taken).size).toBe(40);
  });

  it("sends nothing twice when the answer of putting jobs back was lost", async () => {
    const work = new Numbers(60);
    let answer: (outcome: Outcome) => void = () => {};
    const gate = new Promise<Outcome>((resolve) => (answer = resolve));
    work.answer = () => gate;
    const release = work.release.bind(work);
    let lost = true;
    work.release = async (jobs) => {
      await release(jobs);
      if (lost) throw new Error("the answer of the release was lost");
    };
    const losing = open(work);
    await until(() => work.sending === 30 && work.claimed.size > 30);
    losing.setPaused(true);
    await until(() => work.claimed.size === 30);
    lost = false;
    losing.setPaused(false);
    answer({ kind: "submitted" });
    await until(() => work.settled.length >= 60 && work.claimed.size === 0);
    expect(work.taken.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, i) => i));
  });

  it("asks who holds the lane before it puts back what it held when its lease ended", async () => {
    const work = new Numbers(60);
    let answer: (outcome: Outcome) => void = () => {};
    const gate = new Promise<Outcome>((resolve) => (answer = resolve));
    work.answer = () => gate;
    const restored: number[][] = [];
    work.release = () => Promise.reject(new Error("another process may be sending these"));
    work.restore = async (_owner, mine) => void restored.push(mine);
    const late = open(work);
    await until(() => work.sending === 30 && work.claimed.size > 30);
    late.extendLease(performance.now() - 1);
    await until(() => restored.length > 0);
    expect(restored).toEqual([expect.objectContaining({ length: 30 })]);
    answer({ kind: "submitted" });
    await until(() => work.settled.length === 30);
  });

  it("counts as requests only those that left", async () => {
    const work = new Numbers(20);
    work.answer = async (job) => (job % 2 === 0 ? { kind: "submitted" } : { kind: "turn", afterMs: 6000 });
    const counting = open(work);
    await until(() => work.settled.length === 20);
    expect(counting.stats()).toMatchObject({ rate: 2, errorRate: 0 });
  });

  it("stores an exception in sending as ambiguous", async () => {
    const work = new Numbers(1);
    work.answer = () => Promise.reject(new Error("a mistake of ours"));
    open(work);
    await until(() => work.settled.length === 1);
    expect(work.settled[0]?.outcome).toMatchObject({ kind: "ambiguous", error: { details: "Error: a mistake of ours" } });
  });

  it("waits for requests under way when it stops, and settles them", async () => {
    const work = new Numbers(10);
    work.answer = () => new Promise((resolve) => setTimeout(() => resolve({ kind: "submitted" }), 50));
    const stopping = open(work);
    await until(() => work.sending === 10);
    await stopping.stop(1000);
    lane = undefined;
    expect(work.taken).toHaveLength(10);
  });
});
