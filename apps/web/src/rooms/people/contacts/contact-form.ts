import type { Contact, ContactPatch } from "@tincan/api";

/** The fields of the form, as typed. */
export interface ContactFields {
  name: string;
  phone: string;
  email: string;
  identity: string;
  language: string;
  timeZone: string;
}

const names = ["name", "phone", "email", "identity", "language", "timeZone"] as const;

export function fieldsOf(contact: Contact | undefined): ContactFields {
  const field = (name: keyof ContactFields) => contact?.[name] ?? "";
  return { name: field("name"), phone: field("phone"), email: field("email"), identity: field("identity"), language: field("language"), timeZone: field("timeZone") };
}

/** The fields that differ from what the form opened with; null empties one. */
export function changedFields(fields: ContactFields, before: ContactFields): Pick<ContactPatch, keyof ContactFields> {
  const changes: Pick<ContactPatch, keyof ContactFields> = {};
  for (const name of names) {
    const value = fields[name].trim();
    if (value !== before[name]) changes[name] = value === "" ? null : value;
  }
  return changes;
}

export const fieldRules = {
  name: (value: string) => (value.length > 512 ? `At most 512 characters; this has ${value.length}` : null),
  email: (value: string) => (value.trim() === "" || /^\S+@\S+\.\S+$/.test(value.trim()) ? null : "An e-mail address, like ada@example.com"),
  identity: (value: string) => (value.length > 200 ? `At most 200 characters; this has ${value.length}` : null),
  language: (value: string) => (value.trim() === "" || /^[a-zA-Z]{2,3}([_-][a-zA-Z0-9]{2,8})*$/.test(value.trim()) ? null : "A language code, like en or pt_BR"),
  timeZone: (value: string) => (value.trim() === "" || isTimeZone(value.trim()) ? null : "A time zone, like Asia/Kolkata"),
};

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
