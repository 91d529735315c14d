import { ActionIcon, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconCopy, IconDots, IconTrash } from "@tabler/icons-react";
import type { ReactElement } from "react";
import type { CampaignSummary } from "@tincan/api";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { useCampaignChanges } from "./campaign-changes.ts";
import { isArchivable, isDraft } from "./campaign-words.ts";

interface Props {
  campaign: Pick<CampaignSummary, "id" | "name" | "state" | "archivedAt" | "launchedAt">;
  /** What opens the menu; three dots when left out. */
  target?: ReactElement;
}

/** Clone, archive, delete: what can be done with a campaign beside its life. */
export function CampaignMenu({ campaign, target }: Props) {
  const { clone, archive, remove } = useCampaignChanges(campaign);
  const [deleting, ask] = useDisclosure(false);
  const archived = campaign.archivedAt !== null;
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          {target ?? (
            <ActionIcon aria-label={`What to do with ${campaign.name}`}>
              <IconDots size={18} aria-hidden />
            </ActionIcon>
          )}
        </Menu.Target>
        <Menu.Dropdown>
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
        </Menu.Dropdown>
      </Menu>
      <ConfirmHarm opened={deleting} title={`Delete ${campaign.name}`} confirm="Delete the draft" busy={remove.isPending} onConfirm={() => remove.mutate(undefined)} onClose={ask.close}>
        The draft and everything chosen in it are gone for good. Nobody has been sent anything.
      </ConfirmHarm>
    </>
  );
}
