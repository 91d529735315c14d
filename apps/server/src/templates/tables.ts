import type { ButtonSetting, TemplateComponent, TemplateValues } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";

interface TemplatesTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  /** Meta's id; null for a template that was given to us by hand. */
  remote_id: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  quality: Generated<string>;
  parameter_format: Generated<string>;
  components: JSONColumnType<TemplateComponent[]>;
  rejected_reason: string | null;
  samples: JSONColumnType<TemplateValues>;
  button_settings: JSONColumnType<ButtonSetting[]>;
  ttl_seconds: number | null;
  imported: Generated<boolean>;
  edits: Generated<Date[]>;
  name_locked_until: Date | null;
  archived_at: Date | null;
  synced_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

interface TemplateImportsTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  fetched: JSONColumnType<object[]>;
  digest: string;
  created_at: Date;
}

declare module "../database/schema.ts" {
  interface Schema {
    templates: TemplatesTable;
    template_imports: TemplateImportsTable;
  }
}
