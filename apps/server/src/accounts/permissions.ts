/**
 * Who may do what, role by role.
 *
 * An admin may do everything, people and keys included.
 * An approver sees everything but API keys, releases what others prepared, and may pause and resume lanes.
 * A creator prepares: templates, people, segments, campaigns, reports; and may send tests. Its campaigns are launched at once, or wait for an approver where the workspace asks for that.
 * A member reads.
 * An agent answers people: sees them, sees and sends messages, nothing of the plumbing.
 */
import { Permission } from "@tincan/api";
import type { Role } from "@tincan/api";

const everybody: Permission[] = ["templates.read", "messages.read", "contacts.read"];
const readers: Permission[] = [...everybody, "providers.read", "lanes.read", "deployments.read", "segments.read", "campaigns.read", "reports.read"];

const permissions: Record<Role, ReadonlySet<Permission>> = {
  admin: new Set(Permission.enum),
  approver: new Set<Permission>([...readers, "members.read", "audit.read", "lanes.write", "templates.write", "segments.write", "messages.send", "campaigns.write", "campaigns.approve", "reports.write"]),
  creator: new Set<Permission>([...readers, "members.read", "templates.write", "messages.send", "contacts.write", "segments.write", "campaigns.write", "reports.write"]),
  member: new Set<Permission>([...readers, "members.read"]),
  agent: new Set<Permission>([...everybody, "messages.send"]),
};

export function may(role: Role, permission: Permission): boolean {
  return permissions[role].has(permission);
}

/** In the order of the catalogue, for people and pages to read. */
export function permissionsOf(role: Role): Permission[] {
  return Permission.enum.filter((permission) => may(role, permission));
}
