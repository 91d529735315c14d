import { Text } from "@mantine/core";

/** The id by which a part is described by what is wrong with it. */
export const problemId = (id: number): string => `part-${id}-problem`;

/** What is wrong with a part of the query, beneath it. */
export function Problem({ id, says }: { id: number; says: string | undefined }) {
  return says === undefined ? null : (
    <Text size="xs" c="var(--mantine-color-error)" role="alert" id={problemId(id)} mt={4} className="break">
      {says}
    </Text>
  );
}
