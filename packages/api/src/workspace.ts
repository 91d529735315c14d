import Type, { type Static } from "typebox";
import { Timestamp } from "./list.ts";

const Name = Type.String({ minLength: 1, maxLength: 80 });

export const Workspace = Type.Object({ id: Type.String(), name: Type.String(), createdAt: Timestamp });
export type Workspace = Static<typeof Workspace>;

export const WorkspaceInput = Type.Object({ name: Name });
export type WorkspaceInput = Static<typeof WorkspaceInput>;

export const WorkspacePatch = Type.Object({ name: Type.Optional(Name) });
export type WorkspacePatch = Static<typeof WorkspacePatch>;
