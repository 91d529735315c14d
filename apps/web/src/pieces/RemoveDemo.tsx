import { Button } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconEraser } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import type { DemoData, Deployment, Provider, Segment } from "@tincan/api";
import { api } from "../api.ts";
import { useChange } from "../change.ts";
import { useMay, useSession } from "../session.ts";
import { ConfirmHarm } from "./ConfirmHarm.tsx";
import { displayNumber } from "./phone.ts";

/** Takes away what the demo start put there; nothing where there is none, or for those who may not. */
export function RemoveDemo({ variant }: { variant: "default" | "transparent" }) {
  const { demoData } = useSession();
  const mayWrite = useMay("workspace.write");
  const [asking, ask] = useDisclosure(false);
  const client = useQueryClient();
  const goes = useQuery({ queryKey: ["demo"], queryFn: ({ signal }) => readDemo(signal), enabled: asking });
  const remove = useChange({
    run: () => api.demo.remove(),
    stale: ["session"],
    done: "The demo data is gone",
    onDone: () => {
      ask.close();
      void client.invalidateQueries();
    },
  });
  if (!demoData || !mayWrite) return null;
  return (
    <>
      <Button variant={variant} size={variant === "default" ? "sm" : "compact-sm"} c={variant === "default" ? undefined : "inherit"} leftSection={<IconEraser size={16} aria-hidden />} onClick={ask.open}>
        Remove the demo data
      </Button>
      <ConfirmHarm
        opened={asking}
        onClose={ask.close}
        title="Remove the demo data"
        affected={goes.data ? goingWords(goes.data) : goes.error ? ["Its numbers, templates, deployments, people and messages"] : []}
        confirm="Remove"
        busy={remove.isPending || goes.isPending}
        onConfirm={() => remove.mutate(undefined)}
      >
        What the demo start put into this workspace goes, with everything that came of it. The team, the API keys and the audit log stay. This cannot be undone.
      </ConfirmHarm>
    </>
  );
}

interface Going {
  demo: DemoData;
  providers: Provider[];
  deployments: Deployment[];
  segments: Segment[];
}

async function readDemo(signal: AbortSignal): Promise<Going> {
  const [demo, providers, deployments, segments] = await Promise.all([
    api.demo.get(signal), api.providers.list({ limit: 200 }, signal), api.deployments.list({ limit: 200 }, signal), api.segments.list({ limit: 200 }, signal),
  ]);
  return { demo, providers: providers.items, deployments: deployments.items, segments: segments.items };
}

/** Everything that goes, by name or by number. */
function goingWords({ demo, providers, deployments, segments }: Going): string[] {
  const idsOf = (kind: string) => demo.items.find((item) => item.kind === kind)?.ids ?? [];
  const numbers = providers.filter(({ id }) => idsOf("provider").includes(id));
  const through = deployments.filter(({ provider }) => idsOf("provider").includes(provider.id));
  const made = segments.filter(({ id }) => idsOf("segment").includes(id)).map(({ name }) => `, and the segment ${name}`);
  const people = idsOf("contact").length;
  return [
    ...numbers.map(({ nickname, number }) => `The number ${nickname} (${displayNumber(number)}) and its templates`),
    ...through.map(({ name }) => `The deployment ${name} and its callbacks`),
    `Campaigns that send through it${made.join("")}`,
    ...(people > 0 ? [`${people.toLocaleString()} people who were made up for the demo`] : []),
    "Every message sent or received through it, with its trace",
  ];
}
