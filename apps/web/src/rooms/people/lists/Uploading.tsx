import { Button } from "@mantine/core";
import { FileProgress } from "./FileProgress.tsx";

/** A file on its way to a list: how far, and the way to stop it. The list's page shows how far its rows are read. */
export function Uploading({ name, fraction, onCancel }: { name: string; fraction: number; onCancel: () => void }) {
  return (
    <FileProgress
      title={`Uploading ${name}`}
      fraction={fraction}
      action={
        fraction >= 1 ? null : (
          <Button size="xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )
      }
    />
  );
}
