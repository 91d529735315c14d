import { ActionIcon, AppShell, Burger, Group, Kbd, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { spotlight } from "@mantine/spotlight";
import { IconSearch } from "@tabler/icons-react";
import { Outlet, useRouterState } from "@tanstack/react-router";
import { useLiveUpdates } from "../live.ts";
import { useNarrow } from "../pieces/narrow.ts";
import { Help } from "./Help.tsx";
import { LaneBanner } from "./LaneBanner.tsx";
import { Logo } from "./Logo.tsx";
import { Navigation } from "./Navigation.tsx";
import { PersonMenu } from "./PersonMenu.tsx";
import { Search } from "./Search.tsx";
import { commandKey } from "./search-keys.ts";
import classes from "./Shell.module.css";
import { WorkspaceSwitcher } from "./WorkspaceSwitcher.tsx";

/** The frame around every room: the left bar (a drawer on a narrow screen), search, and the page. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure(false);
  const narrow = useNarrow();
  // The page left stays in sight until the next one has come.
  const leaving = useRouterState({ select: ({ status }) => status === "pending" });
  useLiveUpdates();
  return (
    <>
      <a href="#page" className="skip-link">
        Skip to the page
      </a>
      <AppShell
        header={{ height: 54, collapsed: !narrow }}
        navbar={{ width: 244, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "md", sm: "xl" }}
        transitionDuration={120}
      >
        {narrow ? (
          <AppShell.Header px="md">
            <Group h="100%" justify="space-between">
              <Group gap="sm">
                <Burger opened={opened} onClick={toggle} size="sm" aria-label={opened ? "Close the menu" : "Open the menu"} aria-expanded={opened} aria-controls="menu" />
                <Logo />
              </Group>
              <ActionIcon size="lg" aria-label="Search" onClick={spotlight.open}>
                <IconSearch size={19} />
              </ActionIcon>
            </Group>
          </AppShell.Header>
        ) : null}

        {/* Closed, the drawer is only out of sight: Tab should not go there. */}
        <AppShell.Navbar p="sm" id="menu" aria-label="Main" inert={narrow && !opened}>
          <Stack gap="sm" h="100%">
            {narrow ? null : (
              <div style={{ padding: "4px 8px 0" }}>
                <Logo />
              </div>
            )}
            <WorkspaceSwitcher />
            {narrow ? null : (
              <UnstyledButton className={classes.search} onClick={spotlight.open} aria-keyshortcuts="Control+K Meta+K">
                <IconSearch size={16} aria-hidden />
                <Text span size="sm" style={{ flex: 1 }}>
                  Search
                </Text>
                <Kbd size="xs">{commandKey} K</Kbd>
              </UnstyledButton>
            )}
            <Navigation onNavigate={close} />
            <Stack gap={2}>
              <Help />
              <PersonMenu />
            </Stack>
          </Stack>
        </AppShell.Navbar>

        <AppShell.Main id="page" tabIndex={-1} aria-busy={leaving} className={classes.page}>
          <LaneBanner />
          <Outlet />
        </AppShell.Main>
      </AppShell>
      <Search />
    </>
  );
}
