import { NativeSelect } from "@mantine/core";
import type { ConsentCondition, SegmentLeaf } from "@tincan/api";
import { SearchSelect } from "../pieces/SearchSelect.tsx";
import type { Source } from "../pieces/found.ts";
import { listSource, segmentSource } from "../rooms/people/people-sources.ts";
import { sourceChoice } from "../rooms/people/contacts/contact-words.ts";
import classes from "./builder.module.css";
import { useBuilding } from "./building.ts";
import { Chooser } from "./Chooser.tsx";
import type { Row } from "./draft.ts";
import { setLeaf } from "./edit-draft.ts";
import { EventFields } from "./EventFields.tsx";
import { PartActions } from "./PartActions.tsx";
import { Problem, problemId } from "./Problem.tsx";
import { conditionWords, consentWords, messagesOf } from "./query-words.ts";
import { fieldName, isDateField, leafAbout, propertyType, subjectChoice, subjectOf } from "./subjects.ts";
import { TestFields } from "./TestFields.tsx";

/** One condition: what it is about, and then as much as that needs, in the order of a sentence. */
export function RowEditor({ row: { id, leaf }, row, level }: { row: Row; level: number }) {
  const { draft, fields, names, change, problemOf } = useBuilding();
  const set = (next: SegmentLeaf) => change(setLeaf(draft, id, next));
  const problem = problemOf(id);
  const subject = leaf === null ? null : subjectOf(leaf, fields);
  return (
    <div className={classes.row} data-part={id} data-bad={problem !== undefined || undefined} role="group" aria-label={leaf === null ? "New condition" : `Condition: ${conditionWords(leaf, names)}`} aria-describedby={problem === undefined ? undefined : problemId(id)}>
      <div className={classes.line}>
        {leaf?.kind === "event" ? <YesNo key="did" label="Whether they did it" value={leaf.did} yes="did" no="did not" onChange={(did) => set({ ...leaf, did })} /> : null}
        <Chooser
          key="subject"
          size="xs"
          className={classes.subject}
          aria-label="What the condition is about"
          placeholder="Choose what it is about"
          nothingFoundMessage="Nothing is called so"
          value={subject}
          onChange={(next) => next !== subject && set(leafAbout(next, fields))}
          data={subjectChoice(fields, leaf)}
        />
        {leaf === null ? null : <Rest leaf={leaf} onChange={set} />}
      </div>
      <div className={classes.actions}>
        <PartActions part={row} name="condition" level={level} isBlank={leaf === null} />
      </div>
      <Problem id={id} says={problem} />
    </div>
  );
}

function Rest({ leaf, onChange }: { leaf: SegmentLeaf; onChange: (leaf: SegmentLeaf) => void }) {
  const { fields, segmentId } = useBuilding();
  switch (leaf.kind) {
    case "field":
      return (
        <TestFields
          label={fieldName(leaf.field)}
          types={[isDateField(leaf.field) ? "date" : "text"]}
          test={leaf.test}
          zone="viewer"
          options={leaf.field === "source" ? sourceChoice : undefined}
          onChange={(test) => onChange({ ...leaf, test })}
        />
      );
    case "property":
      return <TestFields label={leaf.key} types={[propertyType(fields, leaf.key)]} test={leaf.test} zone="utc" onChange={(test) => onChange({ ...leaf, test })} />;
    case "consent":
      return <ConsentFields leaf={leaf} onChange={onChange} />;
    case "doNotDisturb":
      return <YesNo label="On it or not" value={leaf.is} yes="is on" no="is off" onChange={(is) => onChange({ ...leaf, is })} />;
    case "list":
      return (
        <>
          <YesNo label="In it or not" value={leaf.in} yes="is" no="is not" onChange={(inside) => onChange({ ...leaf, in: inside })} />
          <OneOf label="List" value={leaf.listId} source={listSource} onChange={(listId) => onChange({ ...leaf, listId })} />
        </>
      );
    case "segment":
      return (
        <>
          <YesNo label="In it or not" value={leaf.in} yes="is" no="is not" onChange={(inside) => onChange({ ...leaf, in: inside })} />
          <OneOf label="Segment" value={leaf.segmentId} source={segmentSource} without={segmentId} onChange={(segmentId) => onChange({ ...leaf, segmentId })} />
        </>
      );
    case "event":
      return <EventFields leaf={leaf} onChange={onChange} />;
  }
}

interface YesNoProps {
  label: string;
  value: boolean;
  yes: string;
  no: string;
  onChange: (value: boolean) => void;
}

function YesNo({ label, value, yes, no, onChange }: YesNoProps) {
  return (
    <NativeSelect
      size="xs"
      aria-label={label}
      value={String(value)}
      onChange={(event) => onChange(event.currentTarget.value === "true")}
      data={[
        { value: "true", label: yes },
        { value: "false", label: no },
      ]}
    />
  );
}

const consents = (Object.keys(consentWords) as ConsentCondition["is"][]).map((value) => ({ value, label: consentWords[value] }));
const categories = (Object.keys(messagesOf) as ConsentCondition["category"][]).map((value) => ({ value, label: messagesOf[value] }));

function ConsentFields({ leaf, onChange }: { leaf: ConsentCondition; onChange: (leaf: ConsentCondition) => void }) {
  return (
    <>
      <NativeSelect size="xs" aria-label="What they agreed to or not" value={leaf.is} data={consents} onChange={({ currentTarget }) => onChange({ ...leaf, is: consents.find(({ value }) => value === currentTarget.value)?.value ?? leaf.is })} />
      <NativeSelect size="xs" aria-label="Category" value={leaf.category} data={categories} onChange={({ currentTarget }) => onChange({ ...leaf, category: categories.find(({ value }) => value === currentTarget.value)?.value ?? leaf.category })} />
    </>
  );
}

interface OneOfProps {
  label: string;
  source: Source;
  value: string;
  without?: string | undefined;
  onChange: (id: string) => void;
}

/** What drops down stays beside its field, as a Chooser's does. */
function OneOf({ label, source, value, without, onChange }: OneOfProps) {
  return (
    <SearchSelect
      source={source}
      size="xs"
      className={classes.named}
      classNames={{ options: classes.options }}
      aria-label={label}
      placeholder="Choose one"
      nothingFound={`No ${label.toLowerCase()} is called so`}
      without={without}
      value={value === "" ? null : value}
      onChange={onChange}
      openOnFocus={false}
      withScrollArea={false}
      comboboxProps={{ withinPortal: false }}
    />
  );
}
