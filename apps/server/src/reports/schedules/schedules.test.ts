import { createHmac, randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingHttpHeaders, type Server } from "node:http";
import type { AuditEntry, OverviewReport, ReportSchedule } from "@tincan/api";
import { sql } from "kysely";
import { SMTPServer } from "smtp-server";
import { Agent } from "undici";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startReportWorld, type ReportWorld } from "../test/world.ts";
import { ScheduleWorker } from "./worker.ts";

interface Letter {
  from: string;
  to: string[];
  text: string;
}

/** What the mail server and the webhook got; both refuse while told to. */
const letters: Letter[] = [];
const hooks: { headers: IncomingHttpHeaders; body: string }[] = [];
let refusing = false;
let world: ReportWorld;
let sink: Server;
let hookUrl = "";

const smtp = new SMTPServer({
  disabledCommands: ["AUTH", "STARTTLS"],
  onRcptTo: (address, _session, done) => done(refusing || address.address.startsWith("nobody") ? new Error("No such mailbox") : null),
  onData: (stream, session, done) => {
    let text = "";
    stream.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    stream.on("end", () => {
      letters.push({ from: session.envelope.mailFrom ? session.envelope.mailFrom.address : "", to: session.envelope.rcptTo.map(({ address }) => address), text: asWritten(text) });
      done();
    });
  },
});

/** Lines put together again that the transfer encoding broke. */
function asWritten(text: string): string {
  return text.replaceAll(/=\r?\n/g, "").replaceAll("=3D", "=");
}

beforeAll(async () => {
  smtp.listen(0, "127.0.0.1");
  sink = createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (body += chunk));
    request.on("end", () => {
      if (!refusing) hooks.push({ headers: request.headers, body });
      response.writeHead(refusing ? 500 : 204).end();
    });
  }).listen(0, "127.0.0.1");
  await Promise.all([once(sink, "listening"), smtp.server.listening || once(smtp.server, "listening")]);
  hookUrl = `http://127.0.0.1:${portOf(sink)}/reports`;
  world = await startReportWorld({ SMTP_URL: `smtp://127.0.0.1:${portOf(smtp.server)}`, MAIL_FROM: "Reports <reports@example.com>" });
  await world.features.start();
});
afterAll(async () => {
  await world.stop();
  sink.close();
  await new Promise<void>((resolve) => smtp.close(() => resolve()));
});
beforeEach(async () => {
  letters.length = 0;
  hooks.length = 0;
  refusing = false;
  await world.database.pool.query("truncate campaigns, campaign_runs, campaign_cells, campaign_counts, campaign_costs, report_schedules, audit_log");
});

function portOf(server: { address(): unknown }): number {
  return (server.address() as { port: number }).port;
}

const byMail = { name: "Daily", every: "day", time: "08:00", by: "campaign", to: { kind: "email", addresses: ["ada@example.com", "bo@example.com"] } };
const byHook = () => ({ name: "Hook", every: "day", time: "08:00", by: "campaign", to: { kind: "webhook", url: hookUrl } });
const make = async (input: object): Promise<ReportSchedule> => {
  const { status, body } = await world.api.post<ReportSchedule>("/api/v1/report-schedules", input);
  expect(status).toBe(201);
  return body;
};
const look = async (id: string): Promise<ReportSchedule> => (await world.api.get<{ items: ReportSchedule[] }>("/api/v1/report-schedules")).body.items.find((each) => each.id === id)!;
/** As if its time had come, this many minutes ago. */
const due = (id: string, minutes = 0): Promise<unknown> => sql`update report_schedules set due_at = now() - make_interval(mins => ${minutes}), try_at = now() where id = ${id}`.execute(world.database.db);
/** A campaign that sent yesterday. */
async function sentYesterday(name: string): Promise<void> {
  const { cells } = await world.campaign({ name });
  await world.count(cells["A"]!, `${new Date(Date.now() - 86_400_000).toISOString().slice(0, 10)}T12:00Z`, { queued: 70, sent: 60, delivered: 50, read: 40 });
}
const received = (): Record<string, never> & { schedule: { id: string }; period: { name: string; timeZone: string }; report: OverviewReport } => JSON.parse(hooks.at(-1)!.body);

describe("a scheduled report", () => {
  test("goes out by e-mail when its time comes, about the day before, and then waits for the next", async () => {
    await sentYesterday("Sale & <more>");
    const { id } = await make(byMail);
    await due(id);
    await expect.poll(() => letters.length).toBe(1);
    const [letter] = letters;
    expect(letter!.to).toEqual(["ada@example.com", "bo@example.com"]);
    expect(letter!.from).toBe("reports@example.com");
    const yesterday = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
    expect(letter!.text).toContain(`Subject: Daily: ${yesterday}`);
    expect(letter!.text).toMatch(/Sale & <more> +70 +60 +50 +40/);
    expect(letter!.text).toContain("Sale &amp; &lt;more&gt;");
    await expect.poll(async () => (await look(id)).lastAt).not.toBeNull();
    const { nextAt, lastFailure } = await look(id);
    expect(Date.parse(nextAt)).toBeGreaterThan(Date.now());
    expect([nextAt.slice(11, 16), lastFailure]).toEqual(["08:00", null]);
  });

  test("goes to a webhook, signed with its secret", async () => {
    await sentYesterday("Sale");
    const { id, secret } = await make(byHook());
    await due(id);
    await expect.poll(() => hooks.length).toBe(1);
    expect(received()).toMatchObject({ schedule: { id }, period: { timeZone: "UTC" }, report: { total: { queued: 70 }, rows: [{ name: "Sale" }] } });
    expect(hooks[0]!.headers["x-tincan-signature"]).toBe(`sha256=${createHmac("sha256", secret!).update(hooks[0]!.body).digest("hex")}`);
  });

  test("that was not taken keeps its failure and is tried again, about the same day", async () => {
    const { id } = await make(byHook());
    refusing = true;
    await due(id, 10);
    await expect.poll(async () => (await look(id)).lastFailure).toBe("The webhook answered HTTP 500.");
    const minutes = (Date.parse((await look(id)).nextAt) - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(0.5);
    expect(minutes).toBeLessThan(1.1);
    refusing = false;
    await sql`update report_schedules set try_at = now()`.execute(world.database.db);
    await expect.poll(async () => (await look(id)).lastFailure).toBeNull();
    expect(received().period.name).toBe(new Date(Date.now() - 86_400_000 - 600_000).toISOString().slice(0, 10));
  });

  test("that is refused too often waits for its next time", async () => {
    const { id } = await make(byMail);
    refusing = true;
    await sql`update report_schedules set attempts = 5, try_at = now() where id = ${id}`.execute(world.database.db);
    await expect.poll(async () => (await look(id)).lastFailure).toContain("No such mailbox");
    expect((await look(id)).nextAt.slice(11, 16)).toBe("08:00");
  });

  test("goes out once, however many processes look", async () => {
    const others = Array.from({ length: 3 }, () => {
      const { core } = world;
      return new ScheduleWorker({ db: world.database.db, live: core.live, log: core.log, secrets: core.secrets, mail: undefined, publicUrl: world.url, dispatcher: new Agent() });
    });
    const made = await Promise.all(Array.from({ length: 5 }, (_, i) => make({ ...byHook(), name: `Hook ${i}` })));
    for (const other of others) other.start();
    await sql`update report_schedules set try_at = now()`.execute(world.database.db);
    await expect.poll(async () => (await Promise.all(made.map(({ id }) => look(id)))).every(({ lastAt }) => lastAt !== null)).toBe(true);
    await Promise.all(others.map((other) => other.stop()));
    expect(hooks.map(({ body }) => (JSON.parse(body) as { schedule: { id: string } }).schedule.id).toSorted()).toEqual(made.map(({ id }) => id).toSorted());
  });

  test("left by a process that died is sent when its lease has run out", async () => {
    const { id } = await make(byHook());
    await sql`update report_schedules set try_at = now(), runner = ${randomUUID()}, lease_until = now() + interval '1 second' where id = ${id}`.execute(world.database.db);
    await expect.poll(() => hooks.length).toBe(1);
  });

  test("can be sent now, which leaves its times as they are and says why it fails", async () => {
    const { id, nextAt } = await make(byMail);
    const sent = await world.api.post<ReportSchedule>(`/api/v1/report-schedules/${id}/send`);
    expect([sent.status, letters.length, sent.body.nextAt]).toEqual([200, 1, nextAt]);
    refusing = true;
    const failed = await world.api.post<{ error: { code: string; message: string } }>(`/api/v1/report-schedules/${id}/send`);
    expect([failed.status, failed.body.error.code]).toEqual([502, "report_not_sent"]);
    expect(failed.body.error.message).toContain("No such mailbox");
    expect((await look(id)).lastFailure).toContain("No such mailbox");
  });

  test("is replaced, keeping its secret, and deleted; both are audited", async () => {
    const { id, secret } = await make(byHook());
    const replaced = await world.api.send<ReportSchedule>("PUT", `/api/v1/report-schedules/${id}`, { ...byHook(), name: "Weekly", every: "week", weekday: 3, time: "07:15" });
    expect(replaced.body).toMatchObject({ name: "Weekly", every: "week", weekday: 3, secret });
    expect([new Date(replaced.body.nextAt).getUTCDay(), replaced.body.nextAt.slice(11, 16)]).toEqual([3, "07:15"]);
    expect((await world.api.delete(`/api/v1/report-schedules/${id}`)).status).toBe(204);
    expect(await look(id)).toBeUndefined();
    const { items } = (await world.api.get<{ items: AuditEntry[] }>("/api/v1/audit?action=report_schedule")).body;
    expect(items.map(({ action }) => action)).toEqual(["report_schedule.deleted", "report_schedule.changed", "report_schedule.created"]);
  });
});

describe("scheduling", () => {
  test("takes only webhooks that this server may call", async () => {
    const answer = await world.api.post<{ error: { code: string; field: string } }>("/api/v1/report-schedules", { ...byMail, to: { kind: "webhook", url: "https://10.0.0.1/x" } });
    expect([answer.status, answer.body.error.code, answer.body.error.field]).toEqual([400, "address_not_allowed", "to.url"]);
  });

  test("is for those who may write reports, and members do not see secrets", async () => {
    const { id } = await make(byHook());
    const member = await world.script("member");
    expect((await member.post("/api/v1/report-schedules", byMail)).status).toBe(403);
    const { items } = (await member.get<{ items: ReportSchedule[] }>("/api/v1/report-schedules")).body;
    expect(items.map((each) => [each.id, each.secret, each.to])).toEqual([[id, null, { kind: "webhook", url: `${new URL(hookUrl).origin}/••••` }]]);
    const { rows } = await sql<{ definition: object }>`select definition from report_schedules where id = ${id}`.execute(world.database.db);
    expect(JSON.stringify(rows)).not.toContain(hookUrl);
  });

  test("keeps the address and key that were stored before addresses were sealed", async () => {
    const { id } = await make(byHook());
    const { secrets } = world.core;
    await sql`update report_schedules set secret = ${secrets.seal("the key")}, definition = jsonb_set(definition, '{to,url}', ${JSON.stringify(hookUrl)}::jsonb) where id = ${id}`.execute(world.database.db);
    const { body } = await world.api.get<{ items: ReportSchedule[] }>("/api/v1/report-schedules");
    expect(body.items.find((each) => each.id === id)).toMatchObject({ to: { url: hookUrl }, secret: "the key" });
  });

  test("of an e-mail is refused by a server that has no mail server", async () => {
    const other = await startReportWorld();
    try {
      const answer = await other.api.post<{ error: { code: string; fix: string } }>("/api/v1/report-schedules", byMail);
      expect([answer.status, answer.body.error.code]).toEqual([409, "mail_not_set_up"]);
      expect(answer.body.error.fix).toContain("SMTP_URL");
    } finally {
      await other.stop();
    }
  });
});
