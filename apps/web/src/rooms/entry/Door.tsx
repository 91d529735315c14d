import { Center, Paper, Stack, Text, Title } from "@mantine/core";
import { useDocumentTitle } from "@mantine/hooks";
import type { ReactNode } from "react";
import { Logo } from "../../shell/Logo.tsx";

/** The frame of the pages before the rooms: one card in the middle. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  useDocumentTitle(`${title} · Tincan`);
  return (
    <Center mih="100vh" p="md" component="main">
      <Stack w="100%" maw={420} gap="lg">
        <Center>
          <Logo size={38} />
        </Center>
        <Paper p={{ base: "lg", sm: 28 }} shadow="sm">
          <Stack gap="lg">
            <Stack gap={4}>
              <Title order={1} fz="1.25rem">
                {title}
              </Title>
              {lead ? (
                <Text size="sm" c="dimmed" component="div">
                  {lead}
                </Text>
              ) : null}
            </Stack>
            {children}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  );
}
