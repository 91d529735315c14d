import { Text } from "@mantine/core";
import type { SegmentQuery } from "@tincan/api";
import { useMemo } from "react";
import { draftOf, type Group, isGroup } from "./draft.ts";
import { useQueryNames } from "./known.ts";
import { conditionWords, howWords, type Names } from "./query-words.ts";
import classes from "./QueryWords.module.css";

/** A query to be read: its groups as lists inside lists. */
export function QueryWords({ query }: { query: SegmentQuery }) {
  const draft = useMemo(() => draftOf(query), [query]);
  const names = useQueryNames(draft);
  if (draft.parts.length === 0) return <Text size="sm">{draft.how === "all" || draft.how === "none" ? "Everybody" : "Nobody"}</Text>;
  return <GroupWords group={draft} names={names} isRoot />;
}

function GroupWords({ group, names, isRoot = false }: { group: Group; names: Names; isRoot?: boolean }) {
  const [only] = group.parts;
  const alone = isRoot && group.parts.length === 1 && only && !isGroup(only) && (group.how === "all" || group.how === "any") ? only : null;
  if (alone?.leaf) return <Text size="sm" className="break">{conditionWords(alone.leaf, names)}</Text>;
  return (
    <div className={classes.group}>
      <Text size="sm" c="dimmed">
        {howWords[group.how]}
      </Text>
      <ul className={classes.parts}>
        {group.parts.map((part) => (
          <li key={part.id} className="break">
            {isGroup(part) ? <GroupWords group={part} names={names} /> : part.leaf ? conditionWords(part.leaf, names) : "…"}
          </li>
        ))}
      </ul>
    </div>
  );
}
