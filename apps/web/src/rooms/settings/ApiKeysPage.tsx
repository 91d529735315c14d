import { Anchor, Box, Button, Code, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useForm } from "@mantine/form";
import { IconKey, IconPlus, IconTrash } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { ApiKey, Role } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { dropRows } from "../../cached-rows.ts";
import { useChange } from "../../change.ts";
import { useFormChange } from "../../form-change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { CopyField } from "../../pieces/CopyField.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { shortList } from "../../pieces/short-list.ts";
import { Section } from "../../pieces/Section.tsx";
import { apiKeySearch } from "../../search-params.ts";
import { useMay, useSession } from "../../session.ts";
import { OnceShown } from "./OnceShown.tsx";
import { roleChoice } from "./roles.ts";

/** What a program that uploads to CleverTap's server API changes to upload here. */
function UploadApi() {
  const { workspace } = useSession();
  return (
    <Section title="CleverTap's upload API" description="Programs that call /1/upload and /1/subscribe work here once these three are changed.">
      <CopyField label="Host" value={location.origin} />
      <CopyField label="X-CleverTap-Account-Id" value={workspace.id} />
      <Text size="sm" c="dimmed">
        X-CleverTap-Passcode is an API key of a creator or an admin.
      </Text>
    </Section>
  );
}

/** `revoke` is left out for those who may not. */
const keyColumns = (revoke: ((key: ApiKey) => void) | undefined): Column<ApiKey>[] => [
  {
    key: "name",
    header: "Name",
    sort: "name",
    main: true,
    cell: (key) => (
      <Group gap="xs">
        <Text size="sm" fw={550}>
          {key.name}
        </Text>
        <Code>{key.start}…</Code>
      </Group>
    ),
    text: (key) => key.name,
  },
  { key: "role", header: "Role", sort: "role", cell: (key) => <span style={{ textTransform: "capitalize" }}>{key.role}</span>, text: (key) => key.role },
  { key: "lastUsedAt", header: "Last used", sort: "lastUsedAt", first: "descending", cell: (key) => <RelativeTime at={key.lastUsedAt} />, text: (key) => key.lastUsedAt ?? "" },
  { key: "createdBy", header: "Made by", sort: "createdBy", cell: (key) => key.createdBy, text: (key) => key.createdBy },
  { key: "createdAt", header: "Made", sort: "createdAt", first: "descending", align: "right", cell: (key) => <RelativeTime at={key.createdAt} />, text: (key) => key.createdAt },
  ...(revoke
    ? [
        {
          key: "actions",
          header: "Actions",
          align: "right" as const,
          buttons: true as const,
          cell: (key: ApiKey) => (
            <Button size="compact-sm" variant="subtle" color="gray" mr={-8} leftSection={<IconTrash size={14} aria-hidden />} aria-label={`Revoke ${key.name}`} onClick={() => revoke(key)}>
              Revoke
            </Button>
          ),
        },
      ]
    : []),
];

/** Keys for scripts and other systems. */
export default function ApiKeysPage() {
  const search = useSearch({ from: "/rooms/settings/api-keys" });
  const navigate = useNavigate({ from: "/settings/api-keys" });
  const show = (next: object) => void navigate({ search: apiKeySearch({ ...next }), replace: true });
  const sort = search.sort ?? "name";
  const mayWrite = useMay("api-keys.write");
  const [creating, create] = useDisclosure(false);
  const [made, setMade] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<ApiKey | null>(null);
  const remove = useChange({
    run: async (keys: ApiKey[]) => {
      for (const key of keys) await api.apiKeys.remove(key.id);
    },
    stale: ["api-keys"],
    ahead: (client, keys) => {
      setLeaving(null);
      return dropRows(client, ["api-keys"], keys.map((key) => key.id));
    },
    done: (_, keys) => (keys.length === 1 ? `${keys[0]?.name} no longer works` : `${keys.length.toLocaleString()} keys no longer work`),
  });
  const columns = keyColumns(mayWrite ? setLeaving : undefined);
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={create.open}>
      API key
    </Button>
  );
  return (
    <Page
      title="API keys"
      description={
        <>
          For scripts and other systems. Everything this dashboard does is in the <Anchor href="/api/docs" size="sm" underline="always">API documentation</Anchor>.
        </>
      }
      actions={mayWrite ? add : null}
    >
      <Listing
        name="api-keys"
        columns={columns}
        queryKey={["api-keys", search]}
        page={(_, signal) => shortList({ columns, sort, part: (query) => api.apiKeys.list({ q: search.q, ...query }, signal) })}
        sort={sort}
        onSort={(next) => show({ ...search, sort: next === "name" ? undefined : next })}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search API keys", placeholder: "Name" }]} />}
        idOf={(key) => key.id}
        {...(mayWrite
          ? {
              bulk: [
                {
                  label: "Revoke",
                  icon: <IconTrash size={14} aria-hidden />,
                  harm: {
                    title: (keys: ApiKey[]) => (keys.length === 1 ? `Revoke ${keys[0]?.name ?? ""}` : `Revoke ${keys.length.toLocaleString()} keys`),
                    says: "Every program that uses one of these keys is refused from now on. This cannot be undone.",
                    named: (key: ApiKey) => `${key.name} (${key.start}…)`,
                  },
                  run: (keys: ApiKey[]) => remove.mutateAsync(keys),
                },
              ],
            }
          : {})}
        filtered={isFiltered(search)}
        empty={
          search.q ? (
            <EmptyState icon={<IconKey size={26} />} title="No key matches">
              Try another word.
            </EmptyState>
          ) : (
            <EmptyState icon={<IconKey size={26} />} title="No keys yet" firstStep={mayWrite ? add : null}>
              A key lets a program do what its role may do, without anybody signed in.
            </EmptyState>
          )
        }
      />
      <Box mt="lg">
        <UploadApi />
      </Box>
      <NewKeyModal
        opened={creating}
        onClose={create.close}
        onMade={(key) => {
          create.close();
          setMade(key);
        }}
      />
      <OnceShown title="Your new API key" label="API key" value={made} onClose={() => setMade(null)}>
        Keep it somewhere safe: Tincan stores only its fingerprint and cannot show it again.
      </OnceShown>
      <ConfirmHarm
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={`Revoke ${leaving?.name ?? ""}`}
        confirm="Revoke"
        busy={false}
        onConfirm={() => leaving && remove.mutate([leaving])}
      >
        Every program that uses this key is refused from now on. This cannot be undone.
      </ConfirmHarm>
    </Page>
  );
}

function NewKeyModal({ opened, onClose, onMade }: { opened: boolean; onClose: () => void; onMade: (key: string) => void }) {
  const form = useForm({
    initialValues: { name: "", role: "member" as Role },
    validate: { name: (value) => (value.trim() ? null : "What will use it?") },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: { name: string; role: Role }) => api.apiKeys.create({ name: values.name.trim(), role: values.role }),
    stale: ["api-keys"],
    onDone: (answer) => {
      form.reset();
      onMade(answer.key);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="New API key">
      <form noValidate onSubmit={submit}>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <TextInput label="Name" placeholder="Nightly export" data-autofocus {...form.getInputProps("name")} />
          <NativeSelect label="Role" data={roleChoice} {...form.getInputProps("role")} />
          <FormEnd busy={busy} onCancel={onClose}>
            Create
          </FormEnd>
        </Stack>
      </form>
    </Modal>
  );
}
