import { Button, Grid, Group, Modal, Stack } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { Dot } from "../../pieces/Dot.tsx";
import { TextLink } from "../../pieces/links.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Page } from "../../pieces/Page.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { StatusStrip } from "../../pieces/StatusStrip.tsx";
import { useMay } from "../../session.ts";
import { CallbacksSection } from "./CallbacksSection.tsx";
import { callbackWord } from "./callback-words.ts";
import { ConnectSection } from "./ConnectSection.tsx";
import { DeleteDeployment } from "./DeleteDeployment.tsx";
import { DeploymentForm } from "./DeploymentForm.tsx";
import { TestSection } from "./TestSection.tsx";
import { WebhooksSection } from "./WebhooksSection.tsx";

/** One platform's way in and back: what to paste there, a test of the whole loop, and the callbacks. */
export default function DeploymentPage() {
  const { id } = useParams({ from: "/rooms/channels/platforms/$id" });
  const deployment = useQuery({ queryKey: ["deployments", "one", id], queryFn: ({ signal }) => api.deployments.get(id, signal) });
  const mayWrite = useMay("deployments.write");
  const mayTest = useMay("messages.send");
  const { data } = deployment;
  return (
    <Page
      title={data?.name ?? "Deployment"}
      parent={{ to: "/channels/platforms", label: "Platform Deployments" }}
      description={
        data ? (
          <Group gap="md" style={{ rowGap: 2 }}>
            <span>
              CleverTap, from{" "}
              <TextLink to="/channels/whatsapp/$id" params={{ id: data.provider.id }} underline="always">
                {data.provider.nickname}
              </TextLink>
            </span>
            <Dot tone={callbackWord(data.callbacks).tone}>{callbackWord(data.callbacks).word}</Dot>
            <span>
              Last request <RelativeTime at={data.lastRequestAt} />
            </span>
          </Group>
        ) : null
      }
      actions={data && mayWrite ? <Actions deployment={data} /> : null}
    >
      <Loaded query={deployment} height={420}>
        {(loaded) => (
          <Stack gap="lg">
            <Grid gap="lg">
              <Grid.Col span={{ base: 12, md: 6 }}>
                <ConnectSection deployment={loaded} />
              </Grid.Col>
              <Grid.Col span={{ base: 12, md: 6 }}>
                <Stack gap="lg">
                  <WebhooksSection key={`${loaded.webhooks.status} ${loaded.webhooks.inbound}`} deployment={loaded} />
                  <CallbackLane deployment={loaded} />
                </Stack>
              </Grid.Col>
            </Grid>
            {mayTest ? <TestSection deployment={loaded} /> : null}
            <CallbacksSection deployment={loaded} />
          </Stack>
        )}
      </Loaded>
    </Page>
  );
}

function Actions({ deployment }: { deployment: Deployment }) {
  const [editing, edit] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={edit.open}>
        Edit
      </Button>
      <DeleteDeployment deployment={deployment} />
      <Modal opened={editing} onClose={edit.close} title="Edit the deployment">
        <DeploymentForm deployment={deployment} onSaved={edit.close} onCancel={edit.close} />
      </Modal>
    </>
  );
}

function CallbackLane({ deployment }: { deployment: Deployment }) {
  const may = useMay("lanes.read");
  const lanes = useQuery({ queryKey: ["lanes"], queryFn: ({ signal }) => api.lanes.list(signal), enabled: may, refetchInterval: 10_000 });
  const lane = lanes.data?.items.find((one) => one.id === deployment.callbacks.laneId);
  return lane ? <StatusStrip lane={lane} title="Callbacks to the platform" /> : null;
}
