import type { SegmentFields } from "@tincan/api";
import { createContext, useContext } from "react";
import type { QueryDraft } from "./draft.ts";
import type { Names } from "./query-words.ts";

/** What every part of the builder needs. */
export interface Building {
  draft: QueryDraft;
  fields: SegmentFields;
  names: Names;
  /** The segment that is edited: it cannot be part of itself. */
  segmentId: string | undefined;
  /** `focus`: the part that takes the focus then. `say`: what those hear who do not see it. */
  change: (draft: QueryDraft, after?: { focus?: number; say?: string }) => void;
  /** What is wrong with a part. */
  problemOf: (id: number) => string | undefined;
  /** Whether one more condition may be added. */
  hasRoom: boolean;
}

const Context = createContext<Building | null>(null);

export const BuildingProvider = Context.Provider;

export function useBuilding(): Building {
  const building = useContext(Context);
  if (!building) throw new Error("This belongs inside a QueryBuilder.");
  return building;
}
