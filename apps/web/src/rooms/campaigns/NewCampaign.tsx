import { Modal, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";

/** Asks a name, makes a draft, opens it. */
export function NewCampaign({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="New campaign">
      <Form onClose={onClose} />
    </Modal>
  );
}

function Form({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate();
  const form = useForm({ initialValues: { name: "" }, validate: { name: (value) => (value.trim() === "" ? "Give it a name, so that you find it again" : null) } });
  const { failure, submit, busy } = useFormChange(form, {
    run: ({ name }: { name: string }) => api.campaigns.create({ name: name.trim() }),
    stale: ["campaigns"],
    onDone: ({ id }) => void navigate({ to: "/campaigns/$id/edit", params: { id } }),
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack>
        <TextInput label="Name" description="For you and your team; nobody else sees it." maxLength={120} data-autofocus {...form.getInputProps("name")} />
        {failure ? <ErrorNote error={failure} /> : null}
        <FormEnd busy={busy} onCancel={onClose}>
          Make the draft
        </FormEnd>
      </Stack>
    </form>
  );
}
