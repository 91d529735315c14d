import { Modal, NativeSelect, Select, Stack, Text, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Template, TemplateCloneInput } from "@tincan/api";
import { type SubmitEvent, useState } from "react";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { breakable } from "../../pieces/breakable.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { languageChoices } from "./editor/words.ts";
import { providersInUse } from "./providers-in-use.ts";

interface Props {
  template: Template;
  /** `copy`: another name, perhaps at another number. `language`: the same name in one more language. */
  as: "copy" | "language";
  taken?: string[];
  opened: boolean;
  onClose: () => void;
}

/** Makes a draft like a template and opens it. */
export function CloneTemplate({ template, as, taken = [], opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title={as === "copy" ? breakable(`Clone ${template.name}`) : "Add a language"}>
      <CloneForm template={template} as={as} taken={taken} onClose={onClose} />
    </Modal>
  );
}

function CloneForm({ template, as, taken, onClose }: Omit<Required<Props>, "opened">) {
  const navigate = useNavigate();
  const providers = useQuery(providersInUse);
  const [name, setName] = useState(as === "copy" ? `${template.name}_copy` : template.name);
  const [provider, setProvider] = useState(template.provider.id);
  const [language, setLanguage] = useState<string | null>(as === "copy" ? template.language : null);
  const clone = useChange({
    run: (input: TemplateCloneInput) => api.templates.clone(template.id, input),
    stale: ["templates"],
    onDone: (copy) => void navigate({ to: "/templates/$id/edit", params: { id: copy.id } }),
    onFailed: () => {},
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    if (language) clone.mutate({ name: name.trim(), provider, language });
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{as === "copy" ? "A draft with the same content. The original stays as it is." : "A draft with the same content, for you to translate."}</Text>
        {as === "copy" ? <TextInput label="Name" value={name} onChange={(event) => setName(event.currentTarget.value)} spellCheck={false} required withAsterisk={false} data-autofocus /> : null}
        {as === "copy" && (providers.data?.length ?? 0) > 1 ? (
          <NativeSelect label="Number" value={provider} onChange={(event) => setProvider(event.currentTarget.value)} data={(providers.data ?? []).map((one) => ({ value: one.id, label: one.nickname }))} />
        ) : null}
        <Select
          label="Language"
          placeholder="Choose a language"
          searchable
          allowDeselect={false}
          value={language}
          onChange={setLanguage}
          data={languageChoices(template.language).filter(({ value }) => !taken.includes(value))}
          comboboxProps={{ withinPortal: true }}
          data-autofocus={as === "language" ? true : undefined}
        />
        {clone.error ? <ErrorNote error={clone.error} /> : null}
        <FormEnd busy={clone.isPending} disabled={!language || !name.trim()} onCancel={onClose}>
          Make the draft
        </FormEnd>
      </Stack>
    </form>
  );
}
