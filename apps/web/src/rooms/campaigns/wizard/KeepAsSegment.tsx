import { Button, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDeviceFloppy } from "@tabler/icons-react";
import type { ApiFailure, Segment, SegmentQuery } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";

interface Props {
  query: SegmentQuery;
  onKept: (segment: Segment) => void;
}

/** Keeps the query of a campaign as a segment, which the campaign then goes to. */
export function KeepAsSegment({ query, onKept }: Props) {
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Button variant="default" size="xs" leftSection={<IconDeviceFloppy size={14} aria-hidden />} onClick={ask.open} style={{ alignSelf: "flex-start" }}>
        Keep as a segment
      </Button>
      <Modal opened={asking} onClose={ask.close} title="Keep the query as a segment">
        <NameForm query={query} onKept={onKept} onClose={ask.close} />
      </Modal>
    </>
  );
}

function NameForm({ query, onKept, onClose }: Props & { onClose: () => void }) {
  const [name, setName] = useState("");
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const keep = useChange({
    run: (input: { name: string }) => api.segments.create({ ...input, query }),
    stale: ["segments"],
    done: (segment) => `${segment.name} is saved, and the campaign goes to it`,
    onDone: onKept,
    onFailed: setFailure,
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    setFailure(null);
    keep.mutate({ name: name.trim() });
  };
  const isTaken = failure?.code === "segment_name_taken";
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">The campaign then goes to the segment: to whoever fits it when it is sent, also if somebody changes it before.</Text>
        <TextInput
          label="Name of the segment"
          maxLength={120}
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            setFailure(null);
          }}
          error={isTaken ? [failure.message, failure.fix].filter(Boolean).join(" ") : null}
          data-autofocus
          autoComplete="off"
        />
        {failure && !isTaken ? <ErrorNote error={failure} /> : null}
        <FormEnd busy={keep.isPending} disabled={name.trim() === ""} onCancel={onClose}>
          Keep it
        </FormEnd>
      </Stack>
    </form>
  );
}
