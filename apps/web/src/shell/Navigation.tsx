import { ScrollArea, Stack, Text } from "@mantine/core";
import type { Permission } from "@tincan/api";
import { NavigationLink } from "../pieces/links.tsx";
import { useSession } from "../session.ts";
import classes from "./Navigation.module.css";
import { groups, type Room } from "./rooms.ts";

/** The rooms this person may enter. */
export function useRooms(): { name?: string; rooms: Room[] }[] {
  const { permissions } = useSession();
  const open = (needs: Permission | undefined) => needs === undefined || permissions.includes(needs);
  return groups.map((group) => ({ ...group, rooms: group.rooms.filter((room) => open(room.needs)) })).filter((group) => group.rooms.length > 0);
}

export function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const shown = useRooms();
  return (
    <ScrollArea style={{ flex: 1 }} type="auto" scrollbarSize={6}>
      <Stack gap="md" py={4}>
        {shown.map((group) => (
          <div key={group.name ?? "rooms"}>
            {group.name ? (
              <Text size="xs" fw={600} c="dimmed" px={10} pb={4}>
                {group.name}
              </Text>
            ) : null}
            <ul className={classes.list} aria-label={group.name ?? "Rooms"}>
              {group.rooms.map(({ to, label, icon: Icon }) => (
                <li key={to}>
                  <NavigationLink
                    to={to}
                    label={label}
                    leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
                    className={classes.link}
                    activeOptions={{ exact: to === "/", includeSearch: false }}
                    activeProps={{ active: true, "aria-current": "page" }}
                    onClick={onNavigate}
                  />
                </li>
              ))}
            </ul>
          </div>
        ))}
      </Stack>
    </ScrollArea>
  );
}
