import { Box, Stack, Title } from "@mantine/core";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { TextLink } from "../../pieces/links.tsx";

/** An address that leads nowhere. */
export function PageMissing() {
  return (
    <Box maw={520} mx="auto" p="xl" component="main">
      <Stack>
        <Title order={1}>There is no such page</Title>
        <TextLink to="/">Go to Home</TextLink>
      </Stack>
    </Box>
  );
}

/** A page that could not be shown at all. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  return (
    <Box maw={620} mx="auto" p="xl" component="main">
      <Stack>
        <Title order={1}>This page did not open</Title>
        <ErrorNote error={error} retry={reset} />
        <TextLink to="/">Go to Home</TextLink>
      </Stack>
    </Box>
  );
}
