import { Badge, Button, Group, Modal, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useForm } from "@mantine/form";
import { IconTrash, IconUserPlus, IconUsers } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import type { Member, Role } from "@tincan/api";
import { useState } from "react";
import { api } from "../../api.ts";
import { changeRows, dropRows } from "../../cached-rows.ts";
import { useChange } from "../../change.ts";
import { useFormChange } from "../../form-change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { isFiltered, ListFilters } from "../../pieces/ListFilters.tsx";
import { type Column, Listing } from "../../pieces/Listing.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { shortList } from "../../pieces/short-list.ts";
import { memberSearch } from "../../search-params.ts";
import { useMay, useSession } from "../../session.ts";
import { OnceShown } from "./OnceShown.tsx";
import { asRole, roleChoice, roles } from "./roles.ts";

interface MemberActions {
  /** The address of the person looking: one does not change or remove oneself. */
  self: string;
  mayWrite: boolean;
  setRole: (member: Member, role: Role) => void;
  remove: (member: Member) => void;
}

/** Who was invited and has not come yet has no name. */
const called = (member: Member): string => member.name || member.email;

const memberColumns = ({ self, mayWrite, setRole, remove }: MemberActions): Column<Member>[] => [
  {
    key: "name",
    header: "Person",
    sort: "name",
    main: true,
    cell: (member) => (
      <div>
        <Group gap="xs">
          <Text size="sm" fw={550} className="break">
            {called(member)}
          </Text>
          {member.email === self ? <Badge size="sm">You</Badge> : null}
          {member.state === "invited" ? <Badge size="sm">Invited</Badge> : null}
        </Group>
        {member.name ? (
          <Text size="xs" c="dimmed" className="break">
            {member.email}
          </Text>
        ) : null}
      </div>
    ),
    text: called,
  },
  {
    key: "role",
    header: "Role",
    sort: "role",
    cell: (member) =>
      mayWrite && member.email !== self && member.state === "active" ? (
        <NativeSelect
          size="xs"
          aria-label={`Role of ${called(member)}`}
          value={member.role}
          data={roles.map(({ value, label }) => ({ value, label }))}
          onChange={(event) => setRole(member, asRole(event.currentTarget.value))}
        />
      ) : (
        <Text size="sm" tt="capitalize">
          {member.role}
        </Text>
      ),
    text: (member) => member.role,
  },
  { key: "twoFactor", header: "Two-factor", sort: "twoFactor", cell: (member) => (member.state === "invited" ? "" : member.twoFactorEnabled ? "On" : "Off"), text: (member) => (member.twoFactorEnabled ? "on" : "off") },
  { key: "lastSeenAt", header: "Last seen", sort: "lastSeenAt", first: "descending", cell: (member) => <RelativeTime at={member.lastSeenAt} />, text: (member) => member.lastSeenAt ?? "" },
  { key: "email", header: "E-mail", sort: "email", optional: true, cell: (member) => member.email, text: (member) => member.email },
  ...(mayWrite
    ? [
        {
          key: "actions",
          header: "Actions",
          align: "right" as const,
          buttons: true as const,
          cell: (member: Member) =>
            member.email === self ? null : (
              <Button
                size="compact-sm"
                variant="subtle"
                color="gray"
                mr={-8}
                leftSection={<IconTrash size={14} aria-hidden />}
                aria-label={`${member.state === "invited" ? "Withdraw the invitation of" : "Remove"} ${called(member)}`}
                onClick={() => remove(member)}
              >
                {member.state === "invited" ? "Withdraw" : "Remove"}
              </Button>
            ),
        },
      ]
    : []),
];

/** Who is in, with which role. */
export default function TeamPage() {
  const search = useSearch({ from: "/rooms/settings/team" });
  const navigate = useNavigate({ from: "/settings/team" });
  const show = (next: object) => void navigate({ search: memberSearch({ ...next }), replace: true });
  const sort = search.sort ?? "name";
  const mayWrite = useMay("members.write");
  const { user } = useSession();
  const [inviting, invite] = useDisclosure(false);
  const [link, setLink] = useState<string | null>(null);
  const [leaving, setLeaving] = useState<Member | null>(null);

  const changeRole = useChange({
    run: ({ id, role }: { id: string; role: Role; before: Role }) => api.members.update(id, { role }),
    stale: ["members", "session"],
    ahead: (client, { id, role }) => changeRows<Member>(client, ["members"], [id], (member) => ({ ...member, role })),
    done: (member) => `${called(member)} is now ${member.role}`,
    undo: (_, { id, before }) => () => api.members.update(id, { role: before }),
  });
  const remove = useChange({
    run: (member: Member) => api.members.remove(member.id),
    stale: ["members"],
    ahead: (client, member) => {
      setLeaving(null);
      return dropRows(client, ["members"], [member.id]);
    },
    done: (_, member) => (member.state === "invited" ? "The invitation is withdrawn" : `${member.name} is removed`),
  });
  const columns = memberColumns({ self: user.email, mayWrite, setRole: ({ id, role: before }, role) => changeRole.mutate({ id, role, before }), remove: setLeaving });

  return (
    <Page
      title="Team"
      description={
        <>
          People of this workspace. Protect your own sign-in with two-factor under <TextLink to="/settings/account" underline="always">Your account</TextLink>.
        </>
      }
      actions={
        mayWrite ? (
          <Button leftSection={<IconUserPlus size={16} aria-hidden />} onClick={invite.open}>
            Invite
          </Button>
        ) : null
      }
    >
      <Listing
        name="team"
        columns={columns}
        queryKey={["members", search]}
        page={(_, signal) => shortList({ columns, sort, part: (query) => api.members.list({ q: search.q, ...query }, signal) })}
        sort={sort}
        onSort={(next) => show({ ...search, sort: next === "name" ? undefined : next })}
        filters={<ListFilters search={search} onSearch={show} filters={[{ kind: "search", key: "q", label: "Search the team", placeholder: "Name or e-mail" }]} />}
        idOf={(member) => member.id}
        filtered={isFiltered(search)}
        empty={
          <EmptyState icon={<IconUsers size={26} />} title={search.q ? "Nobody matches" : "Nobody here"}>
            {search.q ? "Try another word." : "Invite the first person."}
          </EmptyState>
        }
      />
      <InviteModal
        opened={inviting}
        onClose={invite.close}
        onInvited={(made) => {
          invite.close();
          setLink(made);
        }}
      />
      <OnceShown title="Invitation" label="One-time link" value={link} onClose={() => setLink(null)}>
        Send this link to the person yourself: Tincan sends no e-mail. It works once.
      </OnceShown>
      <ConfirmHarm
        opened={leaving !== null}
        onClose={() => setLeaving(null)}
        title={leaving?.state === "invited" ? "Withdraw the invitation" : `Remove ${leaving?.name || leaving?.email || ""}`}
        confirm={leaving?.state === "invited" ? "Withdraw" : "Remove"}
        busy={false}
        onConfirm={() => leaving && remove.mutate(leaving)}
      >
        {leaving?.state === "invited"
          ? `The link sent to ${leaving.email} stops working.`
          : `${leaving?.email ?? ""} is signed out of this workspace at once. What they did stays in the audit log.`}
      </ConfirmHarm>
    </Page>
  );
}

function InviteModal({ opened, onClose, onInvited }: { opened: boolean; onClose: () => void; onInvited: (link: string) => void }) {
  const form = useForm({
    initialValues: { email: "", role: "member" as Role },
    validate: { email: (value) => (/^\S+@\S+\.\S+$/.test(value.trim()) ? null : "An e-mail address, like ada@example.com") },
  });
  const { failure, submit, busy } = useFormChange(form, {
    run: (values: { email: string; role: Role }) => api.members.invite({ email: values.email.trim(), role: values.role }),
    stale: ["members"],
    onDone: (answer) => {
      form.reset();
      onInvited(answer.link);
    },
  });
  return (
    <Modal opened={opened} onClose={onClose} title="Invite somebody">
      <form noValidate onSubmit={submit}>
        <Stack>
          {failure ? <ErrorNote error={failure} /> : null}
          <TextInput label="E-mail" type="email" autoComplete="off" data-autofocus {...form.getInputProps("email")} />
          <NativeSelect label="Role" data={roleChoice} {...form.getInputProps("role")} />
          <FormEnd busy={busy} onCancel={onClose}>
            Make the link
          </FormEnd>
        </Stack>
      </form>
    </Modal>
  );
}
