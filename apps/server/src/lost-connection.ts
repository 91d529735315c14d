/** How a database that is away, and a connection that broke, look to whoever was using them. Knows no floor, so that every floor may ask. */

const lost = new WeakSet<object>();

/** What ended a connection to the database: the system's words for it may be those for any connection. */
export function noteDatabaseLost(cause: Error): void {
  lost.add(cause);
}

/** Connection lost (SQLSTATE class 08), server shutting down or starting (57P01 to 57P03), too many clients (53300), in pg's words. */
export function isDatabaseAway(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (lost.has(cause)) return true;
  if (/^(08...|57P0[123]|53300)$/.test(codeOf(cause))) return true;
  return /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(cause.message);
}

/** Nobody listened. */
export function isRefused(cause: unknown): boolean {
  return codeOf(cause) === "ECONNREFUSED";
}

/** May be any connection's end; beside others that are certain it is the database's. */
export function isBroken(cause: unknown): boolean {
  return /^(ECONNRESET|EPIPE)$/.test(codeOf(cause));
}

/** What the system or Postgres calls the failure; empty when nobody named it. */
export function codeOf(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
