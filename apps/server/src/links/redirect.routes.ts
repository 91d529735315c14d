/**
 * `GET /l/{code}`: the way from a short link to its target, and the count of those who took it. A robot is shown the way and not counted,
 * and neither is a HEAD. When a click cannot be stored, its visitor goes on all the same: the way matters more than the count.
 */
import type { FastifyReply } from "fastify";
import { Counter } from "prom-client";
import type { Database } from "../database/connection.ts";
import { GroupCommit } from "../database/group-commit.ts";
import type { RoutePlugin } from "../http/app.ts";
import type { Metrics } from "../http/metrics.ts";
import { LINK_PATH, linkUrl } from "./address.ts";
import type { Clicks } from "./clicks.ts";
import { readCode } from "./code.ts";
import { CHECK_PATH, type LinkDomains } from "./domain.ts";
import { findLinks, type FoundLink } from "./find.ts";
import { pages, type PageName } from "./page.ts";
import { addMissing, parametersOf } from "./query.ts";
import { agentFamily, isPerson } from "./visitor.ts";

export interface RedirectDeps {
  db: Database;
  clicks: Clicks;
  domains: LinkDomains;
  metrics: Metrics;
  publicUrl: string;
}

/** Most look-ups in one statement, and statements at once. */
const MAX_BATCH = 500;
const PARALLEL = 2;
/** Of what a visitor's own query may add to the target. */
const LONGEST_QUERY = 2_000;

export function redirectRoutes({ db, clicks, domains, metrics, publicUrl }: RedirectDeps): RoutePlugin {
  // Not for the commit, but for the sharing: visitors who come at once ask the database together.
  const lookups = new GroupCommit({ db, maxBatch: MAX_BATCH, parallel: PARALLEL, commit: (tx, codes: readonly string[]) => findLinks(tx, codes) });
  const opened = new Counter({ name: "tincan_links_opened_total", help: "Short links that were opened, by what came of it.", labelNames: ["outcome"], registers: [metrics.registry] });

  return async (app) => {
    app.get<{ Params: { word: string } }>(`${CHECK_PATH}:word`, { schema: { hide: true } }, async ({ params }, reply) =>
      reply.headers({ "content-type": "text/plain", "cache-control": "no-store" }).send(domains.sign(params.word)),
    );

    app.route<{ Params: { code: string } }>({
      method: ["GET", "HEAD"],
      url: `${LINK_PATH}:code`,
      schema: { hide: true },
      handler: async (request, reply) => {
        const { method, headers, log } = request;
        const code = readCode(request.params.code);
        const ended = (outcome: string): void => opened.inc({ outcome });
        let link: FoundLink | null;
        try {
          link = code === null ? null : await lookups.add(code);
        } catch (cause) {
          log.warn({ err: cause }, "a short link could not be looked up");
          ended("failed");
          return show(reply.header("retry-after", "2"), "unavailable", method);
        }
        if (!link || link.expired) {
          ended(link ? "expired" : "unknown");
          return show(reply, link ? "expired" : "unknown", method);
        }
        if (method === "HEAD" || !isPerson(headers)) ended("robot");
        else {
          try {
            const shortUrl = linkUrl({ publicUrl, domain: link.domain }, link.code);
            await clicks.add(link.workspaceId, {
              messageId: link.messageId, code: link.code, url: link.target, shortUrl, at: new Date(), agent: agentFamily(headers["user-agent"] ?? ""),
            });
            ended("click");
          } catch (cause) {
            log.warn({ err: cause }, "a click could not be stored");
            ended("uncounted");
          }
        }
        return reply.code(302).headers({ location: targetOf(link.target, request.url), "cache-control": "no-store", "x-robots-tag": "noindex" }).send();
      },
    });
  };
}

/** The target with what the visitor's address carries beyond it: an app's fbclid, somebody's own utm_. */
function targetOf(target: string, requested: string): string {
  const mark = requested.indexOf("?");
  const query = mark === -1 ? "" : requested.slice(mark + 1);
  // A header takes ASCII alone; the URL parser writes the rest as browsers would.
  return new URL(query.length > LONGEST_QUERY ? target : addMissing(target, parametersOf(query))).href;
}

function show(reply: FastifyReply, name: PageName, method: string): FastifyReply {
  const { status, html } = pages[name];
  void reply.code(status).headers({
    "content-type": "text/html; charset=utf-8",
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "x-robots-tag": "noindex",
  });
  return reply.send(method === "HEAD" ? undefined : html);
}
