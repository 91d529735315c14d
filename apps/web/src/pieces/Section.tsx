import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";

interface Props {
  title: string;
  description?: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
  /** As tall as its neighbour. */
  fill?: boolean;
  /** The page opens here when its address ends in `#anchor`. */
  anchor?: string;
}

/** A titled card. */
export function Section({ title, description, actions, children, fill = false, anchor }: Props) {
  const place = useRef<HTMLElement>(null);
  useEffect(() => {
    if (anchor && location.hash === `#${anchor}`) place.current?.scrollIntoView();
  }, [anchor]);
  return (
    <Paper p={{ base: "md", sm: "lg" }} component="section" ref={place} id={anchor} h={fill ? "100%" : undefined}>
      <Stack gap="md">
        <Group justify="space-between" align="flex-start" gap="xs">
          <Stack gap={2} style={{ flex: "1 1 220px", minWidth: 0 }}>
            <Title order={2}>{title}</Title>
            {description ? (
              <Text size="sm" c="dimmed" component="div">
                {description}
              </Text>
            ) : null}
          </Stack>
          {actions ? <Group gap="xs">{actions}</Group> : null}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
