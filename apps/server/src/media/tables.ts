import type { Generated } from "kysely";

interface MediaFilesTable {
  workspace_id: string;
  id: string;
  provider_id: string;
  /** The provider's id of the file. */
  wire_media_id: string;
  mime_type: string;
  filename: string | null;
  /** Bytes. */
  size: number;
  /** In hexadecimal digits. */
  sha256: string;
  /** Below the media folder. */
  path: string;
  created_at: Generated<Date>;
}

declare module "../database/schema.ts" {
  interface Schema {
    media_files: MediaFilesTable;
  }
}
