import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useLocation } from "@tanstack/react-router";
import { api } from "../api.ts";
import { laneSentence } from "../pieces/lane-words.ts";
import { TextLink } from "../pieces/links.tsx";
import { Note } from "../pieces/Note.tsx";
import { useMay } from "../session.ts";

/** Says on every page when something has stopped sending, why, and where to look. */
export function LaneBanner() {
  const may = useMay("lanes.read");
  const lanes = useQuery({ queryKey: ["lanes"], queryFn: ({ signal }) => api.lanes.list(signal), enabled: may });
  const path = useLocation({ select: (location) => location.pathname });
  // The lane's own page says it already.
  const stopped = lanes.data?.items.filter((lane) => lane.breaker.state === "open" && !path.endsWith(lane.ownerId)) ?? [];
  if (stopped.length === 0) return null;
  return (
    <Stack gap="xs" mb="lg" maw={1240} mx="auto">
      {stopped.map((lane) => (
        <Note
          key={lane.id}
          kind="danger"
          announce="polite"
          title={lane.kind === "provider" ? `${lane.name} has stopped sending` : `${lane.name} does not take callbacks`}
          actions={
            <TextLink size="sm" to={lane.kind === "provider" ? "/channels/whatsapp/$id" : "/channels/platforms/$id"} params={{ id: lane.ownerId }}>
              See what to do
            </TextLink>
          }
        >
          {laneSentence(lane, lane.kind === "provider" ? "Messages" : "Callbacks")}
        </Note>
      ))}
    </Stack>
  );
}
