import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { CampaignSummary } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";

/** What lists and the page itself let people do with a campaign, whatever its state. */
export function useCampaignChanges(campaign: Pick<CampaignSummary, "id" | "name">) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const { id, name } = campaign;
  const clone = useChange({
    run: () => api.campaigns.clone(id),
    stale: ["campaigns"],
    done: (copy) => `${copy.name} is a draft now`,
    onDone: (copy) => void navigate({ to: "/campaigns/$id/edit", params: { id: copy.id } }),
  });
  const archive = useChange({
    run: (away: boolean) => (away ? api.campaigns.archive(id) : api.campaigns.unarchive(id)),
    stale: ["campaigns"],
    done: (_, away) => (away ? `${name} is archived` : `${name} is listed again`),
    undo: (_, away) => () => (away ? api.campaigns.unarchive(id) : api.campaigns.archive(id)),
  });
  const remove = useChange({
    run: () => api.campaigns.remove(id),
    stale: [],
    done: `${name} is deleted`,
    onDone: async () => {
      await navigate({ to: "/campaigns" });
      client.removeQueries({ queryKey: ["campaigns", "one", id] });
      await client.invalidateQueries({ queryKey: ["campaigns"] });
    },
  });
  return { clone, archive, remove };
}
