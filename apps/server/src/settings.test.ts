import path from "node:path";
import { describe, expect, test } from "vitest";
import { readSettings } from "./settings.ts";

test("nothing set gives the defaults: everything on one machine, with the sandbox", () => {
  expect(readSettings({})).toEqual({
    port: 3000,
    host: "127.0.0.1",
    publicUrl: "http://127.0.0.1:3000",
    behindProxy: false,
    databaseUrl: undefined,
    dataDir: path.resolve("data"),
    roles: new Set(["web", "sender", "scheduler"]),
    sandbox: true,
    sandboxPort: 3001,
    secretKey: undefined,
    provisionFile: undefined,
    allowedHosts: [],
    importMaxBytes: 1_000_000_000,
    keepDays: { deliveredCallbacks: 30, rawWebhooks: 30, media: 90, clicks: 365 },
    logLevel: "info",
  });
});

test("the sandbox is off with a database of one's own, unless switched on", () => {
  const DATABASE_URL = "postgres://tincan:secret@db:5432/tincan";
  expect(readSettings({ DATABASE_URL }).sandbox).toBe(false);
  expect(readSettings({ DATABASE_URL, TINCAN_SANDBOX: "on" }).sandbox).toBe(true);
});

test("an empty value counts as not set", () => {
  expect(readSettings({ PORT: "", DATABASE_URL: " ", TINCAN_ROLES: "" })).toEqual(readSettings({}));
});

test("values are read as what they mean", () => {
  const settings = readSettings({
    PORT: "8080",
    HOST: "0.0.0.0",
    PUBLIC_URL: "https://Tincan.Example.com/",
    TINCAN_ROLES: "sender, scheduler",
    TINCAN_ALLOWED_HOSTS: "Callbacks.internal, 10.0.0.5:8080",
    TINCAN_PROVISION: "provision.json",
    LOG_LEVEL: "warn",
  });
  expect(settings).toMatchObject({
    port: 8080,
    publicUrl: "https://tincan.example.com",
    roles: new Set(["sender", "scheduler"]),
    allowedHosts: ["callbacks.internal", "10.0.0.5:8080"],
    provisionFile: path.resolve("provision.json"),
    logLevel: "warn",
  });
});

test("what is kept is counted in days, or kept for good", () => {
  const { keepDays } = readSettings({ TINCAN_KEEP_CALLBACKS_DAYS: "7", TINCAN_KEEP_MEDIA_DAYS: "forever" });
  expect(keepDays).toEqual({ deliveredCallbacks: 7, rawWebhooks: 30, media: Infinity, clicks: 365 });
});

test("e-mail needs a server and a sender, and neither is guessed", () => {
  const both = { SMTP_URL: "smtps://user:secret@mail.example.com", MAIL_FROM: "Reports <reports@example.com>" };
  expect(readSettings(both).mail).toEqual({ url: both.SMTP_URL, from: both.MAIL_FROM });
  expect(() => readSettings({ SMTP_URL: both.SMTP_URL })).toThrow("MAIL_FROM is missing");
  expect(() => readSettings({ MAIL_FROM: both.MAIL_FROM })).toThrow("SMTP_URL is missing");
  expect(() => readSettings({ ...both, MAIL_FROM: "nobody" })).toThrow("MAIL_FROM is \"nobody\"");
  expect(() => readSettings({ ...both, SMTP_URL: "http://user:secret@mail" })).toThrow(/^SMTP_URL is not an address of the form smtp:(?!.*secret)/);
});

test("listening everywhere still gives an address one can go to", () => {
  expect(readSettings({ HOST: "0.0.0.0", PORT: "80" }).publicUrl).toBe("http://127.0.0.1:80");
  expect(readSettings({ HOST: "::1" }).publicUrl).toBe("http://[::1]:3000");
});

describe("a malformed setting is refused by name", () => {
  test.each([
    ["PORT", "http"],
    ["PORT", "70000"],
    ["HOST", "a b"],
    ["PUBLIC_URL", "tincan.example.com"],
    ["PUBLIC_URL", "https://example.com/tincan"],
    ["PUBLIC_URL", "ftp://example.com"],
    ["DATABASE_URL", "mysql://localhost/tincan"],
    ["TINCAN_ROLES", "web,cook"],
    ["TINCAN_SANDBOX", "yes"],
    ["SANDBOX_PORT", "-1"],
    ["TINCAN_SECRET_KEY", "short"],
    ["TINCAN_ALLOWED_HOSTS", "https://example.com"],
    ["TINCAN_FACEBOOK_APP_ID", "my app"],
    ["TINCAN_KEEP_CALLBACKS_DAYS", "0"],
    ["TINCAN_KEEP_MEDIA_DAYS", "7"],
    ["TINCAN_KEEP_RAW_WEBHOOKS_DAYS", "a month"],
    ["LOG_LEVEL", "loud"],
  ])("%s=%s", (name, value) => {
    expect(() => readSettings({ [name]: value })).toThrow(new RegExp(`^${name} is .*\\.$`));
  });
});

test("an unknown setting that starts with TINCAN_ is refused by name", () => {
  expect(() => readSettings({ TINCAN_SANBOX: "on" })).toThrow(/^TINCAN_SANBOX is not a setting of Tincan; .*TINCAN_SANDBOX/);
});

test("a wrong database address is refused without repeating its password", () => {
  expect(() => readSettings({ DATABASE_URL: "mysql://root:hunter2@db/x" })).toThrow(/^(?!.*hunter2).*DATABASE_URL/);
});

test("a Facebook app needs all three of its settings", () => {
  const app = { TINCAN_FACEBOOK_APP_ID: "300400500600700", TINCAN_FACEBOOK_APP_SECRET: "secret", TINCAN_FACEBOOK_CONFIG_ID: "900800700600" };
  expect(readSettings(app).facebookApp).toEqual({ appId: "300400500600700", appSecret: "secret", configId: "900800700600" });
  for (const name of Object.keys(app)) expect(() => readSettings({ ...app, [name]: "" })).toThrow(new RegExp(`^${name} is missing`));
});

test("the sandbox and the server cannot share a port", () => {
  expect(() => readSettings({ PORT: "3001" })).toThrow(/SANDBOX_PORT and PORT/);
});
