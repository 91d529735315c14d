/** The headless browser that npm installs, for tests and pictures. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import chromium from "@sparticuz/chromium";
import { chromium as playwright, type Browser } from "playwright-core";

const root = path.resolve(import.meta.dirname, "../..");

/** Arguments of the package that suit a small function in a cloud, but cannot hold two pages or would hide a page's faults. */
const unwanted = new Set(["--single-process", "--disable-web-security", "--allow-running-insecure-content"]);

/** Starts a headless browser that reaches nothing but this machine. Works as root too. */
export async function launchBrowser(): Promise<Browser> {
  const folder = await unpackBrowser();
  // Drawing in three dimensions would only cost time.
  chromium.setGraphicsMode = false;
  const launch = () => playwright.launch({
    executablePath: path.join(folder, "chromium"),
    headless: true,
    args: [
      ...chromium.args.filter((argument) => !unwanted.has(argument)),
      "--no-sandbox",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
    // A machine without fonts would show nothing but boxes.
    env: existsSync("/etc/fonts/fonts.conf") ? process.env : { ...process.env, FONTCONFIG_PATH: path.join(folder, "fonts") },
  });
  // Chromium itself crashed once while it started on a busy machine.
  return launch().catch(launch);
}

/**
 * The browser's folder. The package unpacks into the folder for temporary files, where two test files at once would trip over each other
 * and what was cut short stays broken; so it is unpacked aside and moved into place in one step.
 */
async function unpackBrowser(): Promise<string> {
  const { version } = JSON.parse(readFileSync(path.join(root, "node_modules/@sparticuz/chromium/package.json"), "utf8")) as { version: string };
  const cache = path.join(root, "node_modules/.cache");
  const folder = path.join(cache, `chromium-${version}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(path.join(cache, "chromium-unpacking-"));
  const temporary = process.env["TMPDIR"];
  process.env["TMPDIR"] = aside;
  try {
    await chromium.executablePath();
    renameSync(aside, folder);
  } catch (cause) {
    // Another test file may have been quicker; then its folder serves us.
    if (!existsSync(folder)) throw cause;
  } finally {
    if (temporary === undefined) delete process.env["TMPDIR"];
    else process.env["TMPDIR"] = temporary;
    rmSync(aside, { recursive: true, force: true });
  }
  return folder;
}
