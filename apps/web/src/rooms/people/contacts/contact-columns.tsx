import type { ConsentVerdict, Contact, ContactProperty } from "@tincan/api";
import type { Column } from "../../../pieces/column.ts";
import { Dot, type Tone } from "../../../pieces/Dot.tsx";
import { TextLink } from "../../../pieces/links.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import classes from "./contact-columns.module.css";
import { contactSource, nameOf, valueWords, verdictWords } from "./contact-words.ts";

const marketing = (contact: Contact) => verdictWords(contact.consent.categories.marketing);

const short: Record<ConsentVerdict, { tone: Tone; word: string }> = {
  allowed: { tone: "read", word: "Yes" },
  notOptedIn: { tone: "queued", word: "Not agreed" },
  optedOut: { tone: "failed", word: "Opted out" },
  doNotDisturb: { tone: "failed", word: "Do not disturb" },
  unknownPerson: { tone: "queued", word: "Not known" },
};

/** One line however long; the whole text on hover. */
function Cut({ text }: { text: string }) {
  return (
    <span className={classes.cut} title={text}>
      {text}
    </span>
  );
}

/** The columns everybody has, then one for each custom property, for those who choose it. */
export function contactColumns(properties: ContactProperty[]): Column<Contact>[] {
  return [
    {
      key: "name",
      header: "Person",
      main: true,
      sort: "name",
      cell: (contact) => (
        <TextLink to="/people/contacts/$id" params={{ id: contact.id }} fw={550} className={classes.cut}>
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
        const { tone, word } = short[contact.consent.categories.marketing.verdict];
        return (
          <span title={`May receive marketing: ${marketing(contact).answer}`}>
            <Dot tone={tone}>{word}</Dot>
          </span>
        );
      },
      text: (contact) => (marketing(contact).may ? "yes" : "no"),
    },
    { key: "email", header: "E-mail", cell: (contact) => (contact.email ? <Cut text={contact.email} /> : null), text: (contact) => contact.email ?? "" },
    { key: "identity", header: "Identity", optional: true, cell: (contact) => (contact.identity ? <Cut text={contact.identity} /> : null), text: (contact) => contact.identity ?? "" },
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
        cell: (contact) => (words(contact) === "" ? null : <Cut text={words(contact)} />),
        text: words,
      };
    }),
    { key: "source", header: "Source", cell: (contact) => <span className="nowrap">{contactSource(contact.source)}</span>, text: (contact) => contact.source },
    { key: "lastSeenAt", header: "Last seen", sort: "lastSeenAt", first: "descending", cell: (contact) => <RelativeTime at={contact.lastSeenAt} />, text: (contact) => contact.lastSeenAt ?? "" },
    { key: "createdAt", header: "Added", align: "right", sort: "createdAt", first: "descending", cell: (contact) => <RelativeTime at={contact.createdAt} />, text: (contact) => contact.createdAt },
  ];
}
