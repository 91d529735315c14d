import type { Role } from "@tincan/api";

/** The roles in plain words, from the most to the least powerful. */
export const roles: { value: Role; label: string; may: string }[] = [
  { value: "admin", label: "Admin", may: "Everything, people and keys included" },
  { value: "approver", label: "Approver", may: "Sees everything but keys, releases what others prepared, pauses lanes" },
  { value: "creator", label: "Creator", may: "Prepares templates and sends tests" },
  { value: "member", label: "Member", may: "Looks, changes nothing" },
  { value: "agent", label: "Agent", may: "Sees and sends messages" },
];

export const roleChoice = roles.map(({ value, label, may }) => ({ value, label: `${label}: ${may}` }));

export const asRole = (value: string): Role => roles.find((role) => role.value === value)?.value ?? "member";
