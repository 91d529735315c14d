import { MultiSelect, NativeSelect, NumberInput, TagsInput, Text, TextInput } from "@mantine/core";
import type { DateTest, PropertyType, TimeUnit, ValueTest } from "@tincan/api";
import classes from "./builder.module.css";
import { DayField } from "./DayField.tsx";
import { dayOf, endOf, lastDayOf, startOf, type Zone } from "./days.ts";
import { chosenOperator, operatorChoice, testFor } from "./value-tests.ts";

interface Props {
  /** What is tested, for those who hear it. */
  label: string;
  types: readonly PropertyType[];
  test: ValueTest;
  zone: Zone;
  /** The only values there are. */
  options?: { value: string; label: string }[] | undefined;
  onChange: (test: ValueTest) => void;
}

/** How a value is compared, and with what. */
export function TestFields({ label, types, test, zone, options, onChange }: Props) {
  return (
    <>
      <NativeSelect
        size="xs"
        aria-label={`How ${label} is compared`}
        value={`${test.type}:${test.op}`}
        onChange={(event) => onChange(testFor(chosenOperator(event.currentTarget.value), test))}
        data={operatorChoice(types.includes(test.type as PropertyType) || test.type === "any" ? types : [...types, test.type])}
      />
      <Value label={label} test={test} zone={zone} options={options} onChange={onChange} />
    </>
  );
}

function Value({ label, test, zone, options, onChange }: Omit<Props, "types">) {
  if (test.type === "any" || test.type === "boolean") return null;
  if (test.type === "date") return <DateValue label={label} test={test} zone={zone} onChange={onChange} />;
  if (test.type === "number") {
    if (test.op !== "between") return <NumberField label={`Value of ${label}`} value={test.value} onChange={(value) => onChange({ ...test, value })} />;
    return (
      <>
        <NumberField label={`Least value of ${label}`} value={test.from} onChange={(from) => onChange({ ...test, from })} />
        <Text size="sm">and</Text>
        <NumberField label={`Greatest value of ${label}`} value={test.to} onChange={(to) => onChange({ ...test, to })} />
      </>
    );
  }
  if ("values" in test) {
    const many = { size: "xs" as const, className: classes.many, "aria-label": `Values of ${label}`, value: [...test.values], onChange: (values: string[]) => onChange({ ...test, values }) };
    if (options) return <MultiSelect {...many} data={options} placeholder={test.values.length === 0 ? "Choose" : undefined} />;
    return <TagsInput {...many} placeholder={test.values.length === 0 ? "Enter after each" : undefined} splitChars={[",", ";", "\n"]} maxTags={1000} />;
  }
  if (options && (test.op === "is" || test.op === "isNot")) {
    return <NativeSelect size="xs" aria-label={`Value of ${label}`} value={test.value} onChange={(event) => onChange({ ...test, value: event.currentTarget.value })} data={[{ value: "", label: "Choose" }, ...options]} />;
  }
  return <TextInput size="xs" className={classes.value} aria-label={`Value of ${label}`} autoComplete="off" maxLength={512} value={test.value} onChange={(event) => onChange({ ...test, value: event.currentTarget.value })} />;
}

function DateValue({ label, test, zone, onChange }: { label: string; test: DateTest; zone: Zone; onChange: (test: DateTest) => void }) {
  if ("n" in test) return <SpanFields label={label} n={test.n} unit={test.unit} onChange={(span) => onChange({ ...test, ...span })} />;
  if (test.op !== "between") return <DayField label={`Day of ${label}`} day={dayOf(test.value, zone)} onChange={(day) => onChange({ ...test, value: startOf(day, zone) })} />;
  return (
    <>
      <DayField label={`First day of ${label}`} day={dayOf(test.from, zone)} onChange={(day) => onChange({ ...test, from: startOf(day, zone) })} />
      <Text size="sm">and</Text>
      <DayField label={`Last day of ${label}`} day={lastDayOf(test.to, zone)} onChange={(day) => onChange({ ...test, to: endOf(day, zone) })} />
    </>
  );
}

interface NumberProps {
  label: string;
  /** NaN while nothing is typed. */
  value: number;
  whole?: boolean;
  least?: number;
  most?: number;
  onChange: (value: number) => void;
}

/** A number without the little arrows. */
export function NumberField({ label, value, whole = false, least, most, onChange }: NumberProps) {
  return (
    <NumberInput
      size="xs"
      className={classes.number}
      aria-label={label}
      hideControls
      allowDecimal={!whole}
      allowNegative={least === undefined || least < 0}
      {...(least === undefined ? {} : { min: least })}
      {...(most === undefined ? {} : { max: most })}
      value={Number.isNaN(value) ? "" : value}
      onChange={(next) => onChange(next === "" || next === "-" ? Number.NaN : Number(next))}
    />
  );
}

const units: TimeUnit[] = ["minutes", "hours", "days", "weeks", "months"];

interface SpanProps {
  label: string;
  n: number;
  unit: TimeUnit;
  onChange: (span: { n: number; unit: TimeUnit }) => void;
}

/** A length of time. */
export function SpanFields({ label, n, unit, onChange }: SpanProps) {
  return (
    <>
      <NumberField label={`How long, for ${label}`} value={n} whole least={1} most={10_000} onChange={(next) => onChange({ n: next, unit })} />
      <NativeSelect
        size="xs"
        aria-label={`Unit of time, for ${label}`}
        title={unit === "months" ? "A month has 30 days here" : undefined}
        value={unit}
        onChange={(event) => onChange({ n, unit: units.find((one) => one === event.currentTarget.value) ?? unit })}
        data={units}
      />
    </>
  );
}
