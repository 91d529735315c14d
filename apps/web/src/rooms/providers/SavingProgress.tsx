import { Progress, Stack, Text } from "@mantine/core";
import classes from "./SavingProgress.module.css";

/** What happens between the click and the answer. The bar runs as long as the endpoint may take. */
export function SavingProgress({ endpoint }: { endpoint: string }) {
  return (
    <Stack gap={6} role="status" className={classes.progress}>
      <Text size="sm" className="break">
        Sending the verification request to <b>{endpoint}</b>. It has one second to answer; then the provider is saved.
      </Text>
      <Progress.Root size="sm" aria-hidden>
        <div className={classes.bar} />
      </Progress.Root>
    </Stack>
  );
}
