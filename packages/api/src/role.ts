import Type, { type Static } from "typebox";

/** What a member or an API key is in a workspace, from the most to the least powerful. */
export const Role = Type.Enum(["admin", "approver", "creator", "member", "agent"]);
export type Role = Static<typeof Role>;

/** One thing that a role may or may not do. `read` shows a room, `write` changes what is in it. */
export const Permission = Type.Enum([
  "workspace.write",
  "members.read",
  "members.write",
  "api-keys.read",
  "api-keys.write",
  "audit.read",
  "providers.read",
  "providers.write",
  "lanes.read",
  "lanes.write",
  "deployments.read",
  "deployments.write",
  "templates.read",
  "templates.write",
  "messages.read",
  "messages.send",
  "contacts.read",
  "contacts.write",
  "segments.read",
  "segments.write",
  "campaigns.read",
  "campaigns.write",
  "campaigns.approve",
  "reports.read",
  "reports.write",
]);
export type Permission = Static<typeof Permission>;
