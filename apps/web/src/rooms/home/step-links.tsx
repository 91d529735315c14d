import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { TextLink } from "../../pieces/links.tsx";
import { latestMessagesQuery } from "./LatestMessages.tsx";

/** Straight to the test form where there is one deployment, to the list where there are several or none. */
export function TestLink({ hasDeployment }: { hasDeployment: boolean }) {
  const { data } = useQuery({ queryKey: ["deployments", "choice"], queryFn: ({ signal }) => api.deployments.list({ limit: 2 }, signal) });
  const [only, another] = data?.items ?? [];
  if (only && !another) {
    return (
      <TextLink to="/channels/platforms/$id" params={{ id: only.id }} hash="test">
        Send yourself a test
      </TextLink>
    );
  }
  return <TextLink to="/channels/platforms">{hasDeployment ? "Send yourself a test" : "Create a deployment and send a test"}</TextLink>;
}

/** Straight to the newest message. */
export function TraceLink() {
  const { data } = useQuery(latestMessagesQuery);
  const newest = data?.items[0];
  if (!newest) return <TextLink to="/messages">Look at its trace</TextLink>;
  return (
    <TextLink to="/messages/$id" params={{ id: newest.id }}>
      Look at its trace
    </TextLink>
  );
}
