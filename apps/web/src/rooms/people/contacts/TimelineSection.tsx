import { Button, NativeSelect, Text } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { List, TimelineItem, TimelineKind } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { useSeveralNumbers } from "../../../pieces/number-choice.ts";
import { Section } from "../../../pieces/Section.tsx";
import { Timeline } from "./Timeline.tsx";

const kinds: { value: TimelineKind; label: string }[] = [
  { value: "message", label: "Sent" },
  { value: "inbound", label: "Received" },
  { value: "event", label: "Done" },
  { value: "consent", label: "Consent" },
  { value: "profile", label: "Changes" },
];

/** Everything sent to a person, received from them and known of them, newest first; what happens now appears by itself. */
export function TimelineSection({ contactId }: { contactId: string }) {
  const [kind, setKind] = useState<TimelineKind | undefined>(undefined);
  const several = useSeveralNumbers();
  const query = useInfiniteQuery({
    queryKey: ["timeline", contactId, kind],
    queryFn: ({ pageParam, signal }) => api.contacts.timeline(contactId, { after: pageParam, limit: 50, ...(kind ? { kind } : {}) }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last: List<TimelineItem>) => last.next ?? undefined,
  });
  return (
    <Section
      title="Timeline"
      actions={
        <NativeSelect
          size="xs"
          aria-label="What the timeline shows"
          value={kind ?? ""}
          onChange={(event) => setKind(kinds.find(({ value }) => value === event.currentTarget.value)?.value)}
          data={[{ value: "", label: "Everything" }, ...kinds]}
        />
      }
    >
      <Loaded query={query} height={300}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) {
            return (
              <Text size="sm" c="dimmed">
                {kind ? "Nothing of this kind yet." : "Nothing has happened yet."}
              </Text>
            );
          }
          return <Timeline items={items} through={several} />;
        }}
      </Loaded>
      {query.hasNextPage ? (
        <Button variant="default" mx="auto" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          Show older
        </Button>
      ) : null}
    </Section>
  );
}
