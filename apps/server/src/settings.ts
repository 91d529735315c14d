import path from "node:path";

/** What this process does: serve HTTP, send messages, run what is due. One process may do all three. */
export type ProcessRole = "web" | "sender" | "scheduler";

export type LogLevel = "trace" | "debug" | "info" | "warn" | "error" | "silent";

/** Every setting, with defaults filled in; docs/settings.md describes them for operators. */
export interface Settings {
  port: number;
  host: string;
  /** Where others reach us, without a slash at the end. */
  publicUrl: string;
  /** Whether PUBLIC_URL was given: then a proxy may stand in front and say who the visitor is. */
  behindProxy: boolean;
  /** Undefined: the built-in Postgres under `dataDir`. */
  databaseUrl: string | undefined;
  /** Absolute. */
  dataDir: string;
  roles: ReadonlySet<ProcessRole>;
  sandbox: boolean;
  sandboxPort: number;
  /** Undefined: a key made once and kept under `dataDir`. */
  secretKey: string | undefined;
  /** Absolute path of the provisioning file, if any. */
  provisionFile: string | undefined;
  /** Hosts (`name` or `name:port`) that endpoints and webhooks may name although they are private or without TLS. */
  allowedHosts: readonly string[];
  /** The longest CSV file that may be uploaded, in bytes. */
  importMaxBytes: number;
  /** The Facebook app of Log in with Facebook, when all of it is given. */
  facebookApp: FacebookApp | undefined;
  /** How e-mail is sent, when it is. */
  mail: MailSettings | undefined;
  /** After how many days things that pile up are removed; infinite for what is kept for good. */
  keepDays: { deliveredCallbacks: number; rawWebhooks: number; media: number; clicks: number };
  logLevel: LogLevel;
}

export interface FacebookApp {
  appId: string;
  appSecret: string;
  /** Of the app's Facebook Login for Business. */
  configId: string;
}

export interface MailSettings {
  /** `smtp://user:password@host:587`, or `smtps://` for TLS from the first byte. */
  url: string;
  /** The sender of every message, such as `Reports <reports@example.com>`. */
  from: string;
}

/** A setting that cannot be used; the message is one sentence that names it. */
export class SettingsError extends Error {}

/** A start that failed for a reason somebody can remove; the message is one sentence. */
export class StartupError extends Error {}

const ROLES: readonly ProcessRole[] = ["web", "sender", "scheduler"];
const LOG_LEVELS: readonly LogLevel[] = ["trace", "debug", "info", "warn", "error", "silent"];
const SHORTEST_SECRET = 16;

type Environment = Record<string, string | undefined>;

/** Reads and checks all settings; an empty value counts as not set. Throws SettingsError for the first that cannot be used. */
export function readSettings(env: Environment): Settings {
  refuseUnknown(env);
  const value = (name: keyof typeof parsers): string | undefined => env[name]?.trim() || undefined;
  const read = <K extends keyof typeof parsers>(name: K): ReturnType<(typeof parsers)[K]> | undefined => {
    const text = value(name);
    // The parser of K answers K's type; the index access alone loses that.
    return text === undefined ? undefined : (parsers[name](name, text) as ReturnType<(typeof parsers)[K]>);
  };
  const port = read("PORT") ?? 3000;
  const host = read("HOST") ?? "127.0.0.1";
  const publicUrl = read("PUBLIC_URL");
  const databaseUrl = read("DATABASE_URL");
  const settings: Settings = {
    port,
    host,
    publicUrl: publicUrl ?? ownOriginOf({ host, port }),
    behindProxy: publicUrl !== undefined,
    databaseUrl,
    dataDir: path.resolve(read("DATA_DIR") ?? "data"),
    roles: read("TINCAN_ROLES") ?? new Set(ROLES),
    sandbox: read("TINCAN_SANDBOX") ?? databaseUrl === undefined,
    sandboxPort: read("SANDBOX_PORT") ?? 3001,
    secretKey: read("TINCAN_SECRET_KEY"),
    provisionFile: read("TINCAN_PROVISION"),
    allowedHosts: read("TINCAN_ALLOWED_HOSTS") ?? [],
    importMaxBytes: (read("TINCAN_IMPORT_MAX_MB") ?? 1_000) * 1_000_000,
    facebookApp: facebookApp(read("TINCAN_FACEBOOK_APP_ID"), read("TINCAN_FACEBOOK_APP_SECRET"), read("TINCAN_FACEBOOK_CONFIG_ID")),
    mail: mail(read("SMTP_URL"), read("MAIL_FROM")),
    keepDays: {
      deliveredCallbacks: read("TINCAN_KEEP_CALLBACKS_DAYS") ?? 30,
      rawWebhooks: read("TINCAN_KEEP_RAW_WEBHOOKS_DAYS") ?? 30,
      media: read("TINCAN_KEEP_MEDIA_DAYS") ?? 90,
      clicks: read("TINCAN_KEEP_CLICKS_DAYS") ?? 365,
    },
    logLevel: read("LOG_LEVEL") ?? "info",
  };
  if (settings.sandbox && settings.roles.has("web") && settings.port === settings.sandboxPort && settings.port !== 0) {
    throw new SettingsError(`SANDBOX_PORT and PORT are both ${settings.port}; give one of them another port.`);
  }
  return settings;
}

const parsers = {
  PORT: port,
  HOST: (name: string, text: string) => {
    if (!/^[\w.:-]+$/.test(text)) throw wrong(name, text, "a host name or an address to listen on, such as 127.0.0.1 or 0.0.0.0");
    return text;
  },
  PUBLIC_URL: (name: string, text: string) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.pathname !== "/" || url.search !== "" || url.hash !== "" || url.username !== "") {
      throw wrong(name, text, "an address such as https://tincan.example.com, without a path");
    }
    return url.origin;
  },
  DATABASE_URL: (name: string, text: string) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    // The value holds a password, so it is not repeated.
    if (!url || !/^postgres(ql)?:$/.test(url.protocol)) throw new SettingsError(`${name} is not an address of the form postgres://user:password@host:5432/name.`);
    return text;
  },
  DATA_DIR: (_name: string, text: string) => text,
  TINCAN_ROLES: (name: string, text: string) => {
    const given = list(text);
    if (!given.every((role): role is ProcessRole => (ROLES as readonly string[]).includes(role))) throw wrong(name, text, `a list of ${ROLES.join(", ")}`);
    return new Set(given);
  },
  TINCAN_SANDBOX: (name: string, text: string) => {
    if (text !== "on" && text !== "off") throw wrong(name, text, "on or off");
    return text === "on";
  },
  SANDBOX_PORT: port,
  TINCAN_SECRET_KEY: (name: string, text: string) => {
    if (text.length < SHORTEST_SECRET) throw new SettingsError(`${name} is shorter than ${SHORTEST_SECRET} characters; use a long random text, such as the output of "openssl rand -base64 32".`);
    return text;
  },
  TINCAN_PROVISION: (_name: string, text: string) => path.resolve(text),
  TINCAN_ALLOWED_HOSTS: (name: string, text: string) => {
    const hosts = list(text).map((host) => host.toLowerCase());
    const bad = hosts.find((host) => !/^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(:\d{1,5})?$/.test(host));
    if (bad !== undefined) throw wrong(name, bad, "a list of hosts such as callbacks.internal or 10.0.0.5:8080");
    return hosts;
  },
  TINCAN_IMPORT_MAX_MB: (name: string, text: string) => {
    if (!/^\d{1,6}$/.test(text) || Number(text) === 0) throw wrong(name, text, "a number of megabytes from 1 to 999999");
    return Number(text);
  },
  TINCAN_FACEBOOK_APP_ID: digits,
  TINCAN_FACEBOOK_APP_SECRET: (_name: string, text: string) => text,
  TINCAN_FACEBOOK_CONFIG_ID: digits,
  SMTP_URL: (name: string, text: string) => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    // The value may hold a password, so it is not repeated.
    if (!url || !/^smtps?:$/.test(url.protocol) || url.hostname === "") throw new SettingsError(`${name} is not an address of the form smtp://user:password@host:587, or smtps://.`);
    return text;
  },
  MAIL_FROM: (name: string, text: string) => {
    if (!/^(?:[^<>\r\n]*<[^\s<>@]+@[^\s<>@]+>|[^\s<>@]+@[^\s<>@]+)$/.test(text)) throw wrong(name, text, "an e-mail address, or a name and one, such as Reports <reports@example.com>");
    return text;
  },
  TINCAN_KEEP_CALLBACKS_DAYS: days(1),
  TINCAN_KEEP_RAW_WEBHOOKS_DAYS: days(1),
  // Addresses of media are good for seven days.
  TINCAN_KEEP_MEDIA_DAYS: days(8),
  TINCAN_KEEP_CLICKS_DAYS: days(1),
  LOG_LEVEL: (name: string, text: string) => {
    const level = LOG_LEVELS.find((known) => known === text);
    if (!level) throw wrong(name, text, `one of ${LOG_LEVELS.join(", ")}`);
    return level;
  },
};

function digits(name: string, text: string): string {
  if (!/^\d{5,30}$/.test(text)) throw wrong(name, text, "an id of digits, as Meta's app dashboard shows it");
  return text;
}

function days(fewest: number): (name: string, text: string) => number {
  return (name, text) => {
    if (text === "forever") return Infinity;
    const given = /^\d{1,5}$/.test(text) ? Number(text) : 0;
    if (given < fewest) throw wrong(name, text, `a number of days, at least ${fewest}, or forever`);
    return given;
  };
}

function facebookApp(appId: string | undefined, appSecret: string | undefined, configId: string | undefined): FacebookApp | undefined {
  if (appId === undefined && appSecret === undefined && configId === undefined) return undefined;
  if (appId === undefined) throw new SettingsError("TINCAN_FACEBOOK_APP_ID is missing; Log in with Facebook needs it beside the other two.");
  if (appSecret === undefined) throw new SettingsError("TINCAN_FACEBOOK_APP_SECRET is missing; Log in with Facebook needs it beside the other two.");
  if (configId === undefined) throw new SettingsError("TINCAN_FACEBOOK_CONFIG_ID is missing; Log in with Facebook needs it beside the other two.");
  return { appId, appSecret, configId };
}

function mail(url: string | undefined, from: string | undefined): MailSettings | undefined {
  if (url === undefined && from === undefined) return undefined;
  if (url === undefined) throw new SettingsError("SMTP_URL is missing; MAIL_FROM alone sends no e-mail.");
  if (from === undefined) throw new SettingsError("MAIL_FROM is missing; e-mail through SMTP_URL needs a sender.");
  return { url, from };
}

function refuseUnknown(env: Environment): void {
  const known = Object.keys(parsers).filter((name) => name.startsWith("TINCAN_"));
  const unknown = Object.keys(env).find((name) => name.startsWith("TINCAN_") && !known.includes(name));
  if (unknown !== undefined) throw new SettingsError(`${unknown} is not a setting of Tincan; the ones that start like it are ${known.join(", ")}.`);
}

function port(name: string, text: string): number {
  // 0 asks the system for any free port.
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) throw wrong(name, text, "a port from 0 to 65535");
  return Number(text);
}

function list(text: string): string[] {
  return text.split(",").map((part) => part.trim()).filter((part) => part !== "");
}

/** Where the server reaches itself: an address to listen on that means "everywhere" is not one to go to. */
export function ownOriginOf({ host, port }: Pick<Settings, "host" | "port">): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

function wrong(name: string, text: string, expected: string): SettingsError {
  return new SettingsError(`${name} is "${text}", but must be ${expected}.`);
}
