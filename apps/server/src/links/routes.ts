import { LinkSettings, LinkSettingsInput, MessageLinks, MessageLinksQuery } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { DatabaseHandle } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import type { RoutePlugin } from "../http/app.ts";
import { linkUrl } from "./address.ts";
import type { LinkDomains } from "./domain.ts";
import { linksOfMessage } from "./of-message.ts";
import { readLinkSettings, saveLinkSettings } from "./settings.ts";

const tags = ["Links"];

/** The short links of a message, and how a workspace wants its links. */
export function linkRoutes({ database: { db }, domains, publicUrl }: { database: DatabaseHandle; domains: LinkDomains; publicUrl: string }): RoutePlugin {
  return async (app) => {
    app.get(
      "/links",
      { config: { permission: "messages.read" }, schema: { tags, summary: "List a message's short links", querystring: MessageLinksQuery, response: { 200: MessageLinks } } },
      async ({ actor, query }) => {
        const { domain } = await readLinkSettings(db, actor.workspaceId);
        const rows = await linksOfMessage(db, actor.workspaceId, query.messageId);
        return {
          items: rows.map((row) => ({
            code: row.code,
            url: linkUrl({ publicUrl, domain }, row.code),
            target: row.target,
            place: row.place,
            contactId: row.contact_id,
            clicks: row.clicks,
            firstClickedAt: row.first_clicked_at?.toISOString() ?? null,
            lastClickedAt: row.last_clicked_at?.toISOString() ?? null,
            createdAt: row.created_at.toISOString(),
          })),
        };
      },
    );

    app.get(
      "/link-settings",
      { config: { permission: "messages.read" }, schema: { tags, summary: "Show the link settings", response: { 200: LinkSettings } } },
      async ({ actor }) => ({ ...(await readLinkSettings(db, actor.workspaceId)), publicUrl }),
    );

    app.put(
      "/link-settings",
      {
        config: { permission: "workspace.write" },
        schema: {
          tags, summary: "Change the link settings", body: LinkSettingsInput, response: { 200: LinkSettings },
          description: "A domain that is new is asked whether it leads to this server; nothing is saved when it does not.",
        },
      },
      async ({ actor, body }) => {
        const { workspaceId } = actor;
        const before = await readLinkSettings(db, workspaceId);
        const domain = body.domain === null || body.domain === before.domain ? body.domain : await domains.verify(body.domain);
        const settings: LinkSettingsInput = { ...body, domain: domain === publicUrl ? null : domain };
        await db.transaction().execute(async (tx) => {
          await saveLinkSettings(tx, workspaceId, settings);
          await audit(tx, actor, { action: "links.settings_changed", target: { kind: "links", id: workspaceId, name: "Link settings" }, detail: settings });
          await tellOnCommit(tx, workspaceId, "workspace");
        });
        return { ...settings, publicUrl };
      },
    );
  };
}
