import Type, { type Static } from "typebox";

/**
 * `GET /demo`: what the demo start put into the workspace, by kind ("provider", …); nothing once it is removed. Deployments, templates and
 * messages of a listed provider go with it.
 */
export const DemoData = Type.Object({ items: Type.Array(Type.Object({ kind: Type.String(), ids: Type.Array(Type.String()) })) });
export type DemoData = Static<typeof DemoData>;
