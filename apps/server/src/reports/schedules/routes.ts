import { randomBytes } from "node:crypto";
import { IdParams, List, ListQuery, ReportSchedule, ReportScheduleInput } from "@tincan/api";
import Type from "typebox";
import { audit } from "../../accounts/audit.ts";
import { may } from "../../accounts/permissions.ts";
import { campaignSettings } from "../../campaigns/settings.ts";
import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Actor } from "../../http/actor.ts";
import type { RoutePlugin } from "../../http/app.ts";
import { ApiError } from "../../http/errors.ts";
import { assertReachableUrl, type ReachPolicy } from "../../http/reachable.ts";
import { deliver, NotDelivered, type DeliverDeps } from "./deliver.ts";
import { deleteSchedule, findSchedule, insertSchedule, listSchedules, noteSent, presentSchedule, replaceSchedule, type ScheduleDefinition, type ScheduleRow } from "./store.ts";
import { nextTime } from "./times.ts";
import { maskedUrl, openWebhook, sealWebhook } from "./webhook.ts";

export interface ScheduleRoutesDeps extends DeliverDeps {
  policy: ReachPolicy;
}

const tags = ["Reports"];
const read = { permission: "reports.read" } as const;
const write = { permission: "reports.write" } as const;

/** Reports that are sent by themselves. */
export function reportScheduleRoutes(deps: ScheduleRoutesDeps): RoutePlugin {
  const { db, secrets } = deps;

  const present = ({ role }: Actor, row: ScheduleRow): ReportSchedule => presentSchedule(row, may(role, "reports.write") ? openWebhook(secrets, row) : null);

  /** What a schedule is stored as; a webhook keeps the key it had. */
  const check = async ({ workspaceId }: Actor, { every, weekday, time, by, to }: ReportScheduleInput, before?: ScheduleRow): Promise<Pick<ScheduleRow, "definition" | "secret" | "due_at">> => {
    if (to.kind === "email" && !deps.mail) throw new ApiError("mail_not_set_up");
    if (to.kind === "webhook") await assertReachableUrl(to.url, deps.policy, "to.url");
    const { timeZone } = await campaignSettings(db, workspaceId);
    const kept = to.kind === "webhook" ? { ...to, url: maskedUrl(to.url) } : to;
    const definition: ScheduleDefinition = { every, ...(weekday !== undefined && { weekday }), time, by, to: kept };
    const key = (before && openWebhook(secrets, before)?.key) ?? randomBytes(32).toString("base64url");
    const secret = to.kind === "webhook" ? sealWebhook(secrets, { url: to.url, key }) : null;
    return { definition, secret, due_at: nextTime(definition, timeZone, new Date()) };
  };

  /** One change by the actor: made, audited and told together. */
  const change = async (actor: Actor, action: string, { id, name }: { id: string; name: string }, make: (tx: Database) => Promise<void>): Promise<void> => {
    await db.transaction().execute(async (tx) => {
      await make(tx);
      await audit(tx, actor, { action: `report_schedule.${action}`, target: { kind: "report_schedule", id, name } });
      await tellOnCommit(tx, actor.workspaceId, "reports");
    });
  };

  return async (app) => {
    app.get("/report-schedules", { config: read, schema: { tags, summary: "List scheduled reports", querystring: ListQuery, response: { 200: List(ReportSchedule) } } }, async ({ actor, query }) => {
      const page = await listSchedules(db, actor.workspaceId, query);
      return { items: page.items.map((row) => present(actor, row)), next: page.next };
    });

    app.post(
      "/report-schedules",
      { config: write, schema: { tags, summary: "Schedule a report", description: "Every day, week or month, about the one before. A webhook is signed with `secret`.", body: ReportScheduleInput, response: { 201: ReportSchedule } } },
      async ({ actor, body }, reply) => {
        const checked = await check(actor, body);
        const id = uuidv7();
        await change(actor, "created", { id, name: body.name }, (tx) =>
          insertSchedule(tx, { workspace_id: actor.workspaceId, id, name: body.name, ...checked, created_by: actor.name }),
        );
        return reply.code(201).send(present(actor, await findSchedule(db, actor.workspaceId, id)));
      },
    );

    app.put("/report-schedules/:id", { config: write, schema: { tags, summary: "Replace a scheduled report", params: IdParams, body: ReportScheduleInput, response: { 200: ReportSchedule } } }, async ({ actor, params, body }) => {
      const row = await findSchedule(db, actor.workspaceId, params.id);
      const checked = await check(actor, body, row);
      await change(actor, "changed", { id: row.id, name: body.name }, (tx) => replaceSchedule(tx, { workspace_id: actor.workspaceId, id: row.id, name: body.name, ...checked }));
      return present(actor, await findSchedule(db, actor.workspaceId, row.id));
    });

    app.delete("/report-schedules/:id", { config: write, schema: { tags, summary: "Delete a scheduled report", params: IdParams, response: { 204: Type.Null() } } }, async ({ actor, params }, reply) => {
      const row = await findSchedule(db, actor.workspaceId, params.id);
      await change(actor, "deleted", row, (tx) => deleteSchedule(tx, actor.workspaceId, row.id));
      return reply.code(204).send(null);
    });

    app.post(
      "/report-schedules/:id/send",
      { config: write, schema: { tags, summary: "Send a report now", description: "About the day, week or month before today. Its times stay as they are.", params: IdParams, response: { 200: ReportSchedule } } },
      async ({ actor, params }) => {
        const row = await findSchedule(db, actor.workspaceId, params.id);
        try {
          await deliver(deps, row, new Date());
        } catch (cause) {
          if (!(cause instanceof NotDelivered)) throw cause;
          await noteSent(db, actor.workspaceId, row.id, cause.message);
          throw new ApiError("report_not_sent", { detail: cause.message }, { cause });
        }
        await change(actor, "sent", row, (tx) => noteSent(tx, actor.workspaceId, row.id, null));
        return present(actor, await findSchedule(db, actor.workspaceId, row.id));
      },
    );
  };
}
