import { WrongSecretKeyError } from "./database/installation.ts";
import { EmbeddedPostgresError } from "./database/embedded-binaries.ts";
import { FolderInUseError } from "./database/folder-lock.ts";
import { NewerSchemaError } from "./database/migrate.ts";
import { ProvisioningError } from "./provisioning.ts";
import { SettingsError } from "./settings.ts";

/** What the start was doing when it failed, which decides how an error of the system is put. */
export type Step =
  | { doing: "reading settings" }
  | { doing: "using the data folder"; folder: string }
  | { doing: "connecting to the database" }
  | { doing: "listening"; port: number; host: string; setting: "PORT" | "SANDBOX_PORT" }
  | { doing: "starting" };

const OURS = [SettingsError, EmbeddedPostgresError, FolderInUseError, NewerSchemaError, WrongSecretKeyError, ProvisioningError];

/** The one sentence for whoever tried to start the server; undefined when the cause is none that we know. */
export function startupProblem(cause: unknown, step: Step): string | undefined {
  if (OURS.some((known) => cause instanceof known)) return (cause as Error).message;
  const { code, message } = readError(cause);
  if (step.doing === "listening") {
    const where = `${step.host}:${step.port}`;
    if (code === "EADDRINUSE") return `Port ${step.port} is taken by another program; stop that, or set ${step.setting} to another port.`;
    if (code === "EACCES") return `Listening on ${where} is not allowed to this user; set ${step.setting} to a port above 1023.`;
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `HOST is ${step.host}, which is not an address of this machine.`;
  }
  if (step.doing === "connecting to the database") return `DATABASE_URL does not lead to a database that can be used: ${message.replace(/\.$/, "")}.`;
  if (step.doing === "using the data folder" && code !== "") return `The data folder ${step.folder} cannot be written (${reasons[code] ?? code}); make it writable, or set DATA_DIR to another folder.`;
  return undefined;
}

const reasons: Record<string, string> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  ENOTDIR: "a file is in its place",
  EEXIST: "a file is in its place",
  ENOENT: "it cannot be made there",
};

function readError(cause: unknown): { code: string; message: string } {
  if (!(cause instanceof Error)) return { code: "", message: String(cause) };
  const code = "code" in cause && typeof cause.code === "string" ? cause.code : "";
  // "localhost" tries several addresses; the collected error itself says nothing.
  const inner = cause instanceof AggregateError ? readError(cause.errors[0]) : { code: "", message: "" };
  return { code: code || inner.code, message: cause.message || inner.message };
}
