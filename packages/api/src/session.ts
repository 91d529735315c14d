import Type, { type Static } from "typebox";
import { Maybe } from "./list.ts";
import { Name } from "./name.ts";
import { Permission, Role } from "./role.ts";

/** `GET /setup`: whether the first account still has to be made. `demo`: the server started with the demo workspace. */
export const SetupState = Type.Object({ needed: Type.Boolean(), demo: Type.Boolean() });
export type SetupState = Static<typeof SetupState>;

/** `POST /setup`, accepted once: makes the workspace and its first admin, and signs that person in. */
export const SetupInput = Type.Object({
  workspaceName: Name(80),
  name: Name(80),
  email: Type.String({ format: "email", maxLength: 254 }),
  password: Type.String({ minLength: 10, maxLength: 128 }),
});
export type SetupInput = Static<typeof SetupInput>;

export const SessionUser = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  twoFactorEnabled: Type.Boolean(),
});
export type SessionUser = Static<typeof SessionUser>;

export const SessionWorkspace = Type.Object({ id: Type.String(), name: Type.String(), role: Role });
export type SessionWorkspace = Static<typeof SessionWorkspace>;

/**
 * `GET /session`: who is looking and what they may do. Signed out: `user`, `workspace` and `role` are null and the lists empty.
 * `phonesUrl` is the page with the simulated phones, null when the sandbox is off. `demoData`: the workspace still holds what the demo
 * start put there; `DELETE /demo` takes it away.
 */
export const Session = Type.Object({
  user: Maybe(SessionUser),
  workspace: Maybe(Type.Object({ id: Type.String(), name: Type.String() })),
  role: Maybe(Role),
  permissions: Type.Array(Permission),
  workspaces: Type.Array(SessionWorkspace),
  demo: Type.Boolean(),
  demoData: Type.Boolean(),
  phonesUrl: Maybe(Type.String()),
  version: Type.String(),
});
export type Session = Static<typeof Session>;

/** `POST /session/workspace`: look at another of one's workspaces. The answer is the new `Session`. */
export const SwitchWorkspaceInput = Type.Object({ workspaceId: Type.String({ minLength: 1 }) });
export type SwitchWorkspaceInput = Static<typeof SwitchWorkspaceInput>;
