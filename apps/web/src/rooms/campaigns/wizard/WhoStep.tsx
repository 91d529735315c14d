import { Radio, Stack, TagsInput, Text, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { skipToken, useQuery } from "@tanstack/react-query";
import type { ApiFailure, Audience } from "@tincan/api";
import { useRef, useState } from "react";
import { api } from "../../../api.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { SearchSelect } from "../../../pieces/SearchSelect.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { AudienceCount } from "../../../query-builder/AudienceCount.tsx";
import { useMay } from "../../../session.ts";
import { listSource, segmentSource } from "../../people/people-sources.ts";
import { readPhone } from "../../people/phone-reading.ts";
import { people } from "../campaign-words.ts";
import { AudienceQuery } from "./AudienceQuery.tsx";
import { savable, unfinished } from "./draft.ts";
import { KeepAsSegment } from "./KeepAsSegment.tsx";
import type { StepProps } from "./step-props.ts";
import { WithoutField } from "./WithoutField.tsx";

type Kind = "everyone" | "segment" | "list" | "phones" | "query";

const kindOf = (audience: Audience | undefined): Kind | null => {
  if (!audience) return null;
  if ("segmentId" in audience) return "segment";
  if ("listId" in audience) return "list";
  if ("phones" in audience) return "phones";
  return "everyone" in audience ? "everyone" : "query";
};

/** A query begins with a condition that is still to be chosen: nobody sends to everybody by leaving it empty. */
const fresh: Record<Kind, Audience> = { everyone: { everyone: true }, segment: { segmentId: "" }, list: { listId: "" }, phones: { phones: [] }, query: { query: { all: [{ all: [] }] } } };

/** Its name, and who gets it, counted while one chooses. */
export function WhoStep({ draft, change, say }: StepProps) {
  const { audience } = draft;
  const kind = kindOf(audience);
  const live = draft.schedule?.kind === "event";
  const [uncountable, setUncountable] = useState<ApiFailure | null>(null);
  const mayKeep = useMay("segments.write");
  const segmentChoice = useRef<HTMLInputElement>(null);
  const set = (next: Audience) => change({ audience: { ...next, ...(audience?.except ? { except: audience.except } : {}) } });
  return (
    <>
      <Section title="About">
        <TextInput label="Name" maxLength={120} value={draft.name ?? ""} onChange={(event) => change({ name: event.currentTarget.value })} error={say("name")} maw={480} />
        <TagsInput
          label="Labels"
          description="To find it again in the list. Enter ends a label."
          value={draft.labels ?? []}
          onChange={(labels) => change({ labels: labels.map((label) => label.replaceAll(/["\\%><!]/g, "").slice(0, 40).trim()).filter(Boolean) })}
          maxTags={20}
          error={say("labels")}
          maw={480}
        />
      </Section>
      <Section title="Who" description={live ? "Of those that do the event, these get it. Whoever has not agreed to such messages is left out by itself." : "Whoever has not agreed to such messages is left out by itself."}>
        <Radio.Group aria-label="Who gets it" value={kind ?? ""} onChange={(next) => set(fresh[next as Kind])} error={kind === null ? say("audience") : null}>
          <Stack gap="xs">
            <Radio value="everyone" label="Everybody" />
            <Radio value="segment" ref={segmentChoice} label="A segment" description="Whoever fits a saved query when it is sent" />
            <Radio value="list" label="A list" description="People put together by hand or from a file" />
            <Radio value="phones" label="Typed numbers" />
            <Radio value="query" label="A query" description="Conditions for this campaign alone; whoever fits them when it is sent" />
          </Stack>
        </Radio.Group>
        {audience && "segmentId" in audience ? (
          <SearchSelect source={segmentSource} label="Segment" placeholder="Choose a segment" nothingFound="No segment of this name" value={audience.segmentId || null} onChange={(segmentId) => set({ segmentId })} error={say("audience")} maw={480} />
        ) : null}
        {audience && "listId" in audience ? (
          <SearchSelect source={listSource} label="List" placeholder="Choose a list" nothingFound="No list of this name" value={audience.listId || null} onChange={(listId) => set({ listId })} error={say("audience")} maw={480} />
        ) : null}
        {audience && "phones" in audience ? <Phones phones={audience.phones} onChange={(phones) => set({ phones })} error={say("audience")} /> : null}
        {audience && "query" in audience ? <AudienceQuery query={audience.query} onChange={(query) => set({ query })} failure={uncountable} error={say("audience")} /> : null}
        {audience && "query" in audience && mayKeep && unfinished({ audience }).length === 0 ? (
          <KeepAsSegment
            query={audience.query}
            onKept={({ id }) => {
              set({ segmentId: id });
              // The button that was pressed goes with the query.
              segmentChoice.current?.focus();
            }}
          />
        ) : null}
        {audience ? <WithoutField except={audience.except ?? []} onChange={(except) => change({ audience: { ...audience, except } })} /> : null}
        {audience && "query" in audience ? <AudienceCount audience={unfinished({ audience }).length === 0 ? audience : null} onFailure={setUncountable} /> : null}
        {audience && !("query" in audience) ? <Count audience={audience} live={live} /> : null}
      </Section>
    </>
  );
}

/** One number to a line; what cannot be read is named at once. */
function Phones({ phones, onChange, error }: { phones: string[]; onChange: (phones: string[]) => void; error: string | null }) {
  const [text, setText] = useState(() => phones.join("\n"));
  const settings = useQuery({ queryKey: ["consent", "country"], queryFn: ({ signal }) => api.consent.settings(signal) });
  const readings = (typed: string) => typed.split(/[,;\n]+/).map((part) => part.trim()).filter(Boolean).map((part) => ({ part, reading: readPhone(part, settings.data?.defaultCountry ?? "") }));
  const wrong = readings(text).flatMap(({ part, reading }) => ("problem" in reading ? [`${part}: ${reading.problem}.`] : []));
  return (
    <Textarea
      label="Numbers"
      description="One to a line, up to 10,000, with + and the country's code."
      placeholder="+91 98765 43210"
      autosize
      minRows={3}
      maxRows={10}
      maw={480}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        onChange([...new Set(readings(event.currentTarget.value).map(({ part, reading }) => ("e164" in reading ? reading.e164 : part)))]);
      }}
      error={wrong.length > 0 ? wrong.slice(0, 3).join(" ") : error}
    />
  );
}

function Count({ audience, live }: { audience: Audience; live: boolean }) {
  const [asked] = useDebouncedValue(audience, 400);
  const whole = savable({ audience: asked }).audience;
  const count = useQuery({
    queryKey: ["segments", "count", whole],
    queryFn: whole ? ({ signal }) => api.segments.count(whole, signal) : skipToken,
    placeholderData: (before) => before,
    retry: false,
  });
  if (!whole) return null;
  if (count.error) return <ErrorNote error={count.error} />;
  return (
    <Stack gap="xs" aria-live="polite">
      <Text size="sm" mih={22}>
        {count.data ? (
          <>
            <b className="numeric">{people(count.data.count)}</b> {live ? "could get it now" : "fit now"}
            {live ? "." : "; who of them gets it, the review tells."}
          </>
        ) : (
          "Counting"
        )}
      </Text>
      {count.data && count.data.missingCount > 0 ? (
        <Note kind="warm" title={`${count.data.missingCount.toLocaleString()} of the numbers belong to nobody you know`}>
          They get nothing until they are among your contacts: {count.data.missing.slice(0, 5).join(", ")}
          {count.data.missingCount > 5 ? " and others" : ""}.
        </Note>
      ) : null}
    </Stack>
  );
}
