import Type, { type Static } from "typebox";

/** What a part of the workspace's data is called in live updates. */
export const LiveTopic = Type.Enum(["messages", "lanes", "callbacks", "providers", "deployments", "templates", "contacts", "segments", "campaigns", "reports", "imports", "audit", "members", "workspace"]);
export type LiveTopic = Static<typeof LiveTopic>;

/** Data of the server-sent event `changed` on `GET /live`: something of this topic is different now. */
export const LiveChange = Type.Object({ topic: LiveTopic });
export type LiveChange = Static<typeof LiveChange>;
