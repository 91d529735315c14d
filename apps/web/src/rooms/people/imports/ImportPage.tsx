import { Button, Group, Stack, Text } from "@mantine/core";
import { IconFileCheck, IconPlayerPlay } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Import, ImportSettings } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { Dot } from "../../../pieces/Dot.tsx";
import { EndBar } from "../../../pieces/EndBar.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { JobProgress } from "../../../pieces/JobProgress.tsx";
import { ButtonLink } from "../../../pieces/links.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { useNarrow } from "../../../pieces/narrow.ts";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { duration } from "../../../pieces/time.ts";
import { Section } from "../../../pieces/Section.tsx";
import { useMay } from "../../../session.ts";
import { ChoicesSection } from "./ChoicesSection.tsx";
import { FirstRows } from "./FirstRows.tsx";
import { fileSize, importState, isBusy, isPlan } from "./import-words.ts";
import { mappingProblems, namesPeople } from "./mapping.ts";
import { MappingSection } from "./MappingSection.tsx";
import { Counts, Problems } from "./Outcome.tsx";

/** One file of people, from its columns to what became of its rows. The result stays here. */
export default function ImportPage() {
  const { id } = useParams({ from: "/rooms/people/import/$id" });
  const query = useQuery({
    queryKey: ["imports", "one", id],
    queryFn: ({ signal }) => api.imports.get(id, signal),
    refetchInterval: ({ state }) => (state.data && isBusy(state.data.state) ? 1000 : false),
  });
  const { data } = query;
  return (
    <Page
      title={data?.fileName ?? "Import"}
      parent={{ to: "/people/import", label: "Import" }}
      description={
        data ? (
          <Group gap="md" style={{ rowGap: 2 }}>
            <Dot tone={importState(data.state).tone} pulse={isBusy(data.state)}>
              {importState(data.state).word}
            </Dot>
            <span>
              {fileSize(data.size)}, uploaded by {data.createdBy} <RelativeTime at={data.createdAt} />
            </span>
          </Group>
        ) : null
      }
    >
      <Loaded query={query} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            {isBusy(loaded.state) ? <Busy running={loaded} /> : isPlan(loaded.state) ? <Plan key={loaded.id} of={loaded} /> : <Result of={loaded} />}
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Busy({ running }: { running: Import }) {
  const mayWrite = useMay("contacts.write");
  const cancel = useChange({ run: () => api.imports.cancel(running.id), stale: ["imports", "contacts"] });
  const checking = running.state === "checking";
  return (
    <Section title={checking ? "Checking every row" : "Importing"} description={checking ? "Nobody is changed by this." : "You may leave this page: it goes on without you, and the result stays here."}>
      <JobProgress
        title={`${checking ? "Checking" : "Importing"} ${running.fileName}`}
        fraction={running.progress.fraction}
        count={`${running.counts.rows.toLocaleString()} rows`}
        rate={running.progress.rowsPerSecond}
        secondsLeft={running.progress.secondsLeft}
        {...(mayWrite ? { onCancel: () => cancel.mutate(undefined), cancelling: cancel.isPending } : {})}
      />
      <Counts counts={running.counts} dry={checking} />
    </Section>
  );
}

function Result({ of: done }: { of: Import }) {
  return (
    <Section
      title={done.state === "done" ? "Done" : done.state === "cancelled" ? "Cancelled on the way" : "Stopped"}
      description={
        <>
          <RelativeTime at={done.finishedAt} none="" />
          {done.startedAt && done.finishedAt ? `, after ${duration(Date.parse(done.finishedAt) - Date.parse(done.startedAt))}` : ""}.
          {done.state === "done" ? null : " What had been imported by then stays."}
        </>
      }
      actions={
        <ButtonLink to="/people/contacts" variant="default" size="xs">
          See the people
        </ButtonLink>
      }
    >
      {done.failure ? <Note kind="danger" title={done.failure} /> : null}
      <Counts counts={done.counts} />
      {done.state === "done" && done.counts.rejected === 0 ? <Text size="sm">Every row was taken.</Text> : null}
      <Problems of={done} rejected={done.counts.rejected} />
    </Section>
  );
}

/** The choices before anything happens: columns, consent, a dry run, the start. */
function Plan({ of: draft }: { of: Import }) {
  const mayWrite = useMay("contacts.write");
  const client = useQueryClient();
  const [settings, setSettings] = useState<ImportSettings>(draft.settings);
  const [tried, setTried] = useState(false);
  const size = useNarrow() ? "xs" : "sm";
  const properties = useQuery({ queryKey: ["contacts", "properties"], queryFn: ({ signal }) => api.contacts.properties(signal) });

  const isChanged = JSON.stringify(settings) !== JSON.stringify(draft.settings);
  const go = useChange({
    run: async (step: "check" | "start") => {
      if (isChanged) await api.imports.update(draft.id, settings);
      return step === "check" ? api.imports.dryRun(draft.id) : api.imports.start(draft.id);
    },
    stale: ["imports"],
    onDone: (answer) => client.setQueryData(["imports", "one", draft.id], answer),
    onFailed: () => undefined,
  });
  const change = (part: Partial<ImportSettings>) => setSettings((before) => ({ ...before, ...part }));

  const needsProof = settings.optIn !== "nobody" && !settings.consentProof?.trim();
  const cannot = !namesPeople(settings.mapping)
    ? "Choose a column for the phone or the identity: without one nobody can be told from anybody else."
    : mappingProblems(settings.mapping, draft.columns).size > 0
      ? "Put the columns in order first: two of them are the same thing, or one has no name."
      : null;
  const press = (step: "check" | "start") => {
    setTried(true);
    if (!cannot && !needsProof) go.mutate(step);
  };
  const checked = draft.dryRun && !isChanged ? draft.dryRun : null;
  const willChange = checked ? checked.created + checked.updated : null;

  return (
    <>
      {checked ? (
        <Section title="What would happen" description="From the dry run over every row. Nobody has been changed yet.">
          <Counts counts={checked} dry />
          {checked.rejected === 0 ? <Text size="sm">Every row can be taken.</Text> : null}
          <Problems of={draft} rejected={checked.rejected} />
        </Section>
      ) : null}
      <MappingSection columns={draft.columns} mapping={settings.mapping} onChange={(mapping) => change({ mapping })} known={properties.data?.items ?? []} />
      <ChoicesSection settings={settings} onChange={change} proofProblem={tried && needsProof ? "Say how they agreed: it is the proof of their consent" : undefined} />
      <FirstRows of={draft} />
      {draft.failure ? <Note kind="danger" title={draft.failure} /> : null}
      {go.error ? <ErrorNote error={go.error} /> : null}
      {tried && cannot ? <Note kind="warm" title={cannot} announce="alert" /> : null}
      {mayWrite ? (
        <EndBar
          label="Check or import"
          before={
            checked ? null : (
              <Text size="sm" c="dimmed">
                A check changes nobody.
              </Text>
            )
          }
        >
          <Button
            size={size}
            variant={checked ? "default" : "filled"}
            leftSection={<IconFileCheck size={16} aria-hidden />}
            loading={go.isPending && go.variables === "check"}
            onClick={() => press("check")}
          >
            {checked ? "Check again" : "Check every row"}
          </Button>
          <Button
            size={size}
            variant={checked ? "filled" : "default"}
            leftSection={<IconPlayerPlay size={16} aria-hidden />}
            loading={go.isPending && go.variables === "start"}
            onClick={() => press("start")}
          >
            {willChange === null ? "Start without a check" : `Import ${willChange.toLocaleString()} ${willChange === 1 ? "person" : "people"}`}
          </Button>
        </EndBar>
      ) : null}
    </>
  );
}
