import { NativeSelect, Text, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./PhoneField.module.css";
import { countryChoice, readPhone } from "./phone-reading.ts";

interface Props {
  value: string;
  onChange: (value: string) => void;
  /** Two letters, or empty when no country is to be assumed. */
  country: string;
  onCountry: (country: string) => void;
  error?: ReactNode;
}

/** A phone number as people write it, with how it is understood beneath, at every key. */
export function PhoneField({ value, onChange, country, onCountry, error }: Props) {
  const reading = value.trim() === "" ? undefined : readPhone(value, country);
  return (
    <div className={classes.fields}>
      <TextInput label="Phone" type="tel" autoComplete="off" placeholder="+91 98765 43210" value={value} onChange={(event) => onChange(event.currentTarget.value)} error={error} />
      <Text size="xs" c="dimmed" aria-live="polite" mih={18} display={error ? "none" : undefined} className={classes.reading}>
        {reading === undefined ? (
          "Kept in international form, like +919876543210."
        ) : "problem" in reading ? (
          `${reading.problem}.`
        ) : (
          <>
            Read as <b className="numeric">{reading.e164}</b>
            {reading.country ? `, ${reading.country}` : ""}.
          </>
        )}
      </Text>
      <NativeSelect
        label="If without a country"
        value={country}
        onChange={(event) => onCountry(event.currentTarget.value)}
        data={[{ value: "", label: "None assumed" }, ...countryChoice()]}
        className={classes.country}
      />
    </div>
  );
}
