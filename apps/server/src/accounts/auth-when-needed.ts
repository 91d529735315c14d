import type { Auth, AuthOptions } from "./auth.ts";

/** Answers better-auth, set up; every call the same. */
export type AuthSource = () => Promise<Auth>;

/**
 * better-auth is an eighth of the modules of a server and takes as much of its start, so it is loaded when somebody first comes with a
 * cookie or a password. Whoever holds an API key never needs it.
 */
export function authWhenNeeded(options: AuthOptions): AuthSource {
  let auth: Promise<Auth> | undefined;
  return () => (auth ??= import("./auth.ts").then(({ createAuth }) => createAuth(options)));
}
