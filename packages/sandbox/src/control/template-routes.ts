/** Meta's reviewers, played by hand: what becomes of a template. */
import type { FastifyInstance } from "fastify";
import { correctCategory, hold, pause, setQuality, setStatus, unpause } from "../graph/template-review.ts";
import type { StoredTemplate } from "../graph/template-store.ts";
import { viewOf } from "../graph/template-view.ts";
import type { World } from "../world/world.ts";
import { invalidField, notFound } from "./control-error.ts";

const decisions = ["approve", "reject", "pause", "unpause", "disable", "hold", "release", "drop"] as const;
const schema = {
  type: "object",
  additionalProperties: false,
  properties: {
    decision: { enum: decisions },
    reason: { type: "string" },
    quality: { enum: ["GREEN", "YELLOW", "RED", "UNKNOWN"] },
    category: { enum: ["MARKETING", "UTILITY"] },
  },
};

interface Decision {
  decision?: (typeof decisions)[number];
  reason?: string;
  quality?: string;
  category?: StoredTemplate["category"];
}

interface OfTemplate {
  Params: { id: string };
}

export function templateRoutes(app: FastifyInstance, world: World): void {
  app.get("/templates", async () => ({ items: world.templates.all().map((template) => stateOf(world, template)) }));
  app.get<OfTemplate>("/templates/:id/decision", async ({ params }) => stateOf(world, existing(world, params.id)));
  app.post<OfTemplate & { Body: Decision }>("/templates/:id/decision", { schema: { body: schema } }, async ({ params, body }) => {
    const template = existing(world, params.id);
    if (body.decision === undefined && body.quality === undefined && body.category === undefined) {
      throw invalidField("decision", `one of ${decisions.join(", ")}; or give quality or category`);
    }
    if (body.decision) decide(world, template, body.decision, body.reason);
    if (body.quality) setQuality(world, template, body.quality);
    if (body.category) correctCategory(world, template, body.category);
    return stateOf(world, template);
  });
}

function existing(world: World, id: string): StoredTemplate {
  const template = world.templates.byId(id);
  if (!template) throw notFound(`A template with the id ${id}`);
  return template;
}

function stateOf(world: World, template: StoredTemplate) {
  const fields = "name,language,status,category,rejected_reason,quality_score,components,previous_category,correct_category";
  return { ...viewOf(world, template, fields), held: template.held, waiting: world.held.get(template.id)?.length ?? 0 };
}

function decide(world: World, template: StoredTemplate, decision: (typeof decisions)[number], reason: string | undefined): void {
  switch (decision) {
    case "approve":
      return setStatus(world, template, "APPROVED");
    case "reject":
      return setStatus(world, template, "REJECTED", reason === undefined ? {} : { reason });
    case "pause":
      return pause(world, template);
    case "unpause":
      return unpause(world, template);
    case "disable":
      return setStatus(world, template, "DISABLED", { title: "DISABLED", disableDate: world.clock.seconds() });
    case "hold":
      return hold(world, template, "begin");
    case "release":
      return hold(world, template, "good");
    case "drop":
      return hold(world, template, "bad");
  }
}
