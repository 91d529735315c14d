import { Stack } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Note } from "../../pieces/Note.tsx";
import { Page } from "../../pieces/Page.tsx";
import { useMay } from "../../session.ts";
import { draftOf } from "./editor/draft.ts";
import { TemplateEditor } from "./editor/TemplateEditor.tsx";
import { languageWords } from "./editor/words.ts";
import { providersInUse } from "./providers-in-use.ts";

/** A saved template in the form. The form keeps what was loaded: a live update never takes away what somebody types. */
export default function EditTemplatePage() {
  const { id } = useParams({ from: "/rooms/templates/$id/edit" });
  const mayWrite = useMay("templates.write");
  const template = useQuery({ queryKey: ["templates", "one", id], queryFn: ({ signal }) => api.templates.get(id, signal) });
  const providers = useQuery({ ...providersInUse, enabled: mayWrite });
  const { data } = template;
  return (
    <Page
      title={data ? `Edit ${data.name}` : "Edit the template"}
      parent={{ to: `/templates/${id}`, label: data?.name ?? "Template" }}
      description={data ? languageWords(data.language) : null}
    >
      {mayWrite ? (
        <Loaded query={template} height={420}>
          {(loaded) => (
            <Stack gap="lg">
              <MetaRules template={loaded} />
              <TemplateEditor key={id} initial={draftOf(loaded)} existing={loaded} providers={providers.data ?? []} />
            </Stack>
          )}
        </Loaded>
      ) : (
        <Note kind="info" title="You may look at templates, not write them" />
      )}
    </Page>
  );
}

/** What Meta allows, said before somebody has typed for nothing. */
function MetaRules({ template }: { template: Template }) {
  if (template.status === "DRAFT") return null;
  if (template.provider.kind === "generic") {
    return (
      <Note kind="info" title="Keep it exactly as the provider has it">
        What is saved here is what Tincan sends. Where it differs from the approved template, the provider refuses the message.
      </Note>
    );
  }
  if (template.status === "APPROVED") {
    return (
      <Note kind="warm" title="Meta allows one edit in 24 hours, and ten in 30 days">
        A changed template is reviewed again. Its category stays as it is.
      </Note>
    );
  }
  if (template.status === "PENDING") {
    return (
      <Note kind="warm" title="Meta is reviewing it">
        It can be changed once Meta has decided.
      </Note>
    );
  }
  return null;
}
