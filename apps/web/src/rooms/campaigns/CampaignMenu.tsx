import { Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconCopy, IconTrash } from "@tabler/icons-react";
import type { CampaignSummary } from "@tincan/api";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { MoreMenu } from "../../pieces/MoreMenu.tsx";
import { useCampaignChanges } from "./campaign-changes.ts";
import { isArchivable, isDraft } from "./campaign-words.ts";

interface Props {
  campaign: Pick<CampaignSummary, "id" | "name" | "state" | "archivedAt" | "launchedAt">;
  /** One of many: three dots open it. */
  inList?: boolean;
}

/** Clone, archive, delete: what can be done with a campaign beside its life. */
export function CampaignMenu({ campaign, inList = false }: Props) {
  const { clone, archive, remove } = useCampaignChanges(campaign);
  const [deleting, ask] = useDisclosure(false);
  const archived = campaign.archivedAt !== null;
  return (
    <>
      <MoreMenu of={inList ? campaign.name : undefined}>
        <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={() => clone.mutate(undefined)}>
          Clone
        </Menu.Item>
        <Menu.Item disabled={!archived && !isArchivable(campaign.state)} leftSection={archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />} onClick={() => archive.mutate(!archived)}>
          {archived ? "Take out of the archive" : "Archive"}
        </Menu.Item>
        {isDraft(campaign.state) && campaign.launchedAt === null ? (
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={ask.open}>
            Delete
          </Menu.Item>
        ) : null}
      </MoreMenu>
      <ConfirmHarm opened={deleting} title={`Delete ${campaign.name}`} confirm="Delete the draft" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onClose={ask.close}>
        The draft and everything chosen in it are gone for good. Nobody has been sent anything.
      </ConfirmHarm>
    </>
  );
}
