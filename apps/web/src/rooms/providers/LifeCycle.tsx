import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Provider } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { displayNumber } from "../../pieces/phone.ts";
import { archiveEffects, removalEffects } from "./provider-words.ts";

const usesQuery = (provider: Provider, enabled: boolean) => ({
  queryKey: ["providers", "uses", provider.id],
  queryFn: ({ signal }: { signal: AbortSignal }) => api.providers.uses(provider.id, signal),
  enabled,
  staleTime: 0,
});

/** Stops a provider for a while, keeping everything; and takes it back into use. */
export function ArchiveProvider({ provider }: { provider: Provider }) {
  const [asking, ask] = useDisclosure(false);
  const uses = useQuery(usesQuery(provider, asking));
  const archived = provider.archivedAt !== null;
  const change = useChange({
    run: (away: boolean) => (away ? api.providers.archive(provider.id) : api.providers.unarchive(provider.id)),
    stale: ["providers", "lanes", "deployments", "overview"],
    done: (_, away) => (away ? `${provider.nickname} is archived` : `${provider.nickname} sends again`),
    undo: (_, away) => () => (away ? api.providers.unarchive(provider.id) : api.providers.archive(provider.id)),
    onDone: ask.close,
  });
  if (archived) {
    return (
      <Button variant="default" leftSection={<IconArchiveOff size={16} aria-hidden />} loading={change.isPending} onClick={() => change.mutate(false)}>
        Unarchive
      </Button>
    );
  }
  return (
    <>
      <Button variant="default" leftSection={<IconArchive size={16} aria-hidden />} onClick={ask.open}>
        Archive
      </Button>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title={`Archive ${provider.nickname}`}
        affected={archiveEffects(uses.data)}
        confirm="Archive the provider"
        busy={change.isPending || uses.isPending}
        onConfirm={() => change.mutate(true)}
      >
        {`Nothing leaves through ${displayNumber(provider.number)} until you unarchive it. Reports and replies still come in.`}
      </ConfirmHarm>
    </>
  );
}

export function DeleteProvider({ provider }: { provider: Provider }) {
  const [asking, ask] = useDisclosure(false);
  const navigate = useNavigate();
  const uses = useQuery(usesQuery(provider, asking));
  const used = (uses.data?.deployments.length ?? 0) > 0;
  const remove = useChange({
    run: () => api.providers.remove(provider.id, used ? { confirm: "cascade" } : undefined),
    stale: ["lanes", "templates", "deployments", "overview"],
    done: `${provider.nickname} is deleted`,
    onDone: () => void navigate({ to: "/channels/whatsapp" }),
  });
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
        Delete
      </Button>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title={`Delete ${provider.nickname}`}
        affected={removalEffects(uses.data)}
        confirm={provider.kind === "cloud-api" ? "Delete the number" : "Delete the provider"}
        typeToConfirm={provider.nickname}
        busy={remove.isPending || uses.isPending}
        onConfirm={() => remove.mutate(undefined)}
      >
        {provider.kind === "cloud-api"
          ? `Tincan forgets the number ${displayNumber(provider.number)} and its token. Nothing changes at Meta.`
          : `Tincan forgets ${provider.nickname}, its headers and its callback addresses. Nothing changes at the provider, whose callbacks are refused from then on.`}
      </ConfirmHarm>
    </>
  );
}
