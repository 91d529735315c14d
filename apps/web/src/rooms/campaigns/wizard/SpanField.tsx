import { Group, Input, NativeSelect, NumberInput } from "@mantine/core";
import { useId, useState } from "react";

const sizes = { minutes: 1, hours: 60, days: 1440 } as const;
type Unit = keyof typeof sizes;

/** The largest unit that leaves no rest. */
const unitOf = (minutes: number): Unit => (minutes > 0 && minutes % 1440 === 0 ? "days" : minutes > 0 && minutes % 60 === 0 ? "hours" : "minutes");

interface Props {
  label: string;
  minutes: number;
  onChange: (minutes: number) => void;
  least?: number;
  most: number;
  error?: string | null;
}

/** A length of time, as a number and its unit. */
export function SpanField({ label, minutes, onChange, least = 1, most, error }: Props) {
  const id = useId();
  const [unit, setUnit] = useState<Unit>(() => unitOf(minutes));
  const within = (value: number) => Math.min(most, Math.max(least, Math.round(value)));
  return (
    <Input.Wrapper label={label} labelElement="div" labelProps={{ id }} error={error}>
      <Group gap="xs" wrap="nowrap" role="group" aria-labelledby={id}>
        <NumberInput aria-label={label} value={minutes / sizes[unit]} min={least / sizes[unit]} max={most / sizes[unit]} onChange={(value) => typeof value === "number" && onChange(within(value * sizes[unit]))} w={100} />
        <NativeSelect
          aria-label={`Unit of ${label.toLowerCase()}`}
          value={unit}
          onChange={(event) => {
            const next = event.currentTarget.value as Unit;
            setUnit(next);
            onChange(within((minutes / sizes[unit]) * sizes[next]));
          }}
          data={(Object.keys(sizes) as Unit[]).filter((each) => sizes[each] <= most)}
        />
      </Group>
    </Input.Wrapper>
  );
}
