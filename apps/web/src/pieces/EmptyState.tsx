import { Group, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { type ReactNode, useContext, useLayoutEffect } from "react";
import { TakeActions } from "./Page.tsx";

interface Props {
  icon: ReactNode;
  title: string;
  children: ReactNode;
  action?: ReactNode;
  /** The page's own actions, which stand here instead of in its head. */
  firstStep?: ReactNode;
}

/** What this place is for, and the first step. */
export function EmptyState({ icon, title, children, action, firstStep }: Props) {
  return (
    <Stack align="center" gap="xs" py={48} px="md" ta="center">
      <ThemeIcon size={52} radius="xl" variant="light" color="deep">
        {icon}
      </ThemeIcon>
      <Title order={2}>{title}</Title>
      <Text c="dimmed" size="sm" maw={440}>
        {children}
      </Text>
      {action ? <div style={{ marginTop: 8 }}>{action}</div> : null}
      {firstStep ? <FirstStep>{firstStep}</FirstStep> : null}
    </Stack>
  );
}

function FirstStep({ children }: { children: ReactNode }) {
  const take = useContext(TakeActions);
  useLayoutEffect(() => {
    take(true);
    return () => take(false);
  }, [take]);
  return (
    <Group gap="xs" justify="center" mt={8}>
      {children}
    </Group>
  );
}
