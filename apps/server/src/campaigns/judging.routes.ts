import { CampaignFunnel, CampaignPreview, CampaignPreviewInput, IdParams, SendInput, SendResult } from "@tincan/api";
import type { RoutePlugin } from "../http/app.ts";
import { funnelOf, type FunnelDeps } from "./funnel.ts";
import { previewOf } from "./preview.ts";
import { sendOne, type SendDeps } from "./send-one.ts";

/** Who would get what, and sending to one person. */
export function judgingRoutes(deps: FunnelDeps & SendDeps): RoutePlugin {
  const read = { permission: "campaigns.read" } as const;
  return async (app) => {
    app.post(
      "/campaigns/:id/funnel",
      {
        config: read,
        schema: {
          tags: ["Campaigns"], summary: "Count who would be left out, before sending", params: IdParams, response: { 200: CampaignFunnel },
          description: "Judges everybody and fills their messages, as sending would; stores nothing. It takes some seconds for a large audience.",
        },
      },
      async ({ actor, params }) => funnelOf(deps, actor.workspaceId, params.id),
    );

    app.post(
      "/campaigns/preview",
      {
        config: read,
        schema: {
          tags: ["Campaigns"], summary: "Preview messages as real people would see them", body: CampaignPreviewInput, response: { 200: CampaignPreview },
          description: "For the first five of the audience, or the contacts named. Values that are empty for somebody are named.",
        },
      },
      async ({ actor, body }) => previewOf(deps, actor.workspaceId, body),
    );

    app.post(
      "/send",
      {
        config: { permission: "messages.send" },
        schema: {
          tags: ["Messages"], summary: "Send a template to one person", body: SendInput, response: { 200: SendResult, 201: SendResult },
          description: "Answered once the message is stored: 201, or 200 for an idempotency key that made its message before. The person is added when they are not known, and must have agreed to messages of the template's category.",
        },
      },
      async ({ actor, body }, reply) => {
        const result = await sendOne(deps, actor, body);
        return reply.code(result.repeated ? 200 : 201).send(result);
      },
    );
  };
}
