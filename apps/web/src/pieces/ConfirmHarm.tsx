import { Button, Group, List, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useState } from "react";
import { breakable } from "./breakable.tsx";

interface Props {
  opened: boolean;
  title: string;
  /** What happens, in a sentence. */
  children: string;
  /** Everything that will be affected, named. */
  affected?: string[];
  confirm: string;
  /** Must be typed before the button works: for what cannot be undone. */
  typeToConfirm?: string;
  busy: boolean;
  onConfirm: () => void;
  onClose: () => void;
}

/** Asks before harm is done, naming what will be affected. */
export function ConfirmHarm({ opened, title, children, affected = [], confirm, typeToConfirm, busy, onConfirm, onClose }: Props) {
  const [typed, setTyped] = useState("");
  const ready = !typeToConfirm || typed.trim() === typeToConfirm;
  const close = () => {
    setTyped("");
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={breakable(title)}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onConfirm();
        }}
      >
        <Stack gap="md">
          <Text size="sm">{children}</Text>
          {affected.length > 0 ? (
            <List size="sm" spacing={4}>
              {affected.map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          ) : null}
          {typeToConfirm ? (
            <TextInput
              label={`Type “${typeToConfirm}” to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              autoComplete="off"
              data-autofocus
            />
          ) : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus={typeToConfirm ? undefined : true}>
              Cancel
            </Button>
            <Button type="submit" color="red" loading={busy} disabled={!ready}>
              {confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
