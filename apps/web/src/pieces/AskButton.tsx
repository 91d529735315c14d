import { Button, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import type { ReactNode } from "react";
import { breakable } from "./breakable.tsx";
import { FormEnd } from "./FormEnd.tsx";

interface Props {
  label: string;
  icon: ReactNode;
  /** There is something more pressing beside it. */
  quiet?: boolean;
  disabled?: boolean;
  title: string;
  /** What follows, or what is still to be filled in: read only once it is asked for. */
  children: ReactNode;
  confirm: string;
  busy: boolean;
  /** Closes the question itself, once it is done. */
  onConfirm: (close: () => void) => void;
}

/** A button for what matters and does no harm: it asks first. */
export function AskButton({ label, icon, quiet = false, disabled = false, title, children, confirm, busy, onConfirm }: Props) {
  const [asking, ask] = useDisclosure(false);
  return (
    <>
      <Button variant={quiet ? "default" : "filled"} leftSection={icon} onClick={ask.open} disabled={disabled}>
        {label}
      </Button>
      <Modal opened={asking} onClose={ask.close} title={breakable(title)}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            onConfirm(ask.close);
          }}
        >
          <Stack>
            {children}
            <FormEnd busy={busy} onCancel={ask.close}>
              {confirm}
            </FormEnd>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
