import { Button, List, Modal, Stack, Text } from "@mantine/core";
import type { SegmentUse } from "@tincan/api";
import { ConfirmHarm } from "../../../pieces/ConfirmHarm.tsx";
import { wordsOfUse } from "./uses.ts";

interface Props {
  opened: boolean;
  /** "segment" or "list". */
  what: "segment" | "list";
  /** "delete" or "archive": what is asked for. */
  act?: "delete" | "archive";
  name: string;
  uses: readonly SegmentUse[];
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before a segment or a list goes; where something uses it, names that instead. */
export function DeleteUnused({ opened, what, act = "delete", name, uses, busy, onConfirm, onClose }: Props) {
  if (uses.length > 0) {
    return (
      <Modal opened={opened} onClose={onClose} title={`${name} is in use`}>
        <Stack>
          <Text size="sm">
            It cannot be {act}d while something uses it. Take it out of these first:
          </Text>
          <List size="sm" spacing={4}>
            {uses.map((use) => (
              <List.Item key={`${use.kind} ${use.id}`}>{wordsOfUse(use)}</List.Item>
            ))}
          </List>
          <Button variant="default" onClick={onClose} style={{ alignSelf: "flex-end" }}>
            Close
          </Button>
        </Stack>
      </Modal>
    );
  }
  return (
    <ConfirmHarm opened={opened && act === "delete"} onClose={onClose} title={`Delete ${name}`} confirm={`Delete the ${what}`} busy={busy} onConfirm={onConfirm}>
      {what === "segment" ? "The question goes for good. The people stay." : "The list and the rows of its last file go for good. The people stay."}
    </ConfirmHarm>
  );
}
