import { Box, Group, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import { IconChevronLeft } from "@tabler/icons-react";
import { createContext, type ReactNode, useEffect, useRef, useState } from "react";
import { breakable } from "./breakable.tsx";
import { TextLink } from "./links.tsx";

interface Props {
  title: string;
  description?: ReactNode;
  /** Where this page belongs, for the way back. */
  parent?: { to: string; label: string };
  actions?: ReactNode;
  children: ReactNode;
  /** Forms and settings read better in a narrow column. */
  narrow?: boolean;
}

/** The first page keeps the browser's own order: there the first Tab offers to skip the bar. */
let navigated = false;

/** For what a page shows in place of the actions in its head. */
export const TakeActions = createContext<(taken: boolean) => void>(() => {});

/** The frame of every page: way back, title, one line on what this is, the main actions. The title takes the focus after navigation. */
export function Page({ title, description, parent, actions, children, narrow = false }: Props) {
  useDocumentTitle(`${title} · Tincan`);
  const [taken, setTaken] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const isFirst = !navigated;
    navigated = true;
    if (isFirst) return;
    if (document.activeElement === document.body || document.activeElement?.closest("nav")) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <Box maw={1240} mx="auto" w="100%">
      {parent ? (
        <TextLink to={parent.to} size="sm" c="dimmed" mb={6} display="inline-flex" style={{ alignItems: "center", gap: 2 }}>
          <IconChevronLeft size={15} aria-hidden />
          {parent.label}
        </TextLink>
      ) : null}
      <Group justify="space-between" align="flex-start" mb="lg" gap="sm">
        <Stack gap={2} style={{ minWidth: 0, flex: "1 1 280px" }}>
          <Title order={1} ref={heading} tabIndex={-1} className="break" style={{ outline: "none" }}>
            {breakable(title)}
          </Title>
          {description ? (
            <Text c="dimmed" size="sm" component="div" maw={760}>
              {description}
            </Text>
          ) : null}
        </Stack>
        {actions && !taken ? <Group gap="xs">{actions}</Group> : null}
      </Group>
      <TakeActions value={setTaken}>{narrow ? <Box maw={760}>{children}</Box> : children}</TakeActions>
    </Box>
  );
}
