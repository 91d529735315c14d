import Type, { type Static } from "typebox";
import { Timestamp } from "./list.ts";
import { Name } from "./name.ts";

export const Workspace = Type.Object({ id: Type.String(), name: Type.String(), createdAt: Timestamp });
export type Workspace = Static<typeof Workspace>;

export const WorkspaceInput = Type.Object({ name: Name(80) });
export type WorkspaceInput = Static<typeof WorkspaceInput>;

export const WorkspacePatch = Type.Object({ name: Type.Optional(Name(80)) });
export type WorkspacePatch = Static<typeof WorkspacePatch>;
