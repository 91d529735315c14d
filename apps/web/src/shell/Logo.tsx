import { Group, Text } from "@mantine/core";

/** The mark: two cans and a string. */
export function Logo({ size = 28, word = true }: { size?: number; word?: boolean }) {
  return (
    <Group gap={9} wrap="nowrap">
      <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="7" fill="#0c6b64" />
        <path d="M11.5 17.5c2.5 4.5 6.5 4.5 9 0" fill="none" stroke="#ffd58a" strokeWidth="1.8" strokeLinecap="round" />
        <rect x="5" y="9" width="8" height="11" rx="2" fill="#fff" />
        <rect x="19" y="9" width="8" height="11" rx="2" fill="#fff" />
        <path d="M5 12.4h8M19 12.4h8" stroke="#0c6b64" strokeWidth="1.3" />
      </svg>
      {word ? (
        <Text span fw={680} size="lg" style={{ letterSpacing: "-0.01em" }}>
          Tincan
        </Text>
      ) : null}
    </Group>
  );
}
