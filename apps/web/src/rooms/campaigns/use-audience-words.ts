import { useQuery } from "@tanstack/react-query";
import type { Audience, AudiencePart } from "@tincan/api";
import { api } from "../../api.ts";
import { inARow } from "./definition-words.ts";

/** Who a campaign is for, in words, with the names of segments and lists. */
export function useAudienceWords(audience: Audience | undefined, live: boolean): string {
  const except = audience?.except ?? [];
  const parts: AudiencePart[] = audience ? [audience, ...except] : [];
  const names = useQuery({
    queryKey: ["segments", "names", parts],
    queryFn: async ({ signal }) => Promise.all(parts.map((part) => partWords(part, signal))),
    enabled: audience !== undefined,
  });
  if (!audience) return "Not chosen yet.";
  const [who = "…", ...without] = names.data ?? [];
  const words = `${live ? "of those who do the event, " : ""}${who}${without.length > 0 ? `, without ${inARow(without)}` : ""}.`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}

async function partWords(part: AudiencePart, signal: AbortSignal): Promise<string> {
  if ("segmentId" in part) return api.segments.get(part.segmentId, signal).then(({ name }) => `the segment “${name}”`, () => "a segment that is gone");
  if ("listId" in part) return api.lists.get(part.listId, signal).then(({ name }) => `the list “${name}”`, () => "a list that is gone");
  if ("phones" in part) return part.phones.length === 1 ? "1 typed number" : `${part.phones.length.toLocaleString()} typed numbers`;
  return "everyone" in part ? "everybody" : "whoever fits a query of its own";
}
