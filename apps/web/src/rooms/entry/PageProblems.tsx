import { Box, Paper, Stack, Title } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import type { ErrorComponentProps } from "@tanstack/react-router";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { ButtonLink, TextLink } from "../../pieces/links.tsx";
import { Page } from "../../pieces/Page.tsx";

/** An address that leads nowhere, with the bar that leads everywhere else beside it. */
export function PageMissing() {
  return (
    <Page title="Page not found">
      <Paper>
        <EmptyState icon={<IconMapQuestion size={26} />} title="There is nothing at this address" action={<ButtonLink to="/">Go to Home</ButtonLink>}>
          It may be mistyped, or what was here has been deleted. Search finds everything there is.
        </EmptyState>
      </Paper>
    </Page>
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
