import { NativeSelect, Text, TextInput } from "@mantine/core";
import type { EventCondition, EventPeriod } from "@tincan/api";
import classes from "./builder.module.css";
import { useBuilding } from "./building.ts";
import { DayField } from "./DayField.tsx";
import { dayOf, endOf, lastDayOf, startOf } from "./days.ts";
import { EventFilters } from "./EventFilters.tsx";
import { countWords } from "./query-words.ts";
import { knownEvent } from "./subjects.ts";
import { NumberField, SpanFields } from "./TestFields.tsx";

interface Props {
  leaf: EventCondition;
  onChange: (leaf: EventCondition) => void;
}

/** The server takes no more. */
const mostFilters = 10;

/** How often, when, and which of them: what follows the name of an event. */
export function EventFields({ leaf, onChange }: Props) {
  const { fields } = useBuilding();
  const { where = [], ...plain } = leaf;
  const isNamedHere = knownEvent(fields, leaf.name) === undefined;
  return (
    <>
      {isNamedHere ? (
        <TextInput size="xs" className={classes.value} aria-label="Name of the event" placeholder="As your systems send it" autoComplete="off" maxLength={120} value={leaf.name} onChange={(event) => onChange({ ...leaf, name: event.currentTarget.value })} />
      ) : null}
      <Frequency leaf={leaf} onChange={onChange} />
      <Period leaf={leaf} onChange={onChange} />
      <EventFilters filters={where} event={leaf.name} fields={fields} most={mostFilters} onChange={(next) => onChange(next.length === 0 ? plain : { ...leaf, where: next })} />
    </>
  );
}

/** Nobody's last order lies "at any time": that would be the same as having ordered. */
const aMonth: EventPeriod = { last: { n: 30, unit: "days" } };

function Frequency({ leaf: { count, which, ...leaf }, onChange }: Props) {
  const choose = (choice: string) => {
    if (choice === "first" || choice === "last") onChange({ ...leaf, which: choice, within: leaf.within ?? aMonth });
    else if (choice === "atLeast" || choice === "atMost" || choice === "exactly") onChange({ ...leaf, count: { op: choice, n: count?.n ?? 2 } });
    else onChange(leaf);
  };
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`How often, ${leaf.name}`}
        value={which ?? count?.op ?? "once"}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          { value: "once", label: "at least once" },
          ...(["atLeast", "atMost", "exactly"] as const).map((value) => ({ value, label: `${countWords[value]} … times` })),
          { value: "first", label: "for the first time" },
          { value: "last", label: "for the last time" },
        ]}
      />
      {count ? (
        <>
          <NumberField label={`How many times, ${leaf.name}`} value={count.n} whole least={0} most={1_000_000} onChange={(n) => onChange({ ...leaf, count: { ...count, n } })} />
          <Text size="sm">{count.n === 1 ? "time" : "times"}</Text>
        </>
      ) : null}
    </>
  );
}

type PeriodKind = "ever" | "last" | "from" | "to" | "between";

function kindOf(within: EventPeriod | undefined): PeriodKind {
  if (within === undefined) return "ever";
  if ("last" in within) return "last";
  if (within.from !== undefined && within.to !== undefined) return "between";
  return within.from !== undefined ? "from" : within.to !== undefined ? "to" : "ever";
}

function Period({ leaf, onChange }: Props) {
  const { within } = leaf;
  const kind = kindOf(within);
  const days = within && !("last" in within) ? within : undefined;
  const set = (next: EventPeriod | undefined) => {
    const { within: _before, ...rest } = leaf;
    onChange(next === undefined ? rest : { ...rest, within: next });
  };
  const choose = (choice: string) => {
    const [from, to] = [days?.from ?? "", days?.to ?? ""];
    set(choice === "last" ? (within && "last" in within ? within : aMonth) : choice === "from" ? { from } : choice === "to" ? { to } : choice === "between" ? { from, to } : undefined);
  };
  const { name } = leaf;
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`When, ${name}`}
        value={kind}
        onChange={(event) => choose(event.currentTarget.value)}
        data={[
          ...(leaf.which === undefined || kind === "ever" ? [{ value: "ever", label: "at any time" }] : []),
          { value: "last", label: "in the last" },
          { value: "from", label: "on or after" },
          { value: "to", label: "before" },
          { value: "between", label: "between" },
        ]}
      />
      {within && "last" in within ? <SpanFields label={name} {...within.last} onChange={(last) => set({ last })} /> : null}
      {kind === "from" || kind === "between" ? <DayField label={`First day, ${name}`} day={dayOf(days?.from, "viewer")} onChange={(day) => set({ ...days, from: startOf(day, "viewer") })} /> : null}
      {kind === "between" ? (
        <>
          <Text size="sm">and</Text>
          <DayField label={`Last day, ${name}`} day={lastDayOf(days?.to, "viewer")} onChange={(day) => set({ ...days, to: endOf(day, "viewer") })} />
        </>
      ) : null}
      {kind === "to" ? <DayField label={`Before which day, ${name}`} day={dayOf(days?.to, "viewer")} onChange={(day) => set({ to: startOf(day, "viewer") })} /> : null}
    </>
  );
}
