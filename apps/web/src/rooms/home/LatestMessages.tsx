import { Group, Stack, Text } from "@mantine/core";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { PlainLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { StateLabel } from "../../pieces/StateLabel.tsx";
import { useMay } from "../../session.ts";
import classes from "./LatestMessages.module.css";

export const latestMessagesQuery = queryOptions({ queryKey: ["messages", "latest"], queryFn: ({ signal }) => api.messages.list({ limit: 6 }, signal) });

export function LatestMessages() {
  const may = useMay("messages.read");
  const messages = useQuery({ ...latestMessagesQuery, enabled: may });
  if (!may) {
    return (
      <Text size="sm" c="dimmed">
        Your role does not show messages.
      </Text>
    );
  }
  return (
    <Loaded query={messages} height={240}>
      {({ items }) =>
        items.length === 0 ? (
          <Text size="sm" c="dimmed" py={80} ta="center">
            No message yet. The first one appears here by itself.
          </Text>
        ) : (
          <Stack gap={0} component="ul" className={classes.list}>
            {items.map((message) => (
              <li key={message.id}>
                <PlainLink to="/messages/$id" params={{ id: message.id }} className={classes.row}>
                  <Group justify="space-between" wrap="nowrap" gap="sm">
                    <span className={classes.number}>{displayNumber(message.to)}</span>
                    <StateLabel state={message.state} clicked={message.clicked} />
                  </Group>
                  <Group justify="space-between" wrap="nowrap" gap="sm">
                    <span className={classes.summary}>{message.summary}</span>
                    <span className={classes.when}>
                      <RelativeTime at={message.createdAt} />
                    </span>
                  </Group>
                </PlainLink>
              </li>
            ))}
          </Stack>
        )
      }
    </Loaded>
  );
}
