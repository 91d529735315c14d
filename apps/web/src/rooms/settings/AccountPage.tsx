import { PasswordInput, Stack } from "@mantine/core";
import { useForm } from "@mantine/form";
import { accounts } from "../../accounts.ts";
import { useFormChange } from "../../form-change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { Page } from "../../pieces/Page.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useSession } from "../../session.ts";
import { TwoFactorSection } from "./TwoFactorSection.tsx";

/** One's own sign-in. */
export default function AccountPage() {
  const { user, role } = useSession();
  return (
    <Page title="Your account" narrow>
      <Stack gap="lg">
        <Section title="You">
          <Facts
            rows={[
              ["Name", user.name],
              ["E-mail", user.email],
              ["Role", <span key="role" style={{ textTransform: "capitalize" }}>{role}</span>],
            ]}
          />
        </Section>
        <TwoFactorSection enabled={user.twoFactorEnabled} />
        <PasswordSection />
      </Stack>
    </Page>
  );
}

function PasswordSection() {
  const form = useForm({
    initialValues: { current: "", next: "" },
    validate: { current: (value) => (value ? null : "Your current password"), next: (value) => (value.length >= 10 ? null : "At least 10 characters") },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: { current: string; next: string }) => accounts.changePassword(values.current, values.next),
    stale: ["session"],
    done: "Your password is changed. Other devices are signed out",
    onDone: form.reset,
  });
  const eye = { "aria-label": "Show the password" };
  return (
    <Section title="Password" description="Changing it signs out every other device.">
      <form noValidate onSubmit={submit}>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <PasswordInput label="Current password" autoComplete="current-password" visibilityToggleButtonProps={eye} {...form.getInputProps("current")} />
          <PasswordInput label="New password" autoComplete="new-password" visibilityToggleButtonProps={eye} {...form.getInputProps("next")} />
          <FormEnd busy={busy} quiet>
            Change password
          </FormEnd>
        </Stack>
      </form>
    </Section>
  );
}
