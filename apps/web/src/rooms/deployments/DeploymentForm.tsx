import { NativeSelect, NumberInput, Stack, Switch, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQuery } from "@tanstack/react-query";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { displayNumber } from "../../pieces/phone.ts";

/** Name, number, and what the contract leaves open. */
export function DeploymentForm({ deployment, onSaved, onCancel }: { deployment: Deployment; onSaved: () => void; onCancel: () => void }) {
  const providers = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal) });
  const form = useForm({
    initialValues: { name: deployment.name, provider: deployment.provider.id, ...deployment.settings },
    validate: { name: (value) => (value.trim() ? null : "A name your team recognises") },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: ({ name, provider, ...settings }: typeof form.values) =>
      api.deployments.update(deployment.id, { name: name.trim(), provider, settings }),
    stale: ["deployments", "lanes"],
    done: "Saved",
    onDone: onSaved,
  });
  const choice = providers.data?.items ?? [deployment.provider];
  return (
    <form noValidate onSubmit={submit}>
      <Stack>
        {failure ? <ErrorNote error={failure} /> : null}
        <TextInput label="Name" {...form.getInputProps("name")} />
        <NativeSelect
          label="Send from"
          data={choice.map((provider) => ({ value: provider.id, label: `${provider.nickname} (${displayNumber(provider.number)})` }))}
          {...form.getInputProps("provider")}
        />
        <NativeSelect
          label="Trial requests"
          description="CleverTap tries a template when it is saved there, with the id 0|0|0|0 and the values 0, 1, 2 and so on."
          data={[
            { value: "check", label: "Check against the template, answer, do not send" },
            { value: "send", label: "Send them like any other" },
          ]}
          {...form.getInputProps("trialPolicy")}
        />
        <NumberInput label="Statuses in one callback, at most" min={1} max={1000} {...form.getInputProps("callbackBatchSize")} />
        <Switch
          label="Tell reactions, contact cards and orders as text"
          description="The contract has no form of its own for them. Off, they stay here. On, CleverTap's keyword rules and automatic replies act on them as on any text."
          {...form.getInputProps("othersAsText", { type: "checkbox" })}
        />
        <FormEnd busy={busy} onCancel={onCancel}>
          Save
        </FormEnd>
      </Stack>
    </form>
  );
}
