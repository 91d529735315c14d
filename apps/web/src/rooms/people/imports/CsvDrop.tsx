import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { Button, Group, Progress, Stack, Text } from "@mantine/core";
import { IconFileSpreadsheet, IconUpload, IconX } from "@tabler/icons-react";
import type { ApiFailure, Import } from "@tincan/api";
import { useRef, useState } from "react";
import { asFailure } from "../../../change.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { fileSize } from "./import-words.ts";
import { uploadCsv } from "./upload.ts";

/** Takes one CSV file, dropped or chosen, and brings it to the server. Nothing is imported yet. */
export function CsvDrop({ onUploaded }: { onUploaded: (made: Import) => void }) {
  const [sending, setSending] = useState<{ name: string; size: number; fraction: number } | null>(null);
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const stop = useRef<AbortController>(null);
  const openFile = useRef<() => void>(null);

  const send = async (file: File) => {
    setFailure(null);
    const control = new AbortController();
    stop.current = control;
    const progress = (fraction: number) => setSending({ name: file.name, size: file.size, fraction });
    progress(0);
    try {
      onUploaded(await uploadCsv(file, progress, control.signal));
    } catch (error) {
      if (!control.signal.aborted) setFailure(asFailure(error));
    } finally {
      setSending(null);
    }
  };

  if (sending) {
    const percent = Math.floor(sending.fraction * 100);
    return (
      <Stack gap="xs">
        <Group justify="space-between">
          <Text size="sm" fw={600} className="break">
            Uploading {sending.name} ({fileSize(sending.size)})
          </Text>
          <Button size="xs" variant="default" onClick={() => stop.current?.abort()}>
            Cancel
          </Button>
        </Group>
        <Progress.Root size="lg">
          <Progress.Section value={percent} aria-label={`Uploading ${sending.name}`} animated />
        </Progress.Root>
        <Text size="sm" className="numeric">
          {percent === 100 ? "Reading the first rows" : `${percent}%`}
        </Text>
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      {failure ? <ErrorNote error={failure} /> : null}
      <Dropzone
        onDrop={([file]) => file && void send(file)}
        openRef={openFile}
        multiple={false}
        activateOnClick={false}
        activateOnKeyboard={false}
        inputProps={{ "aria-label": "CSV file" }}
        tabIndex={-1}
        p="xl"
      >
        <Stack align="center" gap="xs" ta="center" style={{ pointerEvents: "all" }}>
          <Dropzone.Accept>
            <IconUpload size={36} stroke={1.5} aria-hidden />
          </Dropzone.Accept>
          <Dropzone.Reject>
            <IconX size={36} stroke={1.5} aria-hidden />
          </Dropzone.Reject>
          <Dropzone.Idle>
            <IconFileSpreadsheet size={36} stroke={1.5} aria-hidden />
          </Dropzone.Idle>
          <Text fw={600}>Drop a CSV file here</Text>
          <Text size="sm" c="dimmed" maw={520}>
            The first row names the columns. Any common encoding and separator will do. You choose what each column becomes and see what would happen before anybody is changed.
          </Text>
          <Button variant="default" onClick={() => openFile.current?.()}>
            Choose a file
          </Button>
        </Stack>
      </Dropzone>
    </Stack>
  );
}
