import { Button } from "@mantine/core";
import { IconArchive, IconArchiveOff, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { HarmButton } from "../../pieces/HarmButton.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { archiveEffects, confirmedRemoval, removalEffects } from "./provider-words.ts";

/** Read when somebody asks, and each time anew. */
const usesQuery = (provider: Provider) => ({
  queryKey: ["providers", "uses", provider.id],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.providers.uses(provider.id, signal),
  enabled: false,
});

/** Stops a provider for a while, keeping everything; and takes it back into use. */
export function ArchiveProvider({ provider }: { provider: Provider }) {
  const uses = useQuery(usesQuery(provider));
  const archived = provider.archivedAt !== null;
  const change = useChange({
    run: (away: boolean) => (away ? api.providers.archive(provider.id) : api.providers.unarchive(provider.id)),
    stale: ["providers", "lanes", "deployments", "overview"],
    done: (_, away) => (away ? `${provider.nickname} is archived` : `${provider.nickname} sends again`),
    undo: (_, away) => () => (away ? api.providers.unarchive(provider.id) : api.providers.archive(provider.id)),
  });
  if (archived) {
    return (
      <Button variant="default" leftSection={<IconArchiveOff size={16} aria-hidden />} loading={change.isPending} onClick={() => change.mutate(false)}>
        Unarchive
      </Button>
    );
  }
  return (
    <HarmButton
      label="Archive"
      icon={<IconArchive size={16} aria-hidden />}
      title={`Archive ${provider.nickname}`}
      affected={archiveEffects(uses.data)}
      confirm="Archive the provider"
      loading={uses.isFetching}
      onAsk={() => void uses.refetch()}
      onConfirm={() => change.mutateAsync(true)}
    >
      {`Nothing leaves through ${displayNumber(provider.number)} until you unarchive it. Reports and replies still come in.`}
    </HarmButton>
  );
}

export function DeleteProvider({ provider }: { provider: Provider }) {
  const navigate = useNavigate();
  const uses = useQuery(usesQuery(provider));
  const remove = useChange({
    run: () => api.providers.remove(provider.id, confirmedRemoval(uses.data)),
    stale: ["lanes", "templates", "deployments", "overview"],
    done: `${provider.nickname} is deleted`,
    onDone: () => void navigate({ to: "/channels/whatsapp" }),
  });
  return (
    <HarmButton
      label="Delete"
      icon={<IconTrash size={16} aria-hidden />}
      title={`Delete ${provider.nickname}`}
      affected={removalEffects(uses.data)}
      confirm={provider.kind === "cloud-api" ? "Delete the number" : "Delete the provider"}
      typeToConfirm={provider.nickname}
      loading={uses.isFetching}
      onAsk={() => void uses.refetch()}
      onConfirm={() => remove.mutateAsync(undefined)}
    >
      {provider.kind === "cloud-api"
        ? `Tincan forgets the number ${displayNumber(provider.number)} and its token. Nothing changes at Meta.`
        : `Tincan forgets ${provider.nickname}, its headers and its callback addresses. Nothing changes at the provider, whose callbacks are refused from then on.`}
    </HarmButton>
  );
}
