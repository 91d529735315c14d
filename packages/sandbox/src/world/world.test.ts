import { describe, expect, it } from "vitest";
import { VirtualClock } from "./clock.ts";
import { digitsOf, parentUserIdOf, userIdOf, waIdOf, wamid } from "./identity.ts";
import { Random } from "./random.ts";
import { RequestLog } from "./request-log.ts";
import { TokenBucket } from "./token-bucket.ts";

describe("the virtual clock", () => {
  it("runs what is due in order, each at its own time", async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const seen: [string, number][] = [];
    const note = (name: string) => seen.push([name, Math.round((clock.now() - start) / 1000)]);
    clock.after(7_200_000, () => note("later"));
    clock.after(3_600_000, () => {
      note("first");
      clock.after(1_800_000, () => note("scheduled meanwhile"));
    });
    await clock.advance(86_400_000, async () => {});
    expect(seen).toEqual([["first", 3600], ["scheduled meanwhile", 5400], ["later", 7200]]);
    expect(clock.now() - start).toBeGreaterThanOrEqual(86_400_000);
    clock.close();
  });

  it("waits for what is under way before it goes on", async () => {
    const clock = new VirtualClock();
    const seen: string[] = [];
    clock.after(1000, () => seen.push("one"));
    clock.after(2000, () => seen.push("two"));
    await clock.advance(3000, async () => {
      seen.push("settled");
    });
    expect(seen).toEqual(["settled", "one", "settled", "two", "settled"]);
    clock.close();
  });

  it("runs by itself in real time, and not what was cancelled", async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    for (const ms of [30, 10, 20]) clock.after(ms, () => seen.push(ms));
    clock.after(15, () => seen.push(15))();
    await new Promise((done) => setTimeout(done, 60));
    expect(seen).toEqual([10, 20, 30]);
    clock.close();
  });
});

describe("ids", () => {
  it("have the layout of Meta's message ids", () => {
    expect(wamid("15550100123", "outbound", "7C41D09E5AB2F6830D")).toBe("wamid.HBgLMTU1NTAxMDAxMjMVAgARGBI3QzQxRDA5RTVBQjJGNjgzMEQA");
  });

  it("name a user by country and twenty digits, the same every time", () => {
    expect(userIdOf("500", "15550100123")).toMatch(/^US\.\d{20}$/);
    expect(userIdOf("500", "15550100123")).toBe(userIdOf("500", "15550100123"));
    expect(userIdOf("500", "15550100123")).not.toBe(userIdOf("501", "15550100123"));
    expect(parentUserIdOf("918000000002")).toMatch(/^IN\.ENT\.\d{20}$/);
  });

  it("drop the Brazilian ninth digit only where WhatsApp does", () => {
    expect(waIdOf("5511987654321")).toBe("5511987654321");
    expect(waIdOf("5531987654321")).toBe("553187654321");
    expect(waIdOf("5215512345678")).toBe("525512345678");
  });

  it("read numbers as people type them", () => {
    expect(digitsOf("+1 (555) 010-0123")).toBe("15550100123");
    expect(digitsOf("0123456789")).toBeUndefined();
    expect(digitsOf("twelve")).toBeUndefined();
  });
});

describe("chance and pace", () => {
  it("repeats with the seed", () => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return [random.hex(18), random.digits(16), random.letters(5), random.next()];
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
  });

  it("lets 80 messages a second through, a burst of one second included", () => {
    const bucket = new TokenBucket(80, 80 / 1000, 0);
    const taken = (now: number) => Array.from({ length: 200 }, () => bucket.take(now)).filter(Boolean).length;
    expect(taken(0)).toBe(80);
    expect(taken(500)).toBe(40);
    expect(taken(10_000)).toBe(80);
  });
});

it("the request log keeps the last 200, newest first", () => {
  const log = new RequestLog();
  for (let i = 0; i < 450; i++) log.add({ at: "", method: "GET", url: `/${i}`, headers: {}, body: "", status: 200, answer: "", ms: 1 });
  const urls = log.list(500).map(({ url }) => url);
  expect(urls).toHaveLength(200);
  expect([urls[0], urls[199]]).toEqual(["/449", "/250"]);
});
