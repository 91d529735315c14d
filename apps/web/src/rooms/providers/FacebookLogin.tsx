import { Button, Stack, Text } from "@mantine/core";
import { Section } from "../../pieces/Section.tsx";
import { IconBrandFacebook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useNavigate } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { Note } from "../../pieces/Note.tsx";
import { awaitReturn } from "./facebook.ts";

/** Connects a number without pasting anything: the dialog asks for the account and number, the server gets the token. */
export function FacebookLogin() {
  const config = useQuery({ queryKey: ["providers", "signup-config"], queryFn: ({ signal }) => api.providers.embeddedSignupConfig(signal) });
  const [waiting, setWaiting] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const navigate = useNavigate();
  const finish = useChange({
    run: api.providers.embeddedSignup,
    stale: ["providers", "templates", "lanes"],
    done: (provider) => `${provider.nickname} is connected`,
    onDone: (provider) => void navigate({ to: "/channels/whatsapp/$id", params: { id: provider.id } }),
    onFailed: () => {},
  });
  const { mutate } = finish;
  const dialogUrl = config.data?.dialogUrl ?? null;
  const redirectUri = config.data?.redirectUri ?? null;

  useEffect(() => {
    if (!waiting || !dialogUrl) return;
    return awaitReturn(new URL(dialogUrl, location.href).origin, (result) => {
      setWaiting(false);
      if ("error" in result) setRefused(result.error);
      else mutate({ ...result, ...(redirectUri ? { redirectUri } : {}) });
    });
  }, [waiting, dialogUrl, redirectUri, mutate]);

  if (config.data && !dialogUrl) {
    return (
      <Text size="xs" c="dimmed">
        “Log in with Facebook” is off. {config.data.reason ?? "No Facebook app is set up on this server."}
      </Text>
    );
  }
  const openDialog = () => {
    if (!dialogUrl) return;
    setRefused(null);
    finish.reset();
    setWaiting(true);
    // Without a window of its own (blocked) the dialog takes this one, and the return page finishes by itself.
    if (!window.open(dialogUrl, "tincan-facebook", "popup,width=680,height=820")) location.assign(dialogUrl);
  };
  return (
    <Section title="With Facebook" description="The quickest way: choose the account and the number in Facebook's own dialog.">
      <Stack gap="sm" align="flex-start">
        <Button leftSection={<IconBrandFacebook size={18} aria-hidden />} onClick={openDialog} loading={finish.isPending} disabled={!dialogUrl}>
          Log in with Facebook
        </Button>
        {waiting ? (
          <Text size="sm" c="dimmed" aria-live="polite">
            Continue in the Facebook window. This page continues by itself.
          </Text>
        ) : null}
        {refused ? (
          <Note kind="warm" announce="alert" title="Facebook did not connect the number">
            {refused} You can try again.
          </Note>
        ) : null}
        {finish.error ? <ErrorNote error={finish.error} /> : null}
      </Stack>
    </Section>
  );
}
