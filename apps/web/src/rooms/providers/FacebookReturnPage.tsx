import { Loader, Stack, Text } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useRef, useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { readReturn, tellWaitingPage } from "./facebook.ts";

/** Where Facebook's dialog leads back to: hands the code to the page that waits for it, or finishes here when none does. */
export default function FacebookReturnPage() {
  const navigate = useNavigate();
  const [refused, setRefused] = useState<string | null>(null);
  const started = useRef(false);
  const finish = useChange({
    run: api.providers.embeddedSignup,
    stale: ["providers", "templates", "lanes"],
    done: (provider) => `${provider.nickname} is connected`,
    onDone: (provider) => void navigate({ to: "/channels/whatsapp/$id", params: { id: provider.id }, replace: true }),
    onFailed: () => {},
  });
  const { mutate } = finish;
  useEffect(() => {
    if (started.current) return;
    started.current = true;
    const result = readReturn(location.search);
    void tellWaitingPage(result).then((taken) => {
      if (taken) window.close();
      else if ("error" in result) setRefused(result.error);
      else mutate({ ...result, redirectUri: `${location.origin}${location.pathname}` });
    });
  }, [mutate]);
  return (
    <Page title="Connecting the number" narrow>
      {finish.error ? (
        <ErrorNote error={finish.error} />
      ) : refused ? (
        <Note kind="warm" announce="alert" title="Facebook did not connect the number" actions={<ButtonLink to="/channels/whatsapp/new">Try again</ButtonLink>}>
          {refused}
        </Note>
      ) : (
        <Stack align="center" py="xl">
          <Loader />
          <Text size="sm" c="dimmed">
            Asking Meta for the number's token. This window may close by itself.
          </Text>
        </Stack>
      )}
    </Page>
  );
}
