/** A server that imports, and what tests do with it. */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Import, ImportPatch } from "@tincan/api";
import { startTestServer } from "../../../../../tests/support/server.ts";
import type { TestServer } from "../../../../../tests/support/server.ts";
import type { Answer, Visitor } from "../../../../../tests/support/visitor.ts";
import { importRoutes } from "./routes.ts";
import { importThreads } from "./worker.ts";

export interface ImportServer {
  server: TestServer;
  admin: Visitor;
  folder: string;
  upload<T = Import>(content: string | Buffer, name?: string): Promise<Answer<T>>;
  /** Uploads, maps as guessed and with `patch`, and runs it to its end. */
  run(content: string | Buffer, patch?: ImportPatch, how?: "start" | "dry-run"): Promise<Import>;
  ended(id: string): Promise<Import>;
  problems(id: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startImportServer(options: { mostBytes?: number } = {}): Promise<ImportServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-imports-"));
  const server = await startTestServer({
    env: { DATA_DIR: folder },
    build: ({ accounts, database, live, log, settings }) => {
      const worker = importThreads({ database, live, log, dataDir: settings.dataDir });
      return {
        api: [...accounts.api, importRoutes({ db: database.db, dataDir: folder, mostBytes: options.mostBytes ?? 100_000_000, nudge: () => worker.nudge() })],
        wire: [], appliers: [], seedDemo: async () => {},
        start: async () => worker.start(),
        stop: () => worker.stop(),
      };
    },
  });
  await server.features.start();
  const admin = await server.admin();

  const upload = async <T = Import>(content: string | Buffer, name = "people.csv"): Promise<Answer<T>> => {
    const form = new FormData();
    form.append("file", new Blob([new Uint8Array(Buffer.from(content))], { type: "text/csv" }), name);
    const cookie = [...admin.cookies].map(([key, value]) => `${key}=${value}`).join("; ");
    const response = await fetch(`${server.url}/api/v1/imports`, { method: "POST", headers: { cookie, origin: server.url }, body: form });
    return { status: response.status, headers: response.headers, body: (await response.json()) as T };
  };
  const ended = async (id: string): Promise<Import> => {
    for (let i = 0; i < 600; i++) {
      const { body } = await admin.get<Import>(`/api/v1/imports/${id}`);
      if (body.state !== "checking" && body.state !== "running") return body;
      await sleep(50);
    }
    throw new Error("The import did not end.");
  };
  return {
    server, admin, folder, upload, ended,
    run: async (content, patch = {}, how = "start") => {
      const { status, body } = await upload(content);
      if (status !== 201) throw new Error(`The upload was refused: ${JSON.stringify(body)}`);
      const mapped = await admin.patch<Import>(`/api/v1/imports/${body.id}`, patch);
      if (mapped.status !== 200) throw new Error(`The mapping was refused: ${JSON.stringify(mapped.body)}`);
      const started = await admin.post<Import>(`/api/v1/imports/${body.id}/${how}`);
      if (started.status !== 202) throw new Error(`It was not started: ${JSON.stringify(started.body)}`);
      return ended(body.id);
    },
    problems: async (id) => (await admin.get<string>(`/api/v1/imports/${id}/problems.csv`)).body,
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
