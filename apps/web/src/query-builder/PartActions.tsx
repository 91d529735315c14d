import { ActionIcon, Group as Line, Tooltip } from "@mantine/core";
import { IconCopy, IconFolderPlus, IconTrash } from "@tabler/icons-react";
import { useBuilding } from "./building.ts";
import type { Part } from "./draft.ts";
import { duplicate, intoGroup, mayNest, removePart } from "./edit-draft.ts";

/** What can be done with a condition or a group as a whole. `level` is that of the group it stands in. */
export function PartActions({ part, name, level, isBlank = false }: { part: Part; name: "condition" | "group"; level: number; isBlank?: boolean }) {
  const { draft, change, hasRoom } = useBuilding();
  const copy = () => {
    const next = duplicate(draft, part.id);
    change(next.draft, { focus: next.id, say: `The ${name} is doubled` });
  };
  const wrap = () => {
    const next = intoGroup(draft, part.id);
    change(next.draft, { focus: next.id, say: `The ${name} is in a group of its own, with a new condition beside it` });
  };
  const remove = () => {
    const next = removePart(draft, part.id);
    change(next.draft, { focus: next.next, say: `The ${name} is removed` });
  };
  return (
    <Line gap={2} wrap="nowrap">
      {isBlank ? null : (
        <Tooltip label="Duplicate">
          <ActionIcon onClick={copy} disabled={!hasRoom} aria-label={`Duplicate the ${name}`}>
            <IconCopy size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      )}
      {name === "condition" && !isBlank && mayNest(level, "all") ? (
        <Tooltip label="Put into a group">
          <ActionIcon onClick={wrap} disabled={!hasRoom} aria-label="Put the condition into a group">
            <IconFolderPlus size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      ) : null}
      <Tooltip label="Remove">
        <ActionIcon onClick={remove} aria-label={`Remove the ${name}`}>
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </Line>
  );
}
