import { Group, Stack, TextInput } from "@mantine/core";
import { type QueryClient, useQuery } from "@tanstack/react-query";
import { useForm } from "@mantine/form";
import type { Workspace } from "@tincan/api";
import { api } from "../../api.ts";
import { showFailure, useChange } from "../../change.ts";
import { applyFailure } from "../../form-failure.ts";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { RemoveDemo } from "../../pieces/RemoveDemo.tsx";
import { Section } from "../../pieces/Section.tsx";
import { sessionQuery, useMay, useSession } from "../../session.ts";
import { LinksSection } from "./LinksSection.tsx";

export default function WorkspacePage() {
  const workspace = useQuery({ queryKey: ["workspace"], queryFn: ({ signal }) => api.workspace.get(signal) });
  return (
    <Page title="Workspace" narrow>
      <Stack gap="lg">
        <Loaded query={workspace}>{(data) => <WorkspaceForm key={data.name} workspace={data} />}</Loaded>
        <LinksSection />
        <DemoSection />
      </Stack>
    </Page>
  );
}

/** While there is demo data. */
function DemoSection() {
  const { demoData } = useSession();
  const mayWrite = useMay("workspace.write");
  if (!demoData || !mayWrite) return null;
  return (
    <Section title="Demo data" description="This workspace came with a simulated number, templates and a deployment, so that no page is empty.">
      <Group justify="flex-end">
        <RemoveDemo variant="default" />
      </Group>
    </Section>
  );
}

/** The bar shows the new name at once; answers how to take it back. */
async function renamed(client: QueryClient, name: string): Promise<() => void> {
  const { queryKey } = sessionQuery;
  await client.cancelQueries({ queryKey });
  const before = client.getQueryData(queryKey);
  client.setQueryData(queryKey, (session) =>
    session?.workspace
      ? { ...session, workspace: { ...session.workspace, name }, workspaces: session.workspaces.map((one) => (one.id === session.workspace?.id ? { ...one, name } : one)) }
      : session,
  );
  return () => client.setQueryData(queryKey, before);
}

function WorkspaceForm({ workspace }: { workspace: Workspace }) {
  const mayWrite = useMay("workspace.write");
  const form = useForm({ initialValues: { name: workspace.name }, validate: { name: (value) => (value.trim() ? null : "Give the workspace a name") } });
  const save = useChange({
    run: (values: { name: string }) => api.workspace.update({ name: values.name.trim() }),
    stale: ["workspace", "session"],
    ahead: async (client, { name }) => renamed(client, name.trim()),
    done: "Saved",
    onFailed: (failed) => {
      if (!applyFailure(form, failed)) showFailure(failed);
    },
  });
  return (
    <Section title="About this workspace">
      <form noValidate onSubmit={form.onSubmit((values) => save.mutate(values))}>
        <Stack>
          <TextInput label="Name" readOnly={!mayWrite} maxLength={80} {...form.getInputProps("name")} />
          {mayWrite ? (
            <FormEnd busy={save.isPending} disabled={!form.isDirty()}>
              Save
            </FormEnd>
          ) : null}
        </Stack>
      </form>
      <CopyField label="Workspace id" value={workspace.id} />
      <Facts rows={[["Created", <RelativeTime key="created" at={workspace.createdAt} />]]} />
    </Section>
  );
}
