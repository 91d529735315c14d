import type { GenericProvider } from "@tincan/api";
import { buildFeatures } from "../../apps/server/src/wiring.ts";
import { addPeople, makeProvider, Sink, workspaceOf } from "./campaigns.ts";
import { startTestServer, type TestServer } from "./server.ts";
import type { Visitor } from "./visitor.ts";

export interface CampaignServer {
  server: TestServer;
  /** What the provider's endpoint leads to. */
  sink: Sink;
  admin: Visitor;
  provider: GenericProvider;
  workspaceId: string;
  stop(): Promise<void>;
}

/** A whole server that is at work, with this many people in it and a provider whose endpoint is a sink over real HTTP. */
export async function startCampaignServer(people: number): Promise<CampaignServer> {
  const sink = await Sink.start();
  const server = await startTestServer({ env: { TINCAN_SANDBOX: "on" }, build: buildFeatures });
  const admin = await server.admin();
  const workspaceId = await workspaceOf(server.database.db);
  const provider = await makeProvider(admin, server.database.db, sink);
  await addPeople(server.database.db, workspaceId, people);
  await server.features.start();
  const stop = async (): Promise<void> => {
    await server.stop();
    await sink.close();
  };
  return { server, sink, admin, provider, workspaceId, stop };
}
