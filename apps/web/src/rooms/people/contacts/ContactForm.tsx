import { Checkbox, Group, SimpleGrid, Stack, Textarea, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import type { Contact, ContactPatch, ContactProperty, ConsentScope } from "@tincan/api";
import { useRef, useState } from "react";
import { asFailure, useChange } from "../../../change.ts";
import { applyFailure } from "../../../form-failure.ts";
import { ErrorNote } from "../../../pieces/ErrorNote.tsx";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { LeaveGuard } from "../../../pieces/LeaveGuard.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { PhoneField } from "../PhoneField.tsx";
import { readPhone } from "../phone-reading.ts";
import { changedFields, fieldRules, fieldsOf } from "./contact-form.ts";
import { changedProperties, rowProblems, rowsOf } from "./properties.ts";
import { PropertyRows } from "./PropertyRows.tsx";

/** What somebody agreed to, beside their facts; only for people who are new. */
export interface Agreement {
  scopes: ConsentScope[];
  proof: string;
}

interface Props {
  /** The person to change; none to add one. */
  existing?: Contact;
  known: ContactProperty[];
  defaultCountry: string;
  submit: (changes: ContactPatch, agreement: Agreement) => Promise<Contact>;
  submitLabel: string;
  onSaved: (contact: Contact) => void;
  /** In a dialog: the way out. */
  onCancel?: () => void;
}

const agreements: { value: ConsentScope; label: string }[] = [
  { value: "all", label: "Everything" },
  { value: "marketing", label: "Marketing" },
  { value: "utility", label: "Utility" },
  { value: "authentication", label: "Authentication codes" },
];

/** The facts of a person. What cannot be taken is said beside its field. */
export function ContactForm({ existing, known, defaultCountry, submit, submitLabel, onSaved, onCancel }: Props) {
  // What changes elsewhere while somebody types is not theirs: only their own changes are sent.
  const [opened] = useState(existing);
  const before = fieldsOf(opened);
  const [country, setCountry] = useState(defaultCountry);
  const [firstRows] = useState(() => rowsOf(opened?.properties ?? {}, known));
  const [rows, setRows] = useState(firstRows);
  const [problems, setProblems] = useState(new Map<number, { key?: string; value?: string }>());
  const [agreement, setAgreement] = useState<Agreement>({ scopes: [], proof: "" });
  const [failure, setFailure] = useState<unknown>(null);
  const form = useForm({
    initialValues: before,
    validate: {
      ...fieldRules,
      phone: (value, values) => {
        if (value.trim() === "") return values.identity.trim() === "" ? "A phone number, or an identity below" : null;
        const reading = readPhone(value, country);
        return "problem" in reading ? reading.problem : null;
      },
    },
  });
  const isSaved = useRef(false);
  const isDirty = () => form.isDirty() || rows !== firstRows || agreement.scopes.length > 0;
  const save = useChange({
    run: (changes: ContactPatch) => submit(changes, agreement),
    stale: ["contacts"],
    onDone: (contact) => {
      isSaved.current = true;
      onSaved(contact);
    },
    onFailed: (failed) => {
      const row = rows.find(({ key }) => failed.field?.startsWith("properties") && failed.field.endsWith(key.trim()));
      if (row) setProblems(new Map([[row.id, { value: failed.message }]]));
      else setFailure(applyFailure(form, failed) ? null : failed);
    },
  });
  const check = () => {
    const found = rowProblems(rows);
    setProblems(found);
    return found.size === 0;
  };
  return (
    <form
      noValidate
      onSubmit={form.onSubmit(
        (values) => {
          setFailure(null);
          if (!check()) return;
          const properties = changedProperties(rows, opened?.properties ?? {});
          const changes = changedFields(values, before);
          const reading = changes.phone ? readPhone(changes.phone, country) : undefined;
          save.mutate({
            ...changes,
            // As it was shown, so that nothing else is stored.
            ...(reading && "e164" in reading ? { phone: reading.e164 } : {}),
            ...(Object.keys(properties).length > 0 ? { properties } : {}),
          });
        },
        () => void check(),
      )}
    >
      <LeaveGuard isDirty={() => !isSaved.current && isDirty()} />
      <Stack gap="lg">
        {failure ? <ErrorNote error={asFailure(failure)} /> : null}
        <Section title="Who it is">
          <TextInput label="Name" autoComplete="off" data-autofocus {...form.getInputProps("name")} />
          <PhoneField value={form.values.phone} onChange={(value) => form.setFieldValue("phone", value)} country={country} onCountry={setCountry} error={form.errors["phone"]} />
          <SimpleGrid cols={{ base: 1, xs: 2 }}>
            <TextInput label="E-mail" type="email" autoComplete="off" {...form.getInputProps("email")} />
            <TextInput label="Identity" description="The id your own systems know them by" autoComplete="off" inputWrapperOrder={["label", "input", "description", "error"]} {...form.getInputProps("identity")} />
            <TextInput label="Language" placeholder="en" autoComplete="off" {...form.getInputProps("language")} />
            <TextInput label="Time zone" placeholder="Asia/Kolkata" list="time-zones" autoComplete="off" {...form.getInputProps("timeZone")} />
          </SimpleGrid>
          <datalist id="time-zones">
            {Intl.supportedValuesOf("timeZone").map((zone) => (
              <option key={zone} value={zone}>
                {zone}
              </option>
            ))}
          </datalist>
        </Section>
        {existing ? null : (
          <Section title="What they agreed to" description="Choose only what they have really said yes to. It can be changed later, with its history kept.">
            <Checkbox.Group aria-label="What they agreed to" value={agreement.scopes} onChange={(scopes) => setAgreement({ ...agreement, scopes: agreements.map(({ value }) => value).filter((value) => scopes.includes(value)) })}>
              <Group gap="lg">
                {agreements.map(({ value, label }) => (
                  <Checkbox key={value} value={value} label={label} />
                ))}
              </Group>
            </Checkbox.Group>
            {agreement.scopes.length > 0 ? (
              <Textarea label="How they agreed" description="Kept as the proof." placeholder="Paper form, 3 May" maxLength={500} autosize minRows={2} value={agreement.proof} onChange={(event) => setAgreement({ ...agreement, proof: event.currentTarget.value })} />
            ) : null}
          </Section>
        )}
        <Section title="Custom properties">
          <PropertyRows rows={rows} onChange={setRows} known={known} problems={problems} />
        </Section>
        <FormEnd busy={save.isPending} onCancel={onCancel}>
          {submitLabel}
        </FormEnd>
      </Stack>
    </form>
  );
}
