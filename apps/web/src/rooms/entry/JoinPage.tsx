import { Button, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import type { Invitation } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Door } from "./Door.tsx";

/** Where an invitation's link leads. */
export default function JoinPage() {
  const { token } = useParams({ from: "/join/$token" });
  const invitation = useQuery({ queryKey: ["invitation", token], queryFn: ({ signal }) => api.invitations.get(token, signal), retry: false });
  return (
    <Door title={invitation.data ? `Join ${invitation.data.workspaceName}` : "Join a workspace"}>
      <Loaded query={invitation}>{(data) => <JoinForm token={token} invitation={data} />}</Loaded>
    </Door>
  );
}

function JoinForm({ token, invitation }: { token: string; invitation: Invitation }) {
  const [name, setName] = useState("");
  const [password, setPassword] = useState("");
  const client = useQueryClient();
  const navigate = useNavigate();
  const join = useChange({
    run: () => api.invitations.accept(token, { password, ...(invitation.hasAccount ? {} : { name: name.trim() }) }),
    stale: [],
    onDone: () => {
      client.clear();
      void navigate({ to: "/" });
    },
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    join.mutate(undefined);
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">
          You join as <b>{invitation.role}</b>.
        </Text>
        {join.error ? <ErrorNote error={join.error} /> : null}
        <TextInput label="E-mail" value={invitation.email} readOnly autoComplete="username" />
        {invitation.hasAccount ? null : (
          <TextInput label="Your name" autoComplete="name" required withAsterisk={false} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        )}
        <PasswordInput
          label={invitation.hasAccount ? "Your password" : "Choose a password"}
          description={invitation.hasAccount ? "This address already has an account here." : "At least 10 characters."}
          autoComplete={invitation.hasAccount ? "current-password" : "new-password"}
          required
          withAsterisk={false}
          minLength={invitation.hasAccount ? undefined : 10}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          visibilityToggleButtonProps={{ "aria-label": "Show the password" }}
        />
        <Button type="submit" loading={join.isPending}>
          Join
        </Button>
      </Stack>
    </form>
  );
}
