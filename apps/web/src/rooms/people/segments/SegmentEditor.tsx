import { Button, Stack, Text, Textarea, TextInput } from "@mantine/core";
import type { ApiFailure, Audience, Segment, SegmentInput, SegmentQuery } from "@tincan/api";
import { type SubmitEvent, useEffect, useMemo, useRef, useState } from "react";
import { useChange } from "../../../change.ts";
import { EndBar } from "../../../pieces/EndBar.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { AudienceCount } from "../../../query-builder/AudienceCount.tsx";
import { draftOf, partAt, readDraft } from "../../../query-builder/draft.ts";
import { QueryBuilder } from "../../../query-builder/QueryBuilder.tsx";
import { useAudienceCount } from "../../../query-builder/use-audience-count.ts";
import { LeaveGuard } from "../../../pieces/LeaveGuard.tsx";
import classes from "./SegmentEditor.module.css";

interface Props {
  /** What the form opens with. */
  from: { name: string; description: string; query: SegmentQuery };
  /** The segment that is changed; none when it is new. */
  segmentId?: string;
  save: (input: SegmentInput) => Promise<Segment>;
  onSaved: (segment: Segment) => void;
  onCancel: () => void;
}

/** The count again, where the one beside the conditions is out of sight. */
function CountLine({ audience }: { audience: Audience | null }) {
  const { data, isCounting, failure } = useAudienceCount(audience);
  if (audience === null || failure || !data) return null;
  return (
    <Text size="sm" fw={560} hiddenFrom="lg" className="numeric nowrap" aria-hidden style={{ opacity: isCounting ? 0.5 : 1 }}>
      {data.count.toLocaleString()} {data.count === 1 ? "person" : "people"}
    </Text>
  );
}

/** A segment's name and its conditions, with the people they find beside them. */
export function SegmentEditor({ from, segmentId, save, onSaved, onCancel }: Props) {
  const [name, setName] = useState(from.name);
  const [description, setDescription] = useState(from.description);
  const [first] = useState(() => draftOf(from.query));
  const [draft, setDraft] = useState(first);
  const [tries, setTries] = useState(0);
  const tried = tries > 0;
  const [uncountable, setUncountable] = useState<ApiFailure | null>(null);
  const [refusal, setRefusal] = useState<ApiFailure | null>(null);
  const isSaved = useRef(false);
  const form = useRef<HTMLFormElement>(null);
  const seekProblem = useRef(false);
  const read = useMemo(() => readDraft(draft), [draft]);
  const audience = useMemo(() => (read.query === null ? null : { query: read.query }), [read]);

  const saving = useChange({
    run: save,
    stale: ["segments"],
    onDone: (segment) => {
      isSaved.current = true;
      onSaved(segment);
    },
    onFailed: setRefusal,
  });
  // After every drawing: what is missing is marked by one of them, and the first of it takes the focus.
  useEffect(() => {
    if (!seekProblem.current) return;
    seekProblem.current = false;
    form.current?.querySelector<HTMLElement>("[aria-invalid=true], [data-bad] input:not([type=hidden]), [data-bad] select, [data-bad] button")?.focus();
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setTries(tries + 1);
    setRefusal(null);
    seekProblem.current = read.query === null || name.trim() === "";
    if (read.query !== null && name.trim() !== "") saving.mutate({ name: name.trim(), description: description.trim(), query: read.query });
  };
  const isAboutName = refusal !== null && (refusal.code === "segment_name_taken" || refusal.field === "name");
  const isAtRow = refusal !== null && partAt(read, refusal.field) !== undefined;
  const nameProblem = isAboutName ? [refusal.message, refusal.fix].filter(Boolean).join(" ") : tried && name.trim() === "" ? "A segment needs a name" : undefined;
  return (
    <form onSubmit={submit} noValidate ref={form}>
      <LeaveGuard isDirty={() => !isSaved.current && (draft !== first || name !== from.name || description !== from.description)} />
      <Stack gap="lg">
        <Section title="About">
          <TextInput
            label="Name"
            maxLength={120}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
              setRefusal(null);
            }}
            error={nameProblem}
            autoComplete="off"
          />
          <Textarea label="Description" description="For those who find it later; may be left empty." autosize minRows={1} maxLength={500} value={description} onChange={(event) => setDescription(event.currentTarget.value)} />
        </Section>
        <div className={classes.page}>
          <Section title="Who is in it">
            <QueryBuilder
              value={draft}
              onChange={(next) => {
                setDraft(next);
                setRefusal(null);
              }}
              failure={isAtRow ? refusal : uncountable}
              showMissing={tried}
              {...(segmentId === undefined ? {} : { segmentId })}
            />
          </Section>
          <div className={classes.count}>
            <Section title="People now">
              <AudienceCount audience={audience} onFailure={setUncountable} />
            </Section>
          </div>
        </div>
        {refusal && !isAboutName && !isAtRow ? <ErrorNote error={refusal} /> : null}
        <EndBar label="Save" before={<CountLine audience={audience} />}>
          <Button variant="default" onClick={onCancel}>
            Cancel
          </Button>
          <Button type="submit" loading={saving.isPending}>
            Save segment
          </Button>
        </EndBar>
      </Stack>
    </form>
  );
}
