import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Door } from "./Door.tsx";

/** First run: makes the workspace and its first admin. */
export default function SetupPage() {
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useForm({
    initialValues: { workspaceName: "", name: "", email: "", password: "" },
    validate: {
      workspaceName: (value) => (value.trim() ? null : "Give the workspace a name"),
      name: (value) => (value.trim() ? null : "Your name, as your team knows you"),
      email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : "An e-mail address, like ada@example.com"),
      password: (value) => (value.length >= 10 ? null : "At least 10 characters"),
    },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: typeof form.values) => api.setup.run({ ...values, workspaceName: values.workspaceName.trim(), name: values.name.trim(), email: values.email.trim() }),
    stale: [],
    onDone: () => {
      client.clear();
      void navigate({ to: "/" });
    },
  });
  return (
    <Door title="Set up Tincan" lead="The first account is the admin. Others join later by a link.">
      <form onSubmit={submit} noValidate>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <TextInput label="Workspace" placeholder="Acme" autoComplete="organization" {...form.getInputProps("workspaceName")} data-autofocus />
          <TextInput label="Your name" autoComplete="name" {...form.getInputProps("name")} />
          <TextInput label="E-mail" type="email" autoComplete="username" {...form.getInputProps("email")} />
          <PasswordInput
            label="Password"
            description="At least 10 characters. A few words are easier to remember than symbols."
            autoComplete="new-password"
            visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
            {...form.getInputProps("password")}
          />
          <Button type="submit" loading={busy} fullWidth mt={4}>
            Create workspace
          </Button>
        </Stack>
      </form>
    </Door>
  );
}
