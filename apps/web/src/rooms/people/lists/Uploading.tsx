import { Button, Group, Progress, Stack, Text } from "@mantine/core";

/** A file on its way to a list: how far, and the way to stop it. The server reads its rows once it is there. */
export function Uploading({ name, fraction, onCancel }: { name: string; fraction: number; onCancel: () => void }) {
  const percent = Math.floor(fraction * 100);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="sm">
        <Text size="sm" fw={600} className="break">
          {percent === 100 ? `Looking for the people of ${name}` : `Uploading ${name}`}
        </Text>
        {percent === 100 ? null : (
          <Button size="xs" variant="default" onClick={onCancel}>
            Cancel
          </Button>
        )}
      </Group>
      <Progress.Root size="lg">
        <Progress.Section value={percent} animated aria-label={`Uploading ${name}`} />
      </Progress.Root>
      <Text size="sm" className="numeric">
        {percent === 100 ? "Every row is read now; a file of a million takes some minutes." : `${percent} %`}
      </Text>
    </Stack>
  );
}
