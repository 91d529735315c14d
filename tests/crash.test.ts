import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxAccount, startSandbox, type Sandbox } from "@tincan/sandbox";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openDatabase } from "../apps/server/src/database/connection.ts";
import { Platform, templateRequest } from "./support/platform.ts";
import { ReportingHaptik } from "./support/reporting-haptik.ts";
import { Tincan } from "./support/tincan.ts";

/*
 * The whole loop with the server killed at random moments: CleverTap's requests in, the Cloud API or a provider of the generic contract out,
 * delivery reports back. The two take turns, a round each. The sandbox, the provider and the platform live in this process and outlive
 * the server.
 */
const ROUNDS = 20;
const IN_FLIGHT = 20;
const token = "crash-test-token";
/** To the Cloud API and to the generic provider. */
const deploymentIds = [randomUUID(), randomUUID()] as const;
const callbackSecret = "crash-test-callback-secret";

/** Receipts at once, no limits, webhooks repeated soon. */
const quick = {
  throughput: { messagesPerSecond: null },
  pairRate: null,
  receipts: { sentAfterMs: [1, 10], deliveredAfterMs: [5, 50] },
  webhooks: { retry: { firstMs: 200, factor: 1.5, mostMs: 1000, forMs: 3_600_000 } },
};

let people = 0;
let sandbox: Sandbox;
let haptik: ReportingHaptik;
let platform: Platform;
let tincan: Tincan;

beforeAll(async () => {
  sandbox = await startSandbox({ port: 0 });
  await fetch(`${sandbox.url}/sandbox/behaviour`, { method: "PUT", headers: { "content-type": "application/json" }, body: JSON.stringify(quick) });
  haptik = await ReportingHaptik.start();
  platform = new Platform();
  await platform.listen();
  tincan = await Tincan.prepare({
    provision: {
      workspace: { name: "Crash" },
      admin: { email: "admin@example.com", password: "correct horse battery" },
      apiKeys: [{ name: "test", key: "tc_crash_test_key_with_entropy_0001", role: "admin" }],
      providers: [
        {
          kind: "cloud-api", nickname: "Main", number: "+15550100199", baseUrl: sandbox.url, maxConcurrency: 200, default: true,
          wabaId: sandboxAccount.wabaId, phoneNumberId: sandboxAccount.phoneNumberId,
          accessToken: "sandbox-token", appSecret: "sandbox-app-secret", verifyToken: "sandbox-verify",
        },
        { kind: "generic", nickname: "Haptik", number: "+15550100198", endpoint: haptik.endpoint, headers: [{ key: "Token", value: "s" }], maxConcurrency: 200, callbackSecret },
      ],
      deployments: [
        { id: deploymentIds[0], token, platform: "clevertap", name: "CleverTap", provider: "Main", webhooks: platform.webhooks },
        { id: deploymentIds[1], token, platform: "clevertap", name: "CleverTap by Haptik", provider: "Haptik", webhooks: platform.webhooks },
      ],
      templates: [{ provider: "Haptik", name: "hello_world", language: "en_US", category: "UTILITY", components: [{ type: "BODY", text: "Hello" }] }],
    },
  });
  sandbox.subscribe(`${tincan.url}/wire/meta/webhook`);
  haptik.reportTo(`${tincan.url}/wire/callbacks/${callbackSecret}/status`);
  await tincan.start();
});
afterAll(async () => {
  await tincan?.remove();
  await platform?.close();
  await sandbox?.close();
  await haptik?.close();
});

/** Posts requests until told to stop; remembers which were accepted. */
async function load(accepted: Set<string>, round: number, running: () => boolean): Promise<void> {
  let n = 0;
  const worker = async (): Promise<void> => {
    while (running()) {
      const msgId = `${round}|${n++}|${randomUUID()}`;
      const deploymentId = deploymentIds[round % 2];
      try {
        const answer = await fetch(`${tincan.url}/wire/clevertap/${deploymentId}/messages`, {
          method: "POST",
          headers: { Token: token, "content-type": "application/json" },
          body: JSON.stringify(templateRequest(msgId, `+1555${String(++people).padStart(7, "2000000")}`)),
        });
        const body = (await answer.json()) as { status: string };
        if (answer.status === 200 && body.status === "success") accepted.add(msgId);
        await sleep(10);
      } catch {
        await sleep(20);
      }
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
}

interface Listed {
  id: string;
  msgId: string | null;
  to: string;
  state: string;
  provider: { nickname: string };
}

async function allMessages(): Promise<Listed[]> {
  const all: Listed[] = [];
  let after = "";
  do {
    const answer = await fetch(`${tincan.url}/api/v1/messages?limit=200${after && `&after=${after}`}`, {
      headers: { authorization: "Bearer tc_crash_test_key_with_entropy_0001" },
    });
    expect(answer.status).toBe(200);
    const page = (await answer.json()) as { items: Listed[]; next: string | null };
    all.push(...page.items);
    after = page.next ?? "";
  } while (after);
  return all;
}

/** How often each person's phone, or the provider in its place, got the message that went to that person alone. */
async function timesReceived(messages: Listed[]): Promise<Map<string, number>> {
  const times = new Map<string, number>();
  for (const { id, to, provider } of messages) {
    if (provider.nickname === "Haptik") {
      times.set(to, haptik.taken.get(id) ?? 0);
      continue;
    }
    const answer = await fetch(`${sandbox.url}/sandbox/phones/${to.slice(1)}/messages`);
    const shown = (await answer.json()) as { direction: string }[];
    times.set(to, shown.filter((m) => m.direction === "in").length);
  }
  return times;
}

/** As if the time were over in which a message whose outcome nobody knows waits for its receipt. */
async function stopWaiting(): Promise<void> {
  const { port, password } = JSON.parse(readFileSync(`${tincan.folder}/data/postgres/connection.json`, "utf8")) as { port: number; password: string };
  const database = await openDatabase(`postgres://tincan:${password}@127.0.0.1:${port}/tincan`, { connections: 1 });
  await database.pool.query("update outbox set due_at = now() where state = 'ambiguous'");
  await database.close();
}

describe("a server killed at random moments under load", () => {
  it(`loses no accepted message and doubles none, over ${ROUNDS} rounds`, { timeout: 480_000 }, async () => {
    const accepted = new Set<string>();
    for (let round = 0; round < ROUNDS; round++) {
      let running = true;
      const loading = load(accepted, round, () => running);
      await sleep(200 + Math.random() * 800);
      await tincan.crash();
      running = false;
      await loading;
      await tincan.start();
    }

    // Everything that is certain settles; what is ambiguous waits for receipts that the sandbox repeats until they are taken.
    const unfinished = (m: Listed): boolean => ["queued", "submitted", "sent"].includes(m.state);
    let messages = await allMessages();
    for (let i = 0; i < 60 && messages.some(unfinished); i++) {
      await sleep(1000);
      messages = await allMessages();
    }
    expect(accepted.size).toBeGreaterThan(ROUNDS * 20);
    const byMsgId = new Map(messages.map((m) => [m.msgId, m]));
    expect(byMsgId.size).toBe(messages.length);
    expect([...accepted].filter((msgId) => !byMsgId.has(msgId))).toEqual([]);
    expect(messages.filter(unfinished).map((m) => m.state)).toEqual([]);

    const times = await timesReceived(messages);
    expect(messages.filter((m) => (times.get(m.to) ?? 0) > 1)).toEqual([]);
    expect(messages.filter((m) => m.state === "delivered" && times.get(m.to) !== 1)).toEqual([]);
    // What nobody can tell waits for its receipt; it reached nobody, or the receipt would have come, unless the provider never says a word.
    const waiting = messages.filter((m) => m.state === "sending");
    expect(waiting.filter((m) => times.get(m.to) !== 0 && !haptik.silent.has(m.id))).toEqual([]);
    expect(waiting.filter((m) => haptik.silent.has(m.id)).length).toBe(haptik.silent.size);
    for (const nickname of ["Main", "Haptik"]) expect(messages.filter((m) => m.provider.nickname === nickname && m.state === "delivered").length).toBeGreaterThan(ROUNDS * 5);

    // Every delivered message was reported in order, none of its steps left out.
    expect(platform.complaints).toEqual([]);
    for (const m of messages.filter((x) => x.state === "delivered")) {
      expect([...new Set(platform.said(m.msgId ?? ""))]).toEqual(["sent", "delivered"]);
    }

    // In the end each is in one final state, and what was ambiguous is said to be unknown and was not sent again.
    await stopWaiting();
    const states = async (): Promise<string[]> => [...new Set((await allMessages()).map((m) => m.state))].sort();
    await expect.poll(states, { timeout: 20_000 }).toEqual(waiting.length > 0 ? ["delivered", "unknown"] : ["delivered"]);
    expect(await timesReceived(waiting)).toEqual(new Map(waiting.map((m) => [m.to, times.get(m.to)])));
  });
});
