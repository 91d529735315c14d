/**
 * Tests in a real browser: one browser per worker process, a visitor of its own per page. A test fails when one of its pages reports an
 * error, when the server answers what it should not, and when anything but loopback is asked for anything.
 */
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { expect, test as base, vi } from "vitest";
import { launchBrowser } from "./browser.ts";
import { createTestDatabase } from "./database.ts";
import { keep } from "./keep.ts";
import { Tincan } from "./tincan.ts";

/** A page may be slow to draw on a busy machine; what is waited for comes in far less on a quiet one. */
const PATIENCE_MS = 30_000;

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

const keptBrowser = keep(launchBrowser, (browser) => browser.close());

export const test = base
  .extend("browser", { scope: "worker" }, async ({}, { onCleanup }) => {
    onCleanup(keptBrowser.end);
    return keptBrowser.get();
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
}

/** A demo and where the admin's own pages open: they load their scripts once per file. */
interface DemoOfFile extends Demo {
  context: BrowserContext;
  problems: string[];
}

const wide = { viewport: { width: 1440, height: 900 }, colorScheme: "light" } as const;

async function startDemo(browser: Browser, tincan: Tincan): Promise<Demo> {
  await tincan.start().catch(async (cause: unknown) => {
    // A fixture that fails has no cleanup.
    await tincan.crash();
    await tincan.remove();
    throw cause;
  });
  const link = await signInLink(tincan);
  const problems: string[] = [];
  const context = await enter(browser, wide, problems);
  const page = await context.newPage();
  await page.goto(link);
  const admin = await context.storageState();
  await context.close();
  refuse(problems);
  return { url: tincan.url, phonesUrl: tincan.sandboxUrl, link, admin };
}

async function enterDemo(browser: Browser, demo: Demo): Promise<DemoOfFile> {
  const problems: string[] = [];
  return { ...demo, context: await enter(browser, { ...wide, storageState: demo.admin }, problems), problems };
}

async function openHome({ url, context }: DemoOfFile): Promise<Page> {
  const page = await newPage(context);
  await page.goto(url);
  return page;
}

async function leave({ context, problems }: DemoOfFile): Promise<void> {
  for (const page of context.pages()) await page.close();
  refuse(problems);
}

/**
 * Tests on a demo of the file's own, for a file that changes what others look at or counts what is there. `page` is at Home, signed in,
 * on a wide screen in light colours.
 */
export const demoTest = test
  .extend("demo", { scope: "file" }, async ({ browser }, { onCleanup }): Promise<DemoOfFile> => {
    const tincan = await Tincan.prepare({ database: await createTestDatabase({ connections: 1 }) });
    let entered: DemoOfFile | undefined;
    onCleanup(async () => {
      await entered?.context.close();
      await tincan.remove();
    });
    return (entered = await enterDemo(browser, await startDemo(browser, tincan)));
  })
  .extend("page", async ({ demo }, { onCleanup }) => {
    onCleanup(() => leave(demo));
    return openHome(demo);
  });

const sharedTincan = keep(
  async () => {
    const database = await createTestDatabase({ connections: 1 });
    // The worker is the last to end, and the run's Postgres may be gone by then.
    return Tincan.prepare({ database: { ...database, drop: () => database.drop().catch(() => {}) } });
  },
  async (tincan) => {
    await tincan.crash();
    await tincan.remove();
  },
);
const sharedDemo = keep(async () => startDemo(await keptBrowser.get(), await sharedTincan.get()), sharedTincan.end);

/**
 * Tests on a demo that all such files of a worker share, in any order: a file asks only for what it has made itself, under names and
 * numbers of its own, or for what the demo brings, and changes nothing of the latter.
 */
export const sharedDemoTest = test
  .extend("sharedDemo", { scope: "worker" }, async ({}, { onCleanup }) => {
    onCleanup(sharedTincan.end);
    return sharedDemo.get();
  })
  .extend("demo", { scope: "file" }, async ({ browser, sharedDemo: shared }, { onCleanup }): Promise<DemoOfFile> => {
    const entered = await enterDemo(browser, shared);
    onCleanup(() => entered.context.close());
    return entered;
  })
  .extend("page", async ({ demo }, { onCleanup }) => {
    onCleanup(() => leave(demo));
    return openHome(demo);
  });

/** The one-time link that a demo prints once it is ready. */
function signInLink(tincan: Tincan): Promise<string> {
  return vi.waitFor(() => {
    const link = /Sign in +(\S+)/.exec(tincan.said)?.[1];
    if (!link) throw new Error(`No link was printed:\n${tincan.said}`);
    return link;
  }, PATIENCE_MS);
}
