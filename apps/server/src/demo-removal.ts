/**
 * Taking the demo away: what the demo start made, and all that came of it, leaves in one transaction. The workspace, its people, its
 * keys and its audit log stay, and so does what people made there themselves, unless it needs the demo's number: a deployment on it
 * goes with it. A later start does not bring the demo back, since it was seeded once (server.ts).
 */
import { DemoData, type LiveTopic } from "@tincan/api";
import Type from "typebox";
import { audit } from "./accounts/audit.ts";
import { readDemoItems, takeDemoItems } from "./accounts/demo-items.ts";
import type { Database, DatabaseHandle } from "./database/connection.ts";
import { tellOnCommit } from "./database/live.ts";
import type { Actor } from "./http/actor.ts";
import type { RoutePlugin } from "./http/app.ts";
import { ApiError } from "./http/errors.ts";

/** Deletes a feature's demo items, and all that hangs on them, in the transaction it is handed. */
export interface DemoRemover {
  /** The kind under which the feature remembered them (accounts/demo-items.ts). */
  kind: string;
  remove(tx: Database, workspaceId: string, ids: string[]): Promise<void>;
}

export interface DemoRemovalDeps {
  database: DatabaseHandle;
  /** In the order in which they must run: what refers to others goes before them. */
  removers: readonly DemoRemover[];
  /** After the commit: whoever keeps something of the workspace in memory must read it again. */
  onRemoved(workspaceId: string): void;
}

/** What open dashboards show that may be gone now. */
const TOPICS: LiveTopic[] = ["providers", "deployments", "templates", "messages", "callbacks", "lanes", "contacts", "segments", "campaigns", "workspace"];

export function demoRoutes(deps: DemoRemovalDeps): RoutePlugin {
  return async (app) => {
    app.get(
      "/demo",
      { config: { permission: "workspace.write" }, schema: { tags: ["Workspace"], summary: "Show what the demo start made", response: { 200: DemoData } } },
      async ({ actor }) => ({ items: [...(await readDemoItems(deps.database.db, actor.workspaceId))].map(([kind, ids]) => ({ kind, ids })) }),
    );

    app.delete(
      "/demo",
      {
        config: { permission: "workspace.write" },
        schema: { tags: ["Workspace"], summary: "Remove the demo data", description: "The demo's numbers, their deployments, templates and messages, and the people who became contacts by writing to them. This cannot be undone.", response: { 204: Type.Null() } },
      },
      async ({ actor }, reply) => {
        await removeDemo(deps, actor);
        return reply.code(204).send(null);
      },
    );
  };
}

async function removeDemo(deps: DemoRemovalDeps, actor: Actor): Promise<void> {
  const { workspaceId } = actor;
  await deps.database.db.transaction().execute(async (tx) => {
    const items = await takeDemoItems(tx, workspaceId);
    if (items.size === 0) throw new ApiError("demo_not_found");
    for (const { kind, remove } of deps.removers) {
      const ids = items.get(kind);
      if (ids) await remove(tx, workspaceId, ids);
    }
    const { name } = await tx.selectFrom("workspaces").select("name").where("id", "=", workspaceId).executeTakeFirstOrThrow();
    await audit(tx, actor, { action: "workspace.demo_removed", target: { kind: "workspace", id: workspaceId, name } });
    for (const topic of TOPICS) await tellOnCommit(tx, workspaceId, topic);
  });
  deps.onRemoved(workspaceId);
}
