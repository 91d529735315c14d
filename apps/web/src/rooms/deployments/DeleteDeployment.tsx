import { IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { Deployment } from "@tincan/api";
import { api } from "../../api.ts";
import { dropRows } from "../../cached-rows.ts";
import { useChange } from "../../change.ts";
import { HarmButton } from "../../pieces/HarmButton.tsx";

export function DeleteDeployment({ deployment }: { deployment: Deployment }) {
  const navigate = useNavigate();
  const client = useQueryClient();
  const remove = useChange({
    run: () => api.deployments.remove(deployment.id),
    stale: ["lanes", "overview"],
    done: `${deployment.name} is deleted`,
    onDone: async () => {
      // Gone from the list before the list is shown; its own page is not read again.
      await dropRows(client, ["deployments"], [deployment.id]);
      await navigate({ to: "/channels/platforms" });
      client.removeQueries({ queryKey: ["deployments", "one", deployment.id] });
    },
  });
  const { waiting, retrying, parked } = deployment.callbacks;
  const pending = waiting + retrying + parked;
  return (
    <HarmButton
      label="Delete"
      icon={<IconTrash size={16} aria-hidden />}
      title={`Delete ${deployment.name}`}
      affected={[
        "Whatever CleverTap still sends there is refused.",
        ...(pending > 0 ? [`${pending.toLocaleString()} callbacks that have not gone through are dropped.`] : []),
        "Messages already taken and their traces stay.",
      ]}
      confirm="Delete the deployment"
      typeToConfirm={deployment.name}
      onConfirm={() => remove.mutateAsync(undefined)}
    >
      Its Callback URL and Token stop working at once, for good.
    </HarmButton>
  );
}
