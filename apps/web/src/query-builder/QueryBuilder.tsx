import { VisuallyHidden } from "@mantine/core";
import type { ApiFailure, SegmentFields } from "@tincan/api";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { Loaded } from "../pieces/Loaded.tsx";
import { type Building, BuildingProvider } from "./building.ts";
import { partAt, type QueryDraft, readDraft, roomLeft } from "./draft.ts";
import { GroupEditor } from "./GroupEditor.tsx";
import { useKnown, useQueryNames } from "./known.ts";

interface Props {
  /** Begin with `draftOf(query)`; `readDraft(value).query` is what it says once it is complete. */
  value: QueryDraft;
  onChange: (draft: QueryDraft) => void;
  /** What the server said against the query, shown at the condition that it names. */
  failure?: ApiFailure | null;
  /** Says at each condition what it still lacks; left out while somebody is still building. */
  showMissing?: boolean;
  /** The segment that is edited: it cannot be part of itself. */
  segmentId?: string;
}

/** Builds a question about people: rows in plain words, in groups inside groups. */
export function QueryBuilder(props: Props) {
  const known = useKnown();
  return (
    <Loaded query={known} height={180}>
      {(fields) => <Builder {...props} fields={fields} />}
    </Loaded>
  );
}

/** Enter ends a value here, not the form around it. */
function keepFormOpen(event: KeyboardEvent): void {
  if (event.key === "Enter" && event.target instanceof HTMLInputElement) event.preventDefault();
}

function Builder({ value, onChange, failure, showMissing = false, segmentId, fields }: Props & { fields: SegmentFields }) {
  const root = useRef<HTMLDivElement>(null);
  const focusNext = useRef<number>(undefined);
  const [said, say] = useState("");
  const names = useQueryNames(value);
  const read = useMemo(() => readDraft(value), [value]);

  // After every drawing: the part that is to take the focus may have come with it.
  useEffect(() => {
    if (focusNext.current === undefined) return;
    const part = root.current?.querySelector(`[data-part="${focusNext.current}"]`);
    focusNext.current = undefined;
    const target = part?.querySelector<HTMLElement>(part.hasAttribute("data-group") ? ":scope > [data-foot] button" : "input:not([type=hidden]), select, button");
    target?.focus();
  });

  const blamed = failure ? partAt(read, failure.field) : undefined;
  const building: Building = {
    draft: value,
    fields,
    names,
    segmentId,
    change: (draft, after = {}) => {
      focusNext.current = after.focus;
      if (after.say) say(after.say);
      onChange(draft);
    },
    problemOf: (id) => {
      if (failure && id === blamed) return [failure.message, failure.expected ? `Expected ${failure.expected}.` : "", failure.fix ?? ""].filter(Boolean).join(" ");
      return showMissing ? read.missing.get(id) : undefined;
    },
    hasRoom: roomLeft(value) > 0,
  };
  return (
    <BuildingProvider value={building}>
      <div ref={root} role="presentation" onKeyDown={keepFormOpen}>
        <GroupEditor group={value} level={0} />
        <VisuallyHidden aria-live="polite">{said}</VisuallyHidden>
      </div>
    </BuildingProvider>
  );
}
