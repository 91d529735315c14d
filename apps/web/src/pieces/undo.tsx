import { Button, Group } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";

/** Long enough to read the sentence, see that it was a mistake, and reach the button by keyboard. */
const undoableMs = 12_000;

/** Says that something is done; with `takeBack`, beside a button that takes it back. `takeBack` says itself when it cannot. */
export function sayDone(message: string, takeBack?: () => unknown): void {
  if (!takeBack) {
    notifications.show({ color: "deep", message });
    return;
  }
  const id: string = notifications.show({
    color: "deep",
    autoClose: undoableMs,
    message: <Undoable message={message} takeBack={takeBack} onDone={() => notifications.hide(id)} />,
  });
}

function Undoable({ message, takeBack, onDone }: { message: string; takeBack: () => unknown; onDone: () => void }) {
  const [busy, setBusy] = useState(false);
  const undo = async () => {
    setBusy(true);
    await takeBack();
    onDone();
  };
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <span className="break">{message}</span>
      <Button size="compact-sm" variant="default" loading={busy} onClick={() => void undo()}>
        Undo
      </Button>
    </Group>
  );
}
