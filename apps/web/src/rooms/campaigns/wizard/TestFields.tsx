import { NativeSelect, NumberInput, SimpleGrid, Switch } from "@mantine/core";
import type { Content } from "@tincan/api";
import { Section } from "../../../pieces/Section.tsx";
import { SpanField } from "./SpanField.tsx";
import type { StepProps } from "./step-props.ts";

type Ab = Extract<Content, { mode: "ab" }>;

/** Whether a part of the audience decides what the rest gets. */
export function TestFields({ content, change, say }: StepProps & { content: Ab }) {
  const { test } = content;
  const set = (next: Ab["test"]) => {
    const { test: _, ...others } = content;
    change({ content: next ? { ...others, test: next } : others });
  };
  return (
    <Section title="Test">
      <Switch
        label="Send the winner to the rest"
        description="The variants go to a part of the audience first. Without this, the shares are of everybody."
        checked={test !== undefined}
        onChange={(event) => set(event.currentTarget.checked ? { share: 20, winnerBy: "read", decideAfter: 240 } : undefined)}
        error={say("content.test")}
      />
      {test ? (
        <SimpleGrid cols={{ base: 1, xs: 3 }}>
          <NumberInput label="Test share, in percent" value={test.share} min={1} max={99} allowDecimal={false} onChange={(share) => typeof share === "number" && set({ ...test, share: Math.min(99, Math.max(1, share)) })} />
          <NativeSelect
            label="Winner by"
            value={test.winnerBy}
            onChange={(event) => set({ ...test, winnerBy: event.currentTarget.value as typeof test.winnerBy })}
            data={[
              { value: "read", label: "Reads" },
              { value: "click", label: "Clicks" },
              { value: "reply", label: "Replies" },
              { value: "goal", label: "Goal" },
            ]}
          />
          <SpanField label="Decide after" minutes={test.decideAfter} onChange={(decideAfter) => set({ ...test, decideAfter })} most={10_080} />
        </SimpleGrid>
      ) : null}
    </Section>
  );
}
