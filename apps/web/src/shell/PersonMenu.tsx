import { Avatar, NavLink, Popover, SegmentedControl, Stack, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { accounts } from "../accounts.ts";
import { useChange } from "../change.ts";
import { NavigationLink } from "../pieces/links.tsx";
import { useSession } from "../session.ts";
import classes from "./WorkspaceSwitcher.module.css";

/** Who is signed in, light or dark, and the way out. */
export function PersonMenu() {
  const { user, role } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const [opened, setOpened] = useState(false);
  const client = useQueryClient();
  const navigate = useNavigate();
  const leave = useChange({
    run: () => accounts.signOut(),
    stale: [],
    onDone: () => {
      client.clear();
      void navigate({ to: "/sign-in" });
    },
  });
  return (
    <Popover position="top-start" width={220} withinPortal={false} trapFocus opened={opened} onChange={setOpened}>
      <Popover.Target>
        <UnstyledButton className={classes.button} style={{ border: 0 }} aria-label={`${user.name}, your menu`} onClick={() => setOpened(!opened)}>
          <Avatar size={26} radius="xl" color="deep" name={user.name} aria-hidden />
          <span className={classes.name}>{user.name}</span>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown p="xs" aria-label="Your menu">
        <Stack gap="xs">
          <Text size="xs" c="dimmed" px={4} className="break">
            {user.email} · <span style={{ textTransform: "capitalize" }}>{role}</span>
          </Text>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label="Appearance"
            value={colorScheme}
            onChange={(value) => setColorScheme(value as MantineColorScheme)}
            data={[
              { value: "light", label: "Light" },
              { value: "dark", label: "Dark" },
              { value: "auto", label: "System" },
            ]}
          />
          <div>
            <NavigationLink to="/settings/account" label="Your account" leftSection={<IconUserCircle size={16} aria-hidden />} onClick={() => setOpened(false)} />
            <NavLink component="button" label="Sign out" leftSection={<IconLogout size={16} aria-hidden />} onClick={() => leave.mutate(undefined)} />
          </div>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
