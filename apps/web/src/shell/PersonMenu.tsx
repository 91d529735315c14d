import { Avatar, Menu, SegmentedControl, Text, UnstyledButton, useMantineColorScheme, type MantineColorScheme } from "@mantine/core";
import { IconLogout, IconUserCircle } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { accounts } from "../accounts.ts";
import { useChange } from "../change.ts";
import { useSession } from "../session.ts";
import classes from "./WorkspaceSwitcher.module.css";

/** Who is signed in, light or dark, and the way out. */
export function PersonMenu() {
  const { user, role } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
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
    <Menu position="top-start" width={240}>
      <Menu.Target>
        <UnstyledButton className={classes.button} style={{ border: 0 }} aria-label={`${user.name}, your menu`}>
          <Avatar size={26} radius="xl" color="deep" name={user.name} aria-hidden />
          <span className={classes.name}>{user.name}</span>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {user.email}
          <Text span size="xs" tt="capitalize">
            {" "}
            · {role}
          </Text>
        </Menu.Label>
        <div style={{ padding: "4px 8px 8px" }}>
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
        </div>
        <Menu.Item leftSection={<IconUserCircle size={16} />} onClick={() => void navigate({ to: "/settings/account" })}>
          Your account
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => leave.mutate(undefined)}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
