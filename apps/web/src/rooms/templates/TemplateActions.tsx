import { Button, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArchive, IconArchiveOff, IconCopy, IconPencil, IconPlayerPlay, IconSend, IconTrash } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { MoreMenu } from "../../pieces/MoreMenu.tsx";
import { useMay } from "../../session.ts";
import { CloneTemplate } from "./CloneTemplate.tsx";
import { removalEffects } from "./template-words.ts";
import { SendTest } from "./send-test/SendTest.tsx";

/** What can be done with a template. */
export function TemplateActions({ template }: { template: Template }) {
  const navigate = useNavigate();
  const mayWrite = useMay("templates.write");
  const maySend = useMay("messages.send");
  const [testing, test] = useDisclosure(false);
  const [cloning, clone] = useDisclosure(false);
  const [deleting, remove] = useDisclosure(false);
  const archived = template.archivedAt !== null;
  const archive = useChange({
    run: (away: boolean) => (away ? api.templates.archive(template.id) : api.templates.unarchive(template.id)),
    stale: ["templates"],
    done: (_, away) => (away ? `${template.name} is archived` : `${template.name} is listed again`),
    undo: (_, away) => () => (away ? api.templates.unarchive(template.id) : api.templates.archive(template.id)),
  });
  const unpause = useChange({
    run: () => api.templates.unpause(template.id),
    stale: ["templates"],
    done: ({ name, status }) => (status === "APPROVED" ? `${name} can be sent again` : `Meta was asked to unpause ${name}`),
  });
  const removal = useChange({
    run: () => api.templates.remove(template.id),
    stale: [],
    done: `${template.name} is deleted`,
    onDone: () => void navigate({ to: "/templates" }),
  });
  const sendable = template.status.toUpperCase() === "APPROVED";
  return (
    <>
      {maySend ? (
        <Button leftSection={<IconSend size={16} aria-hidden />} onClick={test.open} disabled={!sendable} title={sendable ? undefined : "Only an approved template can be sent"}>
          Send test
        </Button>
      ) : null}
      {mayWrite ? (
        <>
          <ButtonLink to="/templates/$id/edit" params={{ id: template.id }} variant="default" leftSection={<IconPencil size={16} aria-hidden />}>
            Edit
          </ButtonLink>
          <MoreMenu>
            <Menu.Item leftSection={<IconCopy size={16} aria-hidden />} onClick={clone.open}>
              Clone
            </Menu.Item>
            {template.status === "PAUSED" && template.externalId !== null ? (
              <Menu.Item leftSection={<IconPlayerPlay size={16} aria-hidden />} onClick={() => unpause.mutate(undefined)}>
                Unpause at Meta
              </Menu.Item>
            ) : null}
            <Menu.Item leftSection={archived ? <IconArchiveOff size={16} aria-hidden /> : <IconArchive size={16} aria-hidden />} onClick={() => archive.mutate(!archived)}>
              {archived ? "Unarchive" : "Archive"}
            </Menu.Item>
            <Menu.Item leftSection={<IconTrash size={16} aria-hidden />} onClick={remove.open}>
              Delete
            </Menu.Item>
          </MoreMenu>
          <CloneTemplate template={template} as="copy" opened={cloning} onClose={clone.close} />
          <ConfirmHarm
            opened={deleting}
            onClose={remove.close}
            title={`Delete ${template.name}`}
            affected={removalEffects(template)}
            confirm="Delete the template"
            {...(template.status === "DRAFT" ? {} : { typeToConfirm: template.name })}
            busy={removal.isPending}
            onConfirm={() => removal.mutate(undefined)}
          >
            {template.status === "DRAFT"
              ? "The draft goes for good."
              : template.provider.kind === "generic"
                ? "Tincan forgets it. At the provider nothing changes."
                : "It is deleted at Meta too, in this language."}
          </ConfirmHarm>
        </>
      ) : null}
      <SendTest template={template} opened={testing} onClose={test.close} />
    </>
  );
}
