import { Text } from "@mantine/core";
import type { Contact, ContactProperty } from "@tincan/api";
import type { Column } from "../../../pieces/column.ts";
import { Dot } from "../../../pieces/Dot.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { contactSource, nameOf, valueWords, verdictWords } from "./contact-words.ts";

const marketing = (contact: Contact) => verdictWords(contact.consent.categories.marketing);

/** The columns everybody has, then one for each custom property, for those who choose it. */
export function contactColumns(properties: ContactProperty[]): Column<Contact>[] {
  return [
    {
      key: "name",
      header: "Person",
      main: true,
      sort: "name",
      cell: (contact) => (
        <TextLink to="/people/contacts/$id" params={{ id: contact.id }} fw={550} className="break">
          {nameOf(contact)}
        </TextLink>
      ),
      text: (contact) => contact.name ?? "",
    },
    { key: "phone", header: "Phone", cell: (contact) => (contact.phone ? <span className="nowrap numeric">{displayNumber(contact.phone)}</span> : null), text: (contact) => contact.phone ?? "" },
    {
      key: "marketing",
      header: "Marketing",
      cell: (contact) => {
        const { may, answer } = marketing(contact);
        return (
          <span title={`May receive marketing: ${answer}`}>
            <Dot tone={may ? "read" : contact.consent.categories.marketing.verdict === "notOptedIn" ? "queued" : "failed"}>
              {may ? "Yes" : contact.consent.categories.marketing.verdict === "notOptedIn" ? "Not agreed" : "Opted out"}
            </Dot>
          </span>
        );
      },
      text: (contact) => (marketing(contact).may ? "yes" : "no"),
    },
    { key: "email", header: "E-mail", cell: (contact) => (contact.email ? <span className="break">{contact.email}</span> : null), text: (contact) => contact.email ?? "" },
    { key: "identity", header: "Identity", optional: true, cell: (contact) => (contact.identity ? <span className="break">{contact.identity}</span> : null), text: (contact) => contact.identity ?? "" },
    { key: "language", header: "Language", optional: true, cell: (contact) => contact.language, text: (contact) => contact.language ?? "" },
    { key: "timeZone", header: "Time zone", optional: true, cell: (contact) => contact.timeZone, text: (contact) => contact.timeZone ?? "" },
    ...properties.map(({ key, type }): Column<Contact> => {
      const words = (contact: Contact) => {
        const value = contact.properties[key];
        return value === undefined ? "" : valueWords(value, type === "date");
      };
      return {
        key: `property:${key}`,
        header: key,
        optional: true,
        ...(type === "number" ? { align: "right" as const } : {}),
        cell: (contact) =>
          words(contact) === "" ? null : (
            <Text size="sm" lineClamp={2} maw={260} inherit>
              {words(contact)}
            </Text>
          ),
        text: words,
      };
    }),
    { key: "source", header: "Source", cell: (contact) => contactSource(contact.source), text: (contact) => contact.source },
    { key: "lastSeenAt", header: "Last seen", cell: (contact) => <RelativeTime at={contact.lastSeenAt} />, text: (contact) => contact.lastSeenAt ?? "" },
    { key: "createdAt", header: "Added", align: "right", sort: "createdAt", first: "descending", cell: (contact) => <RelativeTime at={contact.createdAt} />, text: (contact) => contact.createdAt },
  ];
}
