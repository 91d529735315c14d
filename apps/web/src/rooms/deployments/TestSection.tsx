import { Grid, Group, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconSend } from "@tabler/icons-react";
import type { Deployment, Template, TestRequestInput } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { bubbleOfTemplate } from "../../phone-preview/bubble.ts";
import { PhonePreview } from "../../phone-preview/PhonePreview.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { useFound } from "../../pieces/found.ts";
import { SearchSelect } from "../../pieces/SearchSelect.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useSession } from "../../session.ts";
import { approvedTemplates, keyOfTemplate } from "../templates/approved-templates.ts";
import { bodyVariables } from "./body-variables.ts";
import { TestResult } from "./TestResult.tsx";

type Kind = TestRequestInput["kind"];

const lead: Record<Kind, string> = {
  template: "Posts what CleverTap would post for a campaign, and sends it for real.",
  text: "Posts a free-form message, as an agent would write it. It reaches only people who wrote within the last 24 hours.",
  probe: "Posts the check CleverTap makes when its form is saved. It is answered and never sent.",
};

/** "Send a test request": the contract-exact request to this deployment's own Callback URL, and every hop after it. */
export function TestSection({ deployment }: { deployment: Deployment }) {
  const { phonesUrl } = useSession();
  const [kind, setKind] = useState<Kind>("template");
  const [to, setTo] = useLocalStorage({ key: "test-recipient", defaultValue: phonesUrl ? "+15550100123" : "", getInitialValueInEffect: false });
  const [text, setText] = useState("Hello from Tincan");
  const [chosen, setChosen] = useState<Template | null>(null);
  const [values, setValues] = useState<Record<string, string>>({});

  const source = approvedTemplates(deployment.provider.id);
  const approved = useFound(source, "");
  const first = approved.items.find((one) => one.template.name === "order_ready") ?? approved.items[0];
  const template = chosen ?? first?.template;
  const variables = template ? bodyVariables(template) : [];
  const valueOf = (variable: { key: string; example: string }) => values[`${template?.id} ${variable.key}`] ?? variable.example;

  const send = useChange({
    run: (input: TestRequestInput) => api.deployments.testRequest(deployment.id, input),
    stale: ["messages", "overview", "deployments"],
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const base = { to: to.trim() || "+15550100123", kind };
    if (kind === "template" && template) send.mutate({ ...base, template: template.name, language: template.language, values: variables.map(valueOf) });
    else if (kind === "text") send.mutate({ ...base, text: text.trim() });
    else send.mutate(base);
  };

  return (
    <Section anchor="test" title="Send a test request" description={lead[kind]}>
      <Grid gap="xl">
        <Grid.Col span={{ base: 12, md: 7 }}>
          <form onSubmit={submit}>
            <Stack>
              <SegmentedControl
                aria-label="Kind of request"
                value={kind}
                onChange={(value) => setKind(value as Kind)}
                data={[
                  { value: "template", label: "Template" },
                  { value: "text", label: "Text" },
                  { value: "probe", label: "Save check" },
                ]}
              />
              {kind === "probe" ? null : (
                <TextInput
                  label="To"
                  description={phonesUrl ? "Any number: its phone opens on the page of simulated phones." : "A number you may write to, with country code."}
                  inputMode="tel"
                  value={to}
                  onChange={(event) => setTo(event.currentTarget.value)}
                  required
                  withAsterisk={false}
                />
              )}
              {kind === "template" ? (
                <>
                  {template ? (
                    <SearchSelect
                      source={source}
                      label="Template"
                      nothingFound="No approved template of this name"
                      value={keyOfTemplate(template)}
                      onChange={(_key, _name, one) => setChosen(one.template)}
                    />
                  ) : (
                    <Text size="sm" c="dimmed">
                      {approved.isSearching ? "Reading the templates" : "This number has no approved template. Sync its templates, or send a text."}
                    </Text>
                  )}
                  {variables.map((variable) => (
                    <TextInput
                      key={`${template?.id} ${variable.key}`}
                      label={`Value of {{${variable.key}}}`}
                      value={valueOf(variable)}
                      onChange={(event) => {
                        const next = event.currentTarget.value;
                        setValues((before) => ({ ...before, [`${template?.id} ${variable.key}`]: next }));
                      }}
                    />
                  ))}
                </>
              ) : null}
              {kind === "text" ? <Textarea label="Text" autosize minRows={2} value={text} onChange={(event) => setText(event.currentTarget.value)} required withAsterisk={false} /> : null}
              <FormEnd icon={<IconSend size={16} aria-hidden />} busy={send.isPending} disabled={kind === "template" && !template}>
                Send test
              </FormEnd>
            </Stack>
          </form>
        </Grid.Col>
        <Grid.Col span={{ base: 12, md: 5 }}>
          <Group justify="center">
            {kind === "template" && template ? <TemplatePreview template={template} title={deployment.provider.nickname} values={variables.map((variable) => ({ name: variable.key, text: valueOf(variable) }))} /> : null}
            {kind === "text" ? <PhonePreview title={deployment.provider.nickname} messages={[{ id: "text", side: "in", bubble: { text: text || " ", buttons: [] } }]} /> : null}
          </Group>
        </Grid.Col>
      </Grid>
      {send.error ? <ErrorNote error={send.error} /> : null}
      {send.data ? <TestResult key={send.submittedAt} result={send.data} /> : null}
    </Section>
  );
}

/** The template with the typed body values; what cannot be typed here shows the template's samples. */
function TemplatePreview({ template, title, values }: { template: Template; title: string; values: { name: string; text: string }[] }) {
  const samples = bubbleOfTemplate(template.components);
  const typed = bubbleOfTemplate(template.components, { body: values }, { examples: true });
  return <PhonePreview title={title} messages={[{ id: template.id, side: "in", bubble: { ...samples, ...(typed.text ? { text: typed.text } : {}) } }]} />;
}
