import { ActionIcon, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconRefresh } from "@tabler/icons-react";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { ConfirmHarm } from "../../pieces/ConfirmHarm.tsx";
import { CopyField } from "../../pieces/CopyField.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay, useSession } from "../../session.ts";
import classes from "./ConnectSection.module.css";

/** What to paste at CleverTap, in the order its form asks for it. */
export function ConnectSection({ deployment }: { deployment: Deployment }) {
  const { role } = useSession();
  const mayRead = role === "admin";
  const mayWrite = useMay("deployments.write");
  const [asking, ask] = useDisclosure(false);
  const rotate = useChange({
    run: () => api.deployments.rotateToken(deployment.id),
    stale: ["deployments"],
    done: "There is a new Token: paste it at CleverTap now",
    onDone: ask.close,
  });
  return (
    <Section
      title="Paste these at CleverTap"
      description={
        <>
          In CleverTap under <b>Settings → Channels → WhatsApp → WhatsApp Connect → + Provider → Other (Generic)</b>.
        </>
      }
    >
      <CopyField label="Callback URL" value={deployment.callbackUrl} hint="CleverTap calls it the HTTP endpoint. Request type POST." />
      <CopyField
        label="Token"
        value={deployment.token}
        hint={mayRead ? "As a custom header: key Token, this value." : "Only admins can read it."}
        hidden={mayRead ? undefined : <span />}
        actions={
          mayWrite ? (
            <Tooltip label="Rotate the Token">
              <ActionIcon aria-label="Rotate the Token" onClick={ask.open}>
                <IconRefresh size={16} />
              </ActionIcon>
            </Tooltip>
          ) : null
        }
      />
      <CopyField label="Template import URL" value={deployment.templateImportUrl} hint="Optional: tick “Template import setup” and give it the same Token header. Method GET." />
      <ol className={classes.steps}>
        <li>Fill in CleverTap's form with the values above and save. CleverTap sends a check, which Tincan answers without sending anything.</li>
        <li>CleverTap then shows two URLs, for delivery reports and for inbound messages. Paste them under “Webhooks”.</li>
        <li>Send a test request below and watch every hop.</li>
      </ol>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title="Rotate the Token"
        affected={["CleverTap's sends and template imports are refused until it has the new Token.", "Messages already taken go on."]}
        confirm="Rotate"
        busy={rotate.isPending}
        onConfirm={() => rotate.mutate(undefined)}
      >
        The present Token stops working at once.
      </ConfirmHarm>
    </Section>
  );
}
