import Type, { type Static } from "typebox";
import { MaybeTimestamp, Timestamp } from "./list.ts";
import { Role } from "./role.ts";

/** A person of the workspace. `invited`: the link has not been used yet; its id is then the invitation's. */
export const Member = Type.Object({
  id: Type.String(),
  name: Type.String(),
  email: Type.String(),
  role: Role,
  state: Type.Enum(["active", "invited"]),
  twoFactorEnabled: Type.Boolean(),
  createdAt: Timestamp,
  lastSeenAt: MaybeTimestamp,
});
export type Member = Static<typeof Member>;

export const MemberInvite = Type.Object({ email: Type.String({ format: "email", maxLength: 254 }), role: Role });
export type MemberInvite = Static<typeof MemberInvite>;

/** `POST /members`: `link` is shown once; whoever opens it joins with the given role. */
export const MemberInvited = Type.Object({ member: Member, link: Type.String(), expiresAt: Timestamp });
export type MemberInvited = Static<typeof MemberInvited>;

export const MemberPatch = Type.Object({ role: Role });
export type MemberPatch = Static<typeof MemberPatch>;

/** `GET /invitations/:token`, readable by whoever holds the link. `hasAccount`: this e-mail signs in instead of choosing a password. */
export const Invitation = Type.Object({
  workspaceName: Type.String(),
  email: Type.String(),
  role: Role,
  hasAccount: Type.Boolean(),
  expiresAt: Timestamp,
});
export type Invitation = Static<typeof Invitation>;

/** `POST /invitations/:token`: joins and signs in. A person who has an account gives that account's password; `name` is then ignored. */
export const InvitationAccept = Type.Object({
  name: Type.Optional(Type.String({ maxLength: 80 })),
  password: Type.String({ minLength: 10, maxLength: 128 }),
});
export type InvitationAccept = Static<typeof InvitationAccept>;

export const InvitationParams = Type.Object({ token: Type.String({ minLength: 1, maxLength: 200 }) });
export type InvitationParams = Static<typeof InvitationParams>;
