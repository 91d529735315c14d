import { Button, Group as Line, NativeSelect, Text } from "@mantine/core";
import { IconFolderPlus, IconPlus } from "@tabler/icons-react";
import { Fragment } from "react";
import classes from "./builder.module.css";
import { useBuilding } from "./building.ts";
import { type Group, type How, isGroup, newGroup, newRow } from "./draft.ts";
import { append, levelInside, mayNest, setHow } from "./edit-draft.ts";
import { PartActions } from "./PartActions.tsx";
import { Problem } from "./Problem.tsx";
import { joinWord } from "./query-words.ts";
import { RowEditor } from "./RowEditor.tsx";

const choice: { value: How; label: string }[] = [
  { value: "all", label: "all of these are true" },
  { value: "any", label: "any of these is true" },
  { value: "none", label: "none of these is true" },
  { value: "notAll", label: "not all of these are true" },
];

/** Conditions and groups that go together in one way. `level` is how many groups are around it; none around the outermost. */
export function GroupEditor({ group, level }: { group: Group; level: number }) {
  const { draft, change, problemOf, hasRoom } = useBuilding();
  const isRoot = group.id === draft.id;
  const problem = problemOf(group.id);
  const { how } = group;
  const say = choice.find(({ value }) => value === how)?.label ?? "";
  const add = (part: Group["parts"][number], focus: number, what: string) => change(append(draft, group.id, part), { focus, say: what });
  const addGroup = () => {
    const inside = newRow();
    add(newGroup(how === "any" ? "all" : "any", [inside]), inside.id, "Group added");
  };
  return (
    <div className={classes.group} data-part={group.id} data-group data-how={how} data-root={isRoot || undefined} data-bad={problem !== undefined || undefined} role="group" aria-label={isRoot ? "Conditions" : `Group: ${say}`}>
      <div className={classes.head}>
        <Line gap={8} wrap="nowrap" className={classes.how}>
          {isRoot ? (
            <Text size="sm" className="nowrap">
              People for whom
            </Text>
          ) : null}
          <NativeSelect
            size="xs"
            aria-label={isRoot ? "How the conditions go together" : "How the conditions of this group go together"}
            value={how}
            onChange={(event) => change(setHow(draft, group.id, choice.find(({ value }) => value === event.currentTarget.value)?.value ?? "all"))}
            data={choice}
          />
        </Line>
        {isRoot ? null : <PartActions part={group} name="group" level={level - 1} />}
      </div>
      {group.parts.length === 0 && isRoot ? (
        <Text size="sm" c="dimmed" py={4}>
          {how === "all" || how === "none" ? "No condition yet: that is everybody." : "No condition yet: that is nobody."}
        </Text>
      ) : null}
      <div className={classes.parts}>
        {group.parts.map((part, i) => (
          <Fragment key={part.id}>
            {i > 0 ? (
              <Text size="xs" c="dimmed" className={classes.join}>
                {joinWord(how)}
              </Text>
            ) : null}
            {isGroup(part) ? <GroupEditor group={part} level={levelInside(level, how)} /> : <RowEditor row={part} level={levelInside(level, how)} />}
          </Fragment>
        ))}
      </div>
      <Problem id={group.id} says={problem} />
      <Line gap="xs" data-foot>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          disabled={!hasRoom}
          onClick={() => {
            const row = newRow();
            add(row, row.id, "Condition added");
          }}
        >
          Condition
        </Button>
        {mayNest(level, how) ? (
          <Button size="xs" variant="subtle" leftSection={<IconFolderPlus size={14} aria-hidden />} disabled={!hasRoom} onClick={addGroup}>
            Group
          </Button>
        ) : null}
        {hasRoom ? null : (
          <Text size="xs" c="dimmed">
            A query has at most 50 conditions.
          </Text>
        )}
      </Line>
    </div>
  );
}
