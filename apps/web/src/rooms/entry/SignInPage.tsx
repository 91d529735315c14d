import { Anchor, Button, PasswordInput, PinInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRouter, useSearch } from "@tanstack/react-router";
import { type SubmitEvent, useState } from "react";
import { accounts } from "../../accounts.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { setupQuery } from "../../session.ts";
import { Door } from "./Door.tsx";

/** E-mail and password, then a code where two-factor is on. */
export default function SignInPage() {
  const [step, setStep] = useState<"password" | "code">("password");
  const client = useQueryClient();
  const router = useRouter();
  const { next } = useSearch({ from: "/sign-in" });

  const enter = () => {
    client.clear();
    router.history.push(next ?? "/");
  };
  return step === "password" ? <PasswordStep onDone={enter} onCodeNeeded={() => setStep("code")} /> : <CodeStep onDone={enter} onBack={() => setStep("password")} />;
}

function PasswordStep({ onDone, onCodeNeeded }: { onDone: () => void; onCodeNeeded: () => void }) {
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const setup = useQuery(setupQuery);
  const signIn = useChange({
    run: () => accounts.signIn(email.trim(), password),
    stale: [],
    onDone: (answer) => (answer.twoFactorRedirect ? onCodeNeeded() : onDone()),
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    signIn.mutate(undefined);
  };
  return (
    <Door title="Sign in">
      <form onSubmit={submit}>
        <Stack>
          {signIn.error ? <ErrorNote error={signIn.error} /> : null}
          {setup.data?.demo ? (
            <Text size="sm" c="dimmed">
              The demo prints a one-time link in the terminal where it was started. Open that link to come in without a password.
            </Text>
          ) : null}
          <TextInput label="E-mail" type="email" autoComplete="username" required withAsterisk={false} value={email} onChange={(event) => setEmail(event.currentTarget.value)} />
          <PasswordInput
            label="Password"
            autoComplete="current-password"
            required
            withAsterisk={false}
            value={password}
            onChange={(event) => setPassword(event.currentTarget.value)}
            visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
          />
          <Button type="submit" loading={signIn.isPending} fullWidth>
            Sign in
          </Button>
          <Text size="xs" c="dimmed">
            Password forgotten? An admin of your workspace can remove you and invite you again.
          </Text>
        </Stack>
      </form>
    </Door>
  );
}

function CodeStep({ onDone, onBack }: { onDone: () => void; onBack: () => void }) {
  const [backup, setBackup] = useState(false);
  const [code, setCode] = useState("");
  const verify = useChange({
    run: (value: string) => (backup ? accounts.verifyBackupCode(value) : accounts.verifyCode(value)),
    stale: [],
    onDone,
    onFailed: () => setCode(""),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    verify.mutate(code.trim());
  };
  return (
    <Door title="One more step" lead={backup ? "Enter one of the backup codes you kept." : "Enter the six digits your authenticator app shows."}>
      <form onSubmit={submit}>
        <Stack align="stretch">
          {verify.error ? <ErrorNote error={verify.error} /> : null}
          {backup ? (
            <TextInput label="Backup code" value={code} onChange={(event) => setCode(event.currentTarget.value)} autoComplete="off" />
          ) : (
            <PinInput
              length={6}
              type="number"
              oneTimeCode
              value={code}
              onChange={setCode}
              onComplete={(value: string) => verify.mutate(value)}
              getInputProps={(index) => ({ "aria-label": `Digit ${index + 1} of 6` })}
              mx="auto"
            />
          )}
          <Button type="submit" loading={verify.isPending} disabled={backup ? !code.trim() : code.length < 6}>
            Confirm
          </Button>
          <Anchor
            component="button"
            type="button"
            size="sm"
            onClick={() => {
              setBackup(!backup);
              setCode("");
            }}
          >
            {backup ? "Use the authenticator app" : "Use a backup code"}
          </Anchor>
          <Anchor component="button" type="button" size="sm" onClick={onBack}>
            Sign in as somebody else
          </Anchor>
        </Stack>
      </form>
    </Door>
  );
}
