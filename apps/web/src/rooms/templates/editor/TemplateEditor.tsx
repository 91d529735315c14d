import { Button, Drawer, Grid, List, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure, useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { ApiFailure, type Provider, type Template } from "@tincan/api";
import { useMemo, useRef, useState } from "react";
import { useChange } from "../../../change.ts";
import { EndBar } from "../../../pieces/EndBar.tsx";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { focusFirstProblem } from "../../../pieces/focus-problem.ts";
import { LeaveGuard } from "../../../pieces/LeaveGuard.tsx";
import { RawAnswer } from "../../../pieces/RawAnswer.tsx";
import { AboutSection } from "./AboutSection.tsx";
import { ContentSection } from "./ContentSection.tsx";
import { DraftPreview } from "./DraftPreview.tsx";
import type { Draft } from "./draft.ts";
import { problemsOf } from "./problems.ts";
import { saveTemplate } from "./save.ts";
import classes from "./TemplateEditor.module.css";

interface Props {
  initial: Draft;
  /** The template as it was saved last; none for a new one. */
  existing?: Template;
  providers: Provider[];
}

/** The whole form with its preview: what is wrong stands beside its field, what is missing is said once somebody wants to save. */
export function TemplateEditor({ initial, existing: opened, providers }: Props) {
  const navigate = useNavigate();
  const [draft, setDraft] = useState(initial);
  const [existing, setExisting] = useState(opened ?? null);
  const [attempted, setAttempted] = useState(false);
  const [previewing, preview] = useDisclosure(false);
  const wide = useMediaQuery("(min-width: 62em)", undefined, { getInitialValueInEffect: false });
  const dirty = useRef(false);
  const set = (change: Partial<Draft>) => {
    dirty.current = true;
    setDraft((before) => ({ ...before, ...change }));
  };

  const provider = providers.find((one) => one.id === draft.provider);
  const kind = provider?.kind ?? existing?.provider.kind ?? "cloud-api";
  const problems = useMemo(() => problemsOf(draft, kind), [draft, kind]);
  const isDraft = !existing || existing.status === "DRAFT";
  const say = (field: string): string | null => {
    const here = problems.filter((problem) => problem.field === field && (attempted || !problem.missing));
    return here.length > 0 ? [...new Set(here.map(({ message }) => message))].join(" ") : null;
  };

  const isWrong = (prefix: string) => problems.some((problem) => problem.field.startsWith(prefix) && (attempted || !problem.missing));
  const size = wide ? "sm" : "xs";

  const save = useChange({
    run: (submit: boolean) => saveTemplate({ draft, existing, submit, onSaved: setExisting }),
    stale: ["templates"],
    done: (template, submit) => savedWords(template, submit && isDraft),
    onDone: (template) => {
      dirty.current = false;
      void navigate({ to: "/templates/$id", params: { id: template.id } });
    },
    onFailed: () => {},
  });
  const trySave = (submit: boolean) => {
    setAttempted(true);
    const stands = submit || !isDraft ? problems : problems.filter(({ field }) => field === "name" || field === "language");
    if (stands.length > 0) {
      focusFirstProblem();
      return;
    }
    save.mutate(submit);
  };
  const general = attempted ? say("") : null;
  const open = [...new Set(problems.map(({ message }) => message))];
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        trySave(true);
      }}
    >
      <LeaveGuard isDirty={() => dirty.current} />
      <Grid gap="lg" mb="lg">
        <Grid.Col span={{ base: 12, md: 7, lg: 8 }}>
          <Stack gap="lg">
            <AboutSection draft={draft} set={set} say={say} existing={existing} providers={providers} />
            <ContentSection draft={draft} set={set} say={say} isWrong={isWrong} uploads={kind === "cloud-api"} />
            {general ? <ErrorNote error={new ApiFailure(0, { code: "template_unfinished", message: general })} /> : null}
            {save.error ? <Refusal error={save.error} saved={existing !== null && !opened} /> : null}
          </Stack>
        </Grid.Col>
        {wide ? (
          <Grid.Col span={{ base: 12, md: 5, lg: 4 }}>
            <Stack className={classes.aside} gap="md">
              <DraftPreview draft={draft} title={provider?.nickname ?? "Your number"} />
              <Open problems={open} isGeneric={kind === "generic"} />
            </Stack>
          </Grid.Col>
        ) : null}
      </Grid>
      <EndBar
        label="Save"
        before={
          <Text size="sm" c="dimmed" aria-live="polite">
            {open.length === 0 ? "Every rule is kept" : `${open.length} ${open.length === 1 ? "thing is" : "things are"} left to do`}
          </Text>
        }
      >
        {wide ? null : (
          <Button size={size} variant="default" onClick={preview.open}>
            Preview
          </Button>
        )}
        {isDraft ? (
          <Button size={size} variant="default" loading={save.isPending && save.variables === false} disabled={save.isPending} onClick={() => trySave(false)}>
            Save draft
          </Button>
        ) : null}
        <Button size={size} type="submit" loading={save.isPending && save.variables === true} disabled={save.isPending}>
          {!isDraft ? (kind === "generic" ? "Save" : "Save at Meta") : kind === "generic" ? "Save as approved" : "Submit to Meta"}
        </Button>
      </EndBar>
      {wide ? null : (
        <Drawer opened={previewing} onClose={preview.close} position="bottom" size="auto" title="Preview">
          <Stack gap="md">
            <DraftPreview draft={draft} title={provider?.nickname ?? "Your number"} />
            <Open problems={open} isGeneric={kind === "generic"} />
          </Stack>
        </Drawer>
      )}
    </form>
  );
}

function savedWords({ name, status, provider }: Template, submitted: boolean): string {
  if (!submitted) return status === "DRAFT" ? `The draft ${name} is saved` : `${name} is saved`;
  if (provider.kind === "generic" || status === "APPROVED") return `${name} can be sent now`;
  return `${name} is with Meta for review`;
}

/** What still stands against submitting, as a list to work through. */
function Open({ problems, isGeneric }: { problems: string[]; isGeneric: boolean }) {
  if (problems.length === 0) return null;
  return (
    <Paper p="md">
      <Text size="sm" fw={600} mb={6}>
        Before it can be {isGeneric ? "sent" : "submitted"}
      </Text>
      <List size="sm" spacing={4} c="dimmed">
        {problems.map((message) => (
          <List.Item key={message}>{message}</List.Item>
        ))}
      </List>
    </Paper>
  );
}

function Refusal({ error, saved }: { error: unknown; saved: boolean }) {
  return (
    <Stack gap="sm">
      <ErrorNote error={error} />
      {error instanceof ApiFailure && error.answer ? <RawAnswer answer={error.answer} title="Meta's raw answer" /> : null}
      {saved ? (
        <Text size="sm" c="dimmed">
          What you wrote is saved as a draft.
        </Text>
      ) : null}
    </Stack>
  );
}
