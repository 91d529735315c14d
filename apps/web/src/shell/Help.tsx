import { Group, Kbd, Modal, NavLink, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconApi, IconDeviceMobile, IconHelp } from "@tabler/icons-react";
import { useNarrow } from "../pieces/narrow.ts";
import { useSession } from "../session.ts";
import { commandKey } from "./search-keys.ts";

/** Keys pressed together, and others that do the same. */
const keys: { does: string; press: string[][] }[] = [
  { does: "Search everything", press: [[commandKey, "K"], ["/"]] },
  { does: "The row before or after in a list", press: [["↑"], ["↓"]] },
  { does: "Pick all rows up to this one", press: [["Shift", "Space"]] },
  { does: "Close what is open, drop what is picked", press: [["Esc"]] },
];

/** Where to find more, and the keys. */
export function Help() {
  const [opened, { open, close }] = useDisclosure(false);
  const { phonesUrl, version } = useSession();
  const narrow = useNarrow();
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
          {narrow ? null : (
            <Stack gap={6}>
              <Text size="sm" fw={600}>
                Keys
              </Text>
              {keys.map(({ does, press }) => (
                <Group key={does} justify="space-between">
                  <Text size="sm">{does}</Text>
                  <Group gap={6}>
                    {press.map((together) => (
                      <span key={together.join(" ")}>
                        {together.map((key) => (
                          <Kbd key={key} ml={4}>
                            {key}
                          </Kbd>
                        ))}
                      </span>
                    ))}
                  </Group>
                </Group>
              ))}
            </Stack>
          )}
          <Text size="xs" c="dimmed">
            Tincan {version}
          </Text>
        </Stack>
      </Modal>
    </>
  );
}
