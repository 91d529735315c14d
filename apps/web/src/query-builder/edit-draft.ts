import { SEGMENT_DEPTH } from "@tincan/api";
import { type Group, type How, isGroup, newGroup, newId, newRow, type Part, type QueryDraft, type Row } from "./draft.ts";

/*
 * Changes of a draft. Each leaves the draft it was given as it is and answers another one.
 */

/** The draft with one part replaced by what `change` makes of it; by several, or by none. */
export function changePart(draft: QueryDraft, id: number, change: (part: Part) => Part[]): QueryDraft {
  const inGroup = (group: Group): Group => {
    const parts = group.parts.flatMap((part) => (part.id === id ? change(part) : [isGroup(part) ? inGroup(part) : part]));
    return parts.length === group.parts.length && parts.every((part, i) => part === group.parts[i]) ? group : { ...group, parts };
  };
  return inGroup(draft);
}

export const setLeaf = (draft: QueryDraft, id: number, leaf: Row["leaf"]): QueryDraft => changePart(draft, id, (part) => [{ id: part.id, leaf }]);

export function setHow(draft: QueryDraft, id: number, how: How): QueryDraft {
  return draft.id === id ? { ...draft, how } : changePart(draft, id, (part) => [isGroup(part) ? { ...part, how } : part]);
}

/** Puts a part at the end of a group. */
export function append(draft: QueryDraft, groupId: number, part: Part): QueryDraft {
  const longer = (group: Group): Group => ({ ...group, parts: [...group.parts, part] });
  return draft.id === groupId ? longer(draft) : changePart(draft, groupId, (group) => [isGroup(group) ? longer(group) : group]);
}

/** A copy right behind a part; answers its number too. */
export function duplicate(draft: QueryDraft, id: number): { draft: QueryDraft; id: number } {
  let copied = id;
  const changed = changePart(draft, id, (part) => {
    const copy = copyOf(part);
    copied = copy.id;
    return [part, copy];
  });
  return { draft: changed, id: copied };
}

const copyOf = (part: Part): Part => (isGroup(part) ? { ...part, id: newId(), parts: part.parts.map(copyOf) } : { ...part, id: newId() });

/** Puts a part into a group of its own, with an empty condition beside it; answers the number of that. The group means the opposite of the one around it. */
export function intoGroup(draft: QueryDraft, id: number): { draft: QueryDraft; id: number } {
  const beside = newRow();
  const how: How = parentOf(draft, id)?.how === "any" ? "all" : "any";
  return { draft: changePart(draft, id, (part) => [newGroup(how, [part, beside])]), id: beside.id };
}

/** Without a part; answers what stands in its place then: the part after it, else the one before it, else the group that held it. */
export function removePart(draft: QueryDraft, id: number): { draft: QueryDraft; next: number } {
  const parent = parentOf(draft, id) ?? draft;
  const at = parent.parts.findIndex((part) => part.id === id);
  return { draft: changePart(draft, id, () => []), next: (parent.parts[at + 1] ?? parent.parts[at - 1] ?? parent).id };
}

function parentOf(group: Group, id: number): Group | undefined {
  if (group.parts.some((part) => part.id === id)) return group;
  for (const part of group.parts) {
    const found = isGroup(part) ? parentOf(part, id) : undefined;
    if (found) return found;
  }
  return undefined;
}

const levelsOf = (how: How): number => (how === "none" || how === "notAll" ? 2 : 1);

/** Whether one more group fits inside a group at `level`, the levels around it counted. */
export const mayNest = (level: number, how: How): boolean => level + levelsOf(how) < SEGMENT_DEPTH;

/** The level of a group's parts. */
export const levelInside = (level: number, how: How): number => level + levelsOf(how);
