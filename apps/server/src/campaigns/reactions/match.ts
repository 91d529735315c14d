import type { StoredEvent } from "../../contacts/event-listener.ts";
import type { RunDefinition } from "../types.ts";

/** An event that a run waits for. */
export interface Match {
  runId: string;
  campaignId: string;
  definition: RunDefinition;
  event: StoredEvent;
}
