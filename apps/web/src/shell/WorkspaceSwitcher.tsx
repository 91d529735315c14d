import { Menu, Modal, Stack, Text, TextInput, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconPlus, IconSelector } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api.ts";
import { useChange } from "../change.ts";
import { FormEnd } from "../pieces/FormEnd.tsx";
import { useSession } from "../session.ts";
import classes from "./WorkspaceSwitcher.module.css";

export function WorkspaceSwitcher() {
  const { workspace, workspaces, role } = useSession();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [creating, { open, close }] = useDisclosure(false);
  const [name, setName] = useState("");

  const enter = useChange({
    run: (workspaceId: string) => api.session.switchWorkspace({ workspaceId }),
    stale: [],
    onDone: (session) => {
      // Everything on screen belongs to the other workspace.
      client.removeQueries({ predicate: (query) => query.queryKey[0] !== "session" });
      client.setQueryData(["session"], session);
      void navigate({ to: "/" });
    },
  });
  const create = useChange({
    run: (input: { name: string }) => api.workspace.create(input),
    stale: ["session"],
    onDone: (made) => {
      close();
      setName("");
      enter.mutate(made.id);
    },
  });

  return (
    <>
      <Menu position="bottom-start" width={220} withinPortal={false} withInitialFocusPlaceholder={false}>
        <Menu.Target>
          <UnstyledButton className={classes.button} aria-label={`Workspace ${workspace.name}, switch`}>
            <span className={classes.initial} aria-hidden>
              {workspace.name.charAt(0).toUpperCase()}
            </span>
            <span className={classes.name}>{workspace.name}</span>
            <IconSelector size={16} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          {workspaces.map((one) => (
            <Menu.Item
              key={one.id}
              onClick={() => one.id !== workspace.id && enter.mutate(one.id)}
              rightSection={one.id === workspace.id ? <IconCheck size={15} aria-label="open now" /> : null}
            >
              {one.name}
              <Text span size="xs" tt="capitalize">
                {" "}
                {one.role}
              </Text>
            </Menu.Item>
          ))}
          {role === "admin" ? (
            <>
              <Menu.Divider />
              <Menu.Item leftSection={<IconPlus size={15} />} onClick={open}>
                New workspace
              </Menu.Item>
            </>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={creating} onClose={close} title="New workspace">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ name: name.trim() });
          }}
        >
          <Stack>
            <TextInput
              label="Name"
              description="Numbers, people, templates and messages of one workspace are never seen from another."
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              required
              maxLength={80}
              data-autofocus
            />
            <FormEnd busy={create.isPending} disabled={!name.trim()} onCancel={close}>
              Create
            </FormEnd>
          </Stack>
        </form>
      </Modal>
    </>
  );
}
