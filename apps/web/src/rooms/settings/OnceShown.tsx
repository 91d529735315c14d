import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyField } from "../../pieces/CopyField.tsx";

interface Props {
  title: string;
  label: string;
  /** The secret; the window is open while there is one. */
  value: string | null;
  children: ReactNode;
  onClose: () => void;
}

/** A secret that is shown this one time. It closes by its button alone, so that it is not lost to a stray click. */
export function OnceShown({ title, label, value, children, onClose }: Props) {
  return (
    <Modal opened={value !== null} onClose={onClose} title={title} closeOnClickOutside={false} closeOnEscape={false} withCloseButton={false} size="lg">
      <Stack>
        <Text size="sm">{children}</Text>
        <CopyField label={label} value={value ?? ""} />
        <Group justify="flex-end">
          <Button onClick={onClose}>I have copied it</Button>
        </Group>
      </Stack>
    </Modal>
  );
}
