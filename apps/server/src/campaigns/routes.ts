import { Campaign, CampaignDecision, CampaignInput, CampaignPatch, CampaignPeopleQuery, CampaignPerson, CampaignQuery, CampaignSettings, CampaignSummary, IdParams, List } from "@tincan/api";
import type { Permission } from "@tincan/api";
import Type from "typebox";
import type { Actor } from "../http/actor.ts";
import type { RoutePlugin } from "../http/app.ts";
import { checkDefinition } from "./check.ts";
import { approve, archive, launch, pause, reject, resume, stop, type LifeDeps } from "./life.ts";
import { changeCampaign, cloneCampaign, createCampaign, deleteCampaign } from "./manage.ts";
import { assertOneFilter, campaignPeople } from "./people.ts";
import { presentCampaign, presentSummary } from "./present.ts";
import { campaignSettings, saveCampaignSettings } from "./settings.ts";
import { countsOf, findCampaign, labelsOf, listCampaigns, lossesOf, newestRuns } from "./store.ts";

const tags = ["Campaigns"];
const read = { permission: "campaigns.read" } as const;
const write = { permission: "campaigns.write" } as const;
const decide = { permission: "campaigns.approve" } as const;
/** Runs that a campaign's answer holds. */
const RUNS_SHOWN = 20;

/** Campaigns: drafts, and what people do to them. Funnel, preview and people behind numbers have routes of their own. */
export function campaignRoutes(deps: LifeDeps): RoutePlugin {
  const { db } = deps;

  /** All as of one moment: a campaign that is over has no run that is not, and its counters are those of the runs shown. */
  const present = ({ workspaceId }: Actor, id: string): Promise<Campaign> =>
    db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(async (tx) => {
      const row = await findCampaign(tx, workspaceId, id);
      const counts = await countsOf(tx, workspaceId, [row.id]);
      const runs = await newestRuns(tx, workspaceId, row.id, RUNS_SHOWN);
      const losses = await lossesOf(tx, workspaceId, row.id);
      const problems = row.state === "draft" || row.state === "rejected" ? await checkDefinition(tx, workspaceId, row.definition, new Date()) : [];
      return presentCampaign(row, { counts: counts.get(row.id), runs, losses, problems });
    });

  return async (app) => {
    app.get("/campaigns", { config: read, schema: { tags, summary: "List campaigns", querystring: CampaignQuery, response: { 200: List(CampaignSummary) } } }, async ({ actor, query }) => {
      const page = await listCampaigns(db, actor.workspaceId, query);
      const counts = await countsOf(db, actor.workspaceId, page.items.map(({ id }) => id));
      return { items: page.items.map((row) => presentSummary(row, counts.get(row.id))), next: page.next };
    });

    app.get("/campaigns/labels", { config: read, schema: { tags, summary: "List the labels that campaigns have", response: { 200: List(Type.String()) } } }, async ({ actor }) => ({
      items: await labelsOf(db, actor.workspaceId),
      next: null,
    }));

    app.post("/campaigns", { config: write, schema: { tags, summary: "Make a draft", description: "It may be unfinished: `problems` lists what a launch still needs. Only `name` is required.", body: CampaignInput, response: { 201: Campaign } } }, async ({ actor, body }, reply) =>
      reply.code(201).send(await present(actor, await createCampaign(db, actor, body))),
    );

    app.get("/campaigns/:id", { config: read, schema: { tags, summary: "Show a campaign", params: IdParams, response: { 200: Campaign } } }, async ({ actor, params }) => present(actor, params.id));

    app.patch("/campaigns/:id", { config: write, schema: { tags, summary: "Change a draft", description: "Replaces the members that are given; the others stay. A campaign that was sent back can be changed, too.", params: IdParams, body: CampaignPatch, response: { 200: Campaign } } }, async ({ actor, params, body }) => {
      const { id } = await findCampaign(db, actor.workspaceId, params.id);
      await changeCampaign(db, actor, id, body);
      return present(actor, id);
    });

    app.delete("/campaigns/:id", { config: write, schema: { tags, summary: "Delete a draft", description: "What was launched can only be archived.", params: IdParams, response: { 204: Type.Null() } } }, async ({ actor, params }, reply) => {
      await deleteCampaign(db, actor, (await findCampaign(db, actor.workspaceId, params.id)).id);
      return reply.code(204).send(null);
    });

    app.post("/campaigns/:id/clone", { config: write, schema: { tags, summary: "Copy a campaign into a new draft", params: IdParams, response: { 201: Campaign } } }, async ({ actor, params }, reply) =>
      reply.code(201).send(await present(actor, await cloneCampaign(db, actor, params.id))),
    );

    const steps: { path: string; permission: Permission; summary: string; make(deps: LifeDeps, actor: Actor, id: string): Promise<void> }[] = [
      { path: "launch", permission: "campaigns.write", summary: "Launch a campaign, or ask for its approval", make: launch },
      { path: "approve", permission: "campaigns.approve", summary: "Approve a launch", make: approve },
      { path: "pause", permission: "campaigns.write", summary: "Pause a campaign: what has not left is held", make: pause },
      { path: "resume", permission: "campaigns.write", summary: "Resume a paused campaign", make: resume },
      { path: "stop", permission: "campaigns.write", summary: "Stop a campaign for good: what has not left fails", make: stop },
      { path: "archive", permission: "campaigns.write", summary: "Archive a campaign that is over", make: (life: LifeDeps, actor: Actor, id: string) => archive(life, actor, id, true) },
      { path: "unarchive", permission: "campaigns.write", summary: "Take a campaign out of the archive", make: (life: LifeDeps, actor: Actor, id: string) => archive(life, actor, id, false) },
    ];
    for (const { path, permission, summary, make } of steps) {
      app.post(`/campaigns/:id/${path}`, { config: { permission }, schema: { tags, summary, params: IdParams, response: { 200: Campaign } } }, async ({ actor, params }) => {
        const { id } = await findCampaign(db, actor.workspaceId, params.id);
        await make(deps, actor, id);
        return present(actor, id);
      });
    }

    app.post("/campaigns/:id/reject", { config: decide, schema: { tags, summary: "Reject a launch: the campaign goes back to its author", params: IdParams, body: CampaignDecision, response: { 200: Campaign } } }, async ({ actor, params, body }) => {
      const { id } = await findCampaign(db, actor.workspaceId, params.id);
      await reject(deps, actor, id, body.reason);
      return present(actor, id);
    });

    app.get(
      "/campaigns/:id/people",
      { config: read, schema: { tags, summary: "List the people behind a number", description: "Give one of `step`, `failure` and `loss`. A page may be short and still have a next one.", params: IdParams, querystring: CampaignPeopleQuery, response: { 200: List(CampaignPerson) } } },
      async ({ actor, params, query }) => {
        assertOneFilter(query);
        const { id } = await findCampaign(db, actor.workspaceId, params.id);
        return campaignPeople(db, actor.workspaceId, id, query);
      },
    );

    app.get("/campaign-settings", { config: read, schema: { tags, summary: "Show the rules for all campaigns", response: { 200: CampaignSettings } } }, async ({ actor }) => campaignSettings(db, actor.workspaceId));

    app.put("/campaign-settings", { config: decide, schema: { tags, summary: "Change the rules for all campaigns", body: CampaignSettings, response: { 200: CampaignSettings } } }, async ({ actor, body }) =>
      saveCampaignSettings(db, actor, body),
    );
  };
}
