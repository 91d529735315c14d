import { Group, Kbd, Modal, NavLink, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconApi, IconDeviceMobile, IconHelp } from "@tabler/icons-react";
import { useSession } from "../session.ts";

/** Where to find more, and the keys. */
export function Help() {
  const [opened, { open, close }] = useDisclosure(false);
  const { phonesUrl, version } = useSession();
  return (
    <>
      <NavLink component="button" label="Help" leftSection={<IconHelp size={18} stroke={1.7} aria-hidden />} onClick={open} style={{ borderRadius: 8, padding: "7px 10px" }} />
      <Modal opened={opened} onClose={close} title="Help">
        <Stack gap="md">
          <Stack gap={4}>
            {phonesUrl ? (
              <NavLink href={phonesUrl} target="_blank" rel="noreferrer" label="Simulated phones" description="Receive what you send and write back, without any account." leftSection={<IconDeviceMobile size={18} aria-hidden />} />
            ) : null}
            <NavLink href="/api/docs" target="_blank" label="API documentation" description="Everything this dashboard does, for scripts." leftSection={<IconApi size={18} aria-hidden />} />
          </Stack>
          <Stack gap={6}>
            <Text size="sm" fw={600}>
              Keys
            </Text>
            <Group justify="space-between">
              <Text size="sm">Search everything</Text>
              <span>
                <Kbd>Ctrl</Kbd> <Kbd>K</Kbd> or <Kbd>/</Kbd>
              </span>
            </Group>
            <Group justify="space-between">
              <Text size="sm">Close what is open</Text>
              <Kbd>Esc</Kbd>
            </Group>
          </Stack>
          <Text size="xs" c="dimmed">
            Tincan {version}
          </Text>
        </Stack>
      </Modal>
    </>
  );
}
