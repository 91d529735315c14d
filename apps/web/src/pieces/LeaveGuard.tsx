import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useBlocker } from "@tanstack/react-router";

/** Asks before what somebody wrote is lost: on the way to another page, and before the window closes. */
export function LeaveGuard({ isDirty }: { isDirty: () => boolean }) {
  const leaving = useBlocker({ shouldBlockFn: isDirty, enableBeforeUnload: isDirty, withResolver: true });
  const stay = () => leaving.reset?.();
  return (
    <Modal opened={leaving.status === "blocked"} onClose={stay} title="Leave without saving">
      <Stack>
        <Text size="sm">What you changed here is not saved yet, and would be lost.</Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={stay} data-autofocus>
            Stay
          </Button>
          <Button color="red" onClick={() => leaving.proceed?.()}>
            Leave
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
