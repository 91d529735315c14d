import { Paper } from "@mantine/core";
import { IconBrandWhatsapp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ButtonLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { useMay } from "../../session.ts";
import { newDraft } from "./editor/draft.ts";
import { TemplateEditor } from "./editor/TemplateEditor.tsx";
import { providersInUse } from "./providers-in-use.ts";

/** + Template: written here, for one of the numbers. */
export default function NewTemplatePage() {
  const mayWrite = useMay("templates.write");
  const { provider: asked } = useSearch({ from: "/rooms/templates/new" });
  const providers = useQuery(providersInUse);
  return (
    <Page title="New template" parent={{ to: "/templates", label: "Templates" }}>
      {mayWrite ? (
        <Loaded query={providers} height={420}>
          {(items) => {
            const first = items.find((one) => one.id === asked) ?? items.find((one) => one.default) ?? items[0];
            return first ? (
              <TemplateEditor initial={newDraft(first.id)} providers={items} />
            ) : (
              <Paper>
                <EmptyState icon={<IconBrandWhatsapp size={26} />} title="No number connected" action={<ButtonLink to="/channels/whatsapp/new">Connect a number</ButtonLink>}>
                  A template belongs to a number. Connect one first; then its templates can be written here.
                </EmptyState>
              </Paper>
            );
          }}
        </Loaded>
      ) : (
        <Note kind="info" title="You may look at templates, not write them">
          Ask an admin of the workspace for the role of a creator.
        </Note>
      )}
    </Page>
  );
}
