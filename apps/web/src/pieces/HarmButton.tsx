import { Button, type ButtonProps } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { type ComponentProps, type ReactNode, useState } from "react";
import { ConfirmHarm } from "./ConfirmHarm.tsx";

interface Props extends Omit<ComponentProps<typeof ConfirmHarm>, "opened" | "busy" | "onConfirm" | "onClose"> {
  label: string;
  icon?: ReactNode;
  size?: ButtonProps["size"];
  /** Until what will be affected is known. */
  loading?: boolean;
  /** When it is pressed, before anything is confirmed: the time to read what will be affected. */
  onAsk?: () => void;
  /** Says itself how it went, as `useChange` does. The question stays when it rejects. */
  onConfirm: () => Promise<unknown>;
}

/** A button for what does harm: it asks first, naming what will be affected. */
export function HarmButton({ label, icon, size, loading = false, onAsk, onConfirm, ...question }: Props) {
  const [asking, ask] = useDisclosure(false, onAsk ? { onOpen: onAsk } : {});
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      await onConfirm();
      ask.close();
    } catch {
      // The change has said what went wrong.
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <Button variant="default" leftSection={icon} size={size} onClick={ask.open}>
        {label}
      </Button>
      <ConfirmHarm {...question} opened={asking} onClose={ask.close} busy={busy || loading} onConfirm={() => void confirm()} />
    </>
  );
}
