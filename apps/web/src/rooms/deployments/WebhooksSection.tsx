import { Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Deployment, DeploymentWebhooks } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";

const url = (value: string) => (value.trim() === "" || /^https?:\/\/\S+$/.test(value.trim()) ? null : "An address beginning with https://");

/** Where the platform wants to hear back. */
export function WebhooksSection({ deployment }: { deployment: Deployment }) {
  const mayWrite = useMay("deployments.write");
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm({
    initialValues: { status: deployment.webhooks.status ?? "", inbound: deployment.webhooks.inbound ?? "" },
    validate: { status: url, inbound: url },
  });
  const save = useChange({
    run: ({ to }: { to: DeploymentWebhooks; before: DeploymentWebhooks }) => api.deployments.update(deployment.id, { webhooks: to }),
    stale: ["deployments"],
    done: "Webhooks saved",
    undo: (_, { before }) => () => api.deployments.update(deployment.id, { webhooks: before }),
    onFailed: (failed) => {
      const field = /(status|inbound)$/.exec(failed.field ?? "")?.[1];
      if (field) form.setFieldError(field, [failed.message, failed.fix].filter(Boolean).join(" "));
      setFailure(field ? null : failed);
    },
  });
  const none = !deployment.webhooks.status && !deployment.webhooks.inbound;
  return (
    <Section title="Webhooks" description="The two URLs CleverTap shows for this provider.">
      {none ? (
        <Note kind="warm" title="CleverTap hears nothing back yet">
          Without these URLs its campaigns stay at “Sent”. Delivery reports and replies show here all the same.
        </Note>
      ) : null}
      <form
        noValidate
        onSubmit={form.onSubmit((values) => {
          setFailure(null);
          save.mutate({ to: { status: values.status.trim() || null, inbound: values.inbound.trim() || null }, before: deployment.webhooks });
        })}
      >
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <TextInput label="Delivery Report Callback URL" placeholder="https://…" readOnly={!mayWrite} {...form.getInputProps("status")} />
          <TextInput
            label="Inbound Message Callback URL"
            description="If only one of the two is given, both kinds go there."
            placeholder="https://…"
            readOnly={!mayWrite}
            {...form.getInputProps("inbound")}
          />
          {mayWrite ? (
            <FormEnd busy={save.isPending} disabled={!form.isDirty()} quiet={!none}>
              Save webhooks
            </FormEnd>
          ) : null}
        </Stack>
      </form>
    </Section>
  );
}
