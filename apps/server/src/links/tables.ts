import type { Generated } from "kysely";

interface LinkTargetsTable {
  workspace_id: string;
  id: string;
  url: string;
}

interface LinksTable {
  workspace_id: string;
  message_id: string;
  code: string;
  contact_id: string | null;
  target_id: string | null;
  target: string | null;
  place: string;
  created_at: Date;
  clicks: Generated<number>;
  first_clicked_at: Date | null;
  last_clicked_at: Date | null;
}

interface LinkClicksTable {
  workspace_id: string;
  id: string;
  code: string;
  at: Date;
  agent: string;
}

interface LinkSettingsTable {
  workspace_id: string;
  domain: string | null;
  expire_days: number | null;
  utm_append: boolean;
  utm_source: string;
  utm_medium: string;
}

declare module "../database/schema.ts" {
  interface Schema {
    link_targets: LinkTargetsTable;
    links: LinksTable;
    link_clicks: LinkClicksTable;
    link_settings: LinkSettingsTable;
  }
}
