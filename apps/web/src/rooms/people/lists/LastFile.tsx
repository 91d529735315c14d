import { Button, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { ContactListDetail, ContactListUpload } from "@tincan/api";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { Facts } from "../../../pieces/Facts.tsx";
import { HarmButton } from "../../../pieces/HarmButton.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { useMay } from "../../../session.ts";
import { FileProgress } from "./FileProgress.tsx";

/** The newest file of a list: how far it is read, or what became of its rows. */
export function LastFile({ list: { id, lastUpload } }: { list: ContactListDetail }) {
  const mayWrite = useMay("segments.write");
  const isRead = lastUpload !== null && lastUpload.state !== "running";
  return (
    <Section
      title="Last file"
      fill
      actions={
        mayWrite && isRead && lastUpload.unmatched > 0 ? (
          <Button component="a" href={`/api/v1/lists/${id}/unmatched.csv`} download size="xs" variant="default" leftSection={<IconDownload size={14} aria-hidden />}>
            Unmatched rows as CSV
          </Button>
        ) : null
      }
    >
      {lastUpload === null ? (
        <Text size="sm" c="dimmed">
          No file was uploaded to this list.
        </Text>
      ) : isRead ? (
        <Outcome of={lastUpload} />
      ) : (
        <Reading listId={id} file={lastUpload} />
      )}
    </Section>
  );
}

function Reading({ listId, file }: { listId: string; file: ContactListUpload }) {
  const { fileName, bytesRead, bytesTotal, rows } = file;
  const mayWrite = useMay("segments.write");
  return (
    <Stack gap="xs">
      <FileProgress title={`Looking for the people of ${fileName}`} fraction={bytesTotal === 0 ? 0 : bytesRead / bytesTotal} count={`${rows.toLocaleString()} rows`} action={mayWrite ? <StopReading listId={listId} file={file} /> : null} />
      <Text size="sm" c="dimmed">
        You may leave this page: it goes on without you, and the result stays here.
      </Text>
    </Stack>
  );
}

function StopReading({ listId, file: { id, fileName, mode } }: { listId: string; file: ContactListUpload }) {
  const stop = useChange({ run: () => api.lists.cancelUpload(listId, id), stale: ["segments"], done: `${fileName} is not read on` });
  return (
    <HarmButton label="Stop reading" size="xs" title={`Stop reading ${fileName}?`} confirm="Stop reading" onConfirm={() => stop.mutateAsync(undefined)}>
      {`Those of the rows read so far stay on the list; the rows after them are not looked at.${mode === "replace" ? " Nobody is taken off the list." : ""}`}
    </HarmButton>
  );
}

function Outcome({ of: upload }: { of: ContactListUpload }) {
  return (
    <Stack gap="sm">
      {upload.failure === null ? null : (
        <Note kind="danger" title="The file was not read to its end">
          {upload.failure} The people of the rows below are on the list; upload the file again for the others.
        </Note>
      )}
      {upload.state === "cancelled" ? (
        <Note kind="info" title="Stopped on the way">
          {`Those of the rows below are on the list.${upload.mode === "replace" ? " Nobody was taken off it." : ""} Upload the file again for the others.`}
        </Note>
      ) : null}
      <Facts rows={facts(upload)} />
    </Stack>
  );
}

const facts = (upload: ContactListUpload): [string, React.ReactNode][] => [
  ["File", <span key="file" className="break">{`${upload.fileName}${upload.mode === "replace" && upload.state === "done" ? ", which replaced the list" : ""}`}</span>],
  ["Uploaded", <span key="at">by {upload.uploadedBy} <RelativeTime at={upload.uploadedAt} /></span>],
  ["Rows", upload.rows.toLocaleString()],
  ["People found", upload.matched.toLocaleString()],
  ["New on the list", upload.added.toLocaleString()],
  ["Taken off", upload.mode === "replace" && upload.state === "done" ? upload.removed.toLocaleString() : null],
  ["Contacts made", upload.created > 0 ? upload.created.toLocaleString() : null],
  ["Unmatched rows", upload.unmatched.toLocaleString()],
];
