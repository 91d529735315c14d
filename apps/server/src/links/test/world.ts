/** A server with links alone, whose clicks go through connections as the hot path has them, for this folder's tests. */
import { startTestServer } from "../../../../../tests/support/server.ts";
import { contactRoutes } from "../../contacts/routes.ts";
import { type DatabaseHandle, openDatabase } from "../../database/connection.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { accept } from "../../ledger/accept.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { messageRoutes } from "../../ledger/messages.routes.ts";
import { message, type Place } from "../../ledger/test-builders.ts";
import type { StatusChange } from "../../ledger/types.ts";
import { Clicks } from "../clicks.ts";
import { createLinks, type NewLink } from "../create.ts";
import { LinkDomains } from "../domain.ts";
import { forgetLinks } from "../forget.ts";
import { clickSteps } from "../of-message.ts";
import { redirectRoutes } from "../redirect.routes.ts";
import { linkRoutes } from "../routes.ts";

/** Somebody with a phone. */
export const PERSON = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

export async function openWorld() {
  let hot: DatabaseHandle | undefined;
  let clicks: Clicks | undefined;
  /** What the listeners were told, in order; a rolled back transaction's too. */
  const told: StatusChange[] = [];
  /** Put something here to have it run inside the transactions of clicks. */
  const hooks: { listener?: StatusListener } = {};
  const listeners: StatusListener[] = [
    async (tx, workspaceId, changes) => {
      told.push(...changes);
      await hooks.listener?.(tx, workspaceId, changes);
    },
  ];
  const server = await startTestServer({
    build: (core) => {
      const { database, metrics, secrets, settings } = core;
      const { publicUrl } = settings;
      // Opened on first use; the features of a server are built at once.
      const db = database.db;
      const domains = new LinkDomains({ secrets, policy: { sandbox: true, allowedHosts: [] } });
      return {
        api: [
          ...core.accounts.api,
          linkRoutes({ database, domains, publicUrl }),
          messageRoutes({ db, originNames: [], findTemplate: async () => null, trace: [clickSteps] }),
          contactRoutes({ database, eventListeners: [], statusListeners: listeners, forgetters: [forgetLinks] }),
        ],
        wire: [
          async (app) => {
            hot = await openDatabase(database.url, { connections: 8, plansOnce: true });
            clicks = new Clicks({ db: hot.db, listeners, onStored: () => {} });
            await app.register(redirectRoutes({ db: hot.db, clicks, domains, metrics, publicUrl }));
          },
        ],
        appliers: [],
        seedDemo: async () => {},
        start: async () => {},
        stop: async () => {
          await clicks?.drained();
          await hot?.close();
        },
      };
    },
  });
  const admin = await server.admin();
  const workspaceId = (await admin.get<{ id: string }>("/api/v1/workspace")).body.id;
  const place: Place = { workspaceId, providerId: uuidv7(), originId: uuidv7() };
  const { db, pool } = server.database;
  await pool.query("insert into lanes (workspace_id, id, kind) values ($1, $2, 'provider')", [workspaceId, place.providerId]);

  return {
    server, admin, workspaceId, place, db, pool, told, hooks,

    /** Messages on their way to as many people. */
    async messages(count: number, recipient = "+15550100123"): Promise<string[]> {
      const made = Array.from({ length: count }, () => message(place, { recipient }));
      const ids = made.map(({ id }) => id);
      await db.transaction().execute((tx) => accept(tx, workspaceId, made, []));
      await pool.query("delete from outbox where message_id = any ($1)", [ids]);
      return ids;
    },

    /** A click past HTTP, as the way to the target stores it. */
    click(messageId: string, code: string): Promise<void> {
      const url = "https://shop.example/";
      return clicks!.add(workspaceId, { messageId, code, url, shortUrl: `${server.url}/l/${code}`, at: new Date(), agent: "Chrome on Android" });
    },

    link(links: NewLink[], now?: Date): Promise<string[]> {
      return db.transaction().execute((tx) => createLinks(tx, workspaceId, links, now));
    },

    /** One message with one link; answers both. */
    async oneLink(target: string, now?: Date): Promise<{ messageId: string; code: string }> {
      const [messageId = ""] = await this.messages(1);
      const [code = ""] = await this.link([{ messageId, target, place: "body" }], now);
      return { messageId, code };
    },

    /** Opens an address on this server as a person, going nowhere from it. */
    async open(path: string, init: RequestInit = {}): Promise<{ status: number; location: string | null; text: string; headers: Headers }> {
      const response = await fetch(`${server.url}${path}`, { redirect: "manual", ...init, headers: { "user-agent": PERSON, ...init.headers } });
      return { status: response.status, location: response.headers.get("location"), text: await response.text(), headers: response.headers };
    },

    async clicksOf(code: string): Promise<{ counted: number; kept: number }> {
      const { rows } = await pool.query("select clicks as counted, (select count(*) from link_clicks c where c.code = l.code) as kept from links l where code = $1", [code]);
      return rows[0];
    },

    /** As it was opened, but for links and messages: nothing told, no listener of a test, no settings. */
    async empty(): Promise<void> {
      told.length = 0;
      delete hooks.listener;
      await pool.query("delete from link_settings");
    },

    close: () => server.stop(),
  };
}

export type World = Awaited<ReturnType<typeof openWorld>>;
