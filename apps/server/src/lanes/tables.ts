import type { Generated, JSONColumnType } from "kysely";
import type { LaneStats } from "./lane.ts";

interface LanesTable {
  workspace_id: string;
  id: string;
  kind: "provider" | "platform";
  owner: string | null;
  lease_until: Generated<Date>;
  paused_at: Date | null;
  breaker_state: Generated<"closed" | "open" | "probing">;
  breaker_reason: string | null;
  breaker_since: Date | null;
  stats: JSONColumnType<Partial<LaneStats>>;
}

declare module "../database/schema.ts" {
  interface Schema {
    lanes: LanesTable;
  }
}
