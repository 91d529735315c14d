/**
 * Tests in a real browser: one browser per test file, a visitor of its own per page. A test fails when one of its pages reports an error,
 * when the server answers what it should not, and when anything but loopback is asked for anything.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, test as base, vi } from "vitest";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase } from "./database.ts";
import { Tincan } from "./tincan.ts";

/** A page may be slow to draw on a busy machine; what is waited for comes in far less on a quiet one. */
const PATIENCE_MS = 15_000;

/** Cookies and local storage of somebody who is signed in. */
type Identity = Awaited<ReturnType<BrowserContext["storageState"]>>;

interface Visit {
  /** Nobody is signed in without it. */
  as?: Identity;
  width?: number;
  height?: number;
  colours?: "light" | "dark";
}

/** Opens an address as a visitor of its own and waits until it has loaded. */
type Open = (url: string, visit?: Visit) => Promise<Page>;

export const test = base
  .extend("browser", { scope: "file" }, async ({}, { onCleanup }) => {
    const browser = await launchBrowser();
    onCleanup(() => browser.close());
    return browser;
  })
  .extend("open", async ({ browser }, { onCleanup }): Promise<Open> => {
    const contexts: BrowserContext[] = [];
    const problems: string[] = [];
    onCleanup(async () => {
      for (const context of contexts) await context.close();
      refuse(problems);
    });
    return async (url, { as, width = 1440, height = 900, colours = "light" } = {}) => {
      const context = await enter(browser, { ...(as ? { storageState: as } : {}), viewport: { width, height }, colorScheme: colours }, problems);
      contexts.push(context);
      const page = await newPage(context);
      await page.goto(url);
      return page;
    };
  });

/** A visitor whose pages note in `problems` what should not happen. Nothing moves on its pages, which draws them sooner. */
async function enter(browser: Browser, options: BrowserContextOptions, problems: string[]): Promise<BrowserContext> {
  const context = await browser.newContext({ reducedMotion: "reduce", permissions: ["clipboard-read", "clipboard-write"], ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  watch(context, problems);
  return context;
}

/** A page on which nothing is pressed or filled in while it still shows the room that is being left. */
async function newPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.addLocatorHandler(page.locator("main[aria-busy=true]"), async () => {});
  return page;
}

function refuse(problems: string[]): void {
  expect(problems.splice(0), "problems that the browser saw").toEqual([]);
}

/** Notes whatever should not happen on any page of the context, its pop-ups included. */
function watch(context: BrowserContext, problems: string[]): void {
  context.on("console", (message) => {
    // The browser's own line about a refused request says nothing more than the answer itself, which is judged below.
    if (message.type() === "error" && !message.text().startsWith("Failed to load resource")) problems.push(`console: ${message.text()}`);
  });
  context.on("weberror", (thrown) => problems.push(`uncaught: ${thrown.error().message}`));
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    if (/^(https?|wss?):$/.test(protocol) && hostname !== "127.0.0.1") problems.push(`asked another machine: ${request.url()}`);
  });
  context.on("response", (response) => {
    const status = response.status();
    const mayRefuse = new URL(response.url()).pathname.startsWith("/api/");
    if (status >= 500 || (status >= 400 && !mayRefuse)) problems.push(`${status}: ${response.url()}`);
  });
}

/** A demo as `npm start` makes it, and its admin. */
interface Demo {
  url: string;
  phonesUrl: string;
  /** The one-time link that has signed the admin in. */
  link: string;
  admin: Identity;
  /** Where the admin's own pages open: they load their scripts once per file. */
  context: BrowserContext;
  problems: string[];
}

/** Tests on a demo of the file's own. `page` is at Home, signed in, on a wide screen in light colours. */
export const demoTest = test
  .extend("demo", { scope: "file" }, async ({ browser }, { onCleanup }): Promise<Demo> => {
    const tincan = await Tincan.prepare({ database: await createTestDatabase({ connections: 1 }) });
    const problems: string[] = [];
    onCleanup(() => tincan.remove());
    await tincan.start();
    const context = await enter(browser, { viewport: { width: 1440, height: 900 }, colorScheme: "light" }, problems);
    const link = await signInLink(tincan);
    const page = await context.newPage();
    await page.goto(link);
    await page.close();
    return { url: tincan.url, phonesUrl: tincan.sandboxUrl, link, admin: await context.storageState(), context, problems };
  })
  .extend("page", async ({ demo }, { onCleanup }) => {
    const page = await newPage(demo.context);
    onCleanup(async () => {
      for (const each of demo.context.pages()) await each.close();
      refuse(demo.problems);
    });
    await page.goto(demo.url);
    return page;
  });

/** The one-time link that a demo prints once it is ready. */
function signInLink(tincan: Tincan): Promise<string> {
  return vi.waitFor(() => {
    const link = /Sign in +(\S+)/.exec(tincan.said)?.[1];
    if (!link) throw new Error(`No link was printed:\n${tincan.said}`);
    return link;
  });
}
