import { Modal, NativeSelect, Stack, Text } from "@mantine/core";
import type { GenericProvider } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { exactTime } from "../../pieces/time.ts";

const overlaps = [
  { value: "0", label: "Not at all: they end now" },
  { value: "1", label: "For one hour" },
  { value: "24", label: "For a day" },
  { value: "72", label: "For three days" },
  { value: "168", label: "For a week" },
];

/** New secret addresses; the old ones go on for as long as it takes to hand over the new ones. */
export function RotateCallbackUrls({ provider, opened, onClose }: { provider: GenericProvider; opened: boolean; onClose: () => void }) {
  return (
    <Modal opened={opened} onClose={onClose} title="Rotate the callback addresses">
      <Overlap provider={provider} onClose={onClose} />
    </Modal>
  );
}

function Overlap({ provider, onClose }: { provider: GenericProvider; onClose: () => void }) {
  const [openedAt] = useState(() => Date.now());
  const [hours, setHours] = useState("24");
  const rotate = useChange({
    run: (overlapHours: number) => api.providers.rotateCallbackUrls(provider.id, { overlapHours }),
    stale: ["providers"],
    done: ({ previousCallbackUrls }) => `New addresses are ready. The old ones ${previousCallbackUrls ? `work until ${exactTime(previousCallbackUrls.until)}` : "have ended"}`,
    onDone: onClose,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        rotate.mutate(Number(hours));
      }}
    >
      <Stack>
        <Text size="sm">Both addresses of {provider.nickname} are made anew. Do this when somebody has seen them who should not have.</Text>
        <NativeSelect label="The old addresses keep working" value={hours} onChange={(event) => setHours(event.currentTarget.value)} data={overlaps} data-autofocus />
        <Text size="sm" aria-live="polite">
          {hours === "0" ? (
            <>
              What is sent to the old addresses is <b>refused from now on</b>, until the provider has the new ones.
            </>
          ) : (
            <>
              The old addresses work until <b>{exactTime(new Date(openedAt + Number(hours) * 3_600_000).toISOString())}</b>. Give the provider the new ones before then.
            </>
          )}
        </Text>
        <FormEnd busy={rotate.isPending} harm={hours === "0"} onCancel={onClose}>
          Make new addresses
        </FormEnd>
      </Stack>
    </form>
  );
}
