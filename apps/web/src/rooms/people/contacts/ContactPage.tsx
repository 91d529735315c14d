import { Button, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPencil } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import type { Contact, ContactProperty } from "@tincan/api";
import { api } from "../../../api.ts";
import { Copied } from "../../../pieces/Copied.tsx";
import { Facts } from "../../../pieces/Facts.tsx";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { RelativeTime } from "../../../pieces/RelativeTime.tsx";
import { Section } from "../../../pieces/Section.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { ConsentSection } from "./ConsentSection.tsx";
import { ContactForm } from "./ContactForm.tsx";
import classes from "./ContactPage.module.css";
import { contactSource, nameOf, valueWords } from "./contact-words.ts";
import { DeleteContact } from "./DeleteContact.tsx";
import { formQuery } from "./form-query.ts";
import { MergeContact } from "./MergeContact.tsx";
import { knownType } from "./properties.ts";
import { TimelineSection } from "./TimelineSection.tsx";

/** One person: who they are, what they agreed to, and everything that happened. */
export default function ContactPage() {
  const { id } = useParams({ from: "/rooms/people/contacts/$id" });
  const contact = useQuery({ queryKey: ["contacts", "one", id], queryFn: ({ signal }) => api.contacts.get(id, signal) });
  const form = useQuery(formQuery);
  const mayWrite = useMay("contacts.write");
  const { data } = contact;
  return (
    <Page
      title={data ? nameOf(data) : "Person"}
      parent={{ to: "/people/contacts", label: "Contacts" }}
      description={
        data ? (
          <>
            {data.phone && data.name ? <span className="numeric">{displayNumber(data.phone)} · </span> : null}
            {data.lastSeenAt ? <>Last seen <RelativeTime at={data.lastSeenAt} /></> : "Never seen"}
          </>
        ) : null
      }
      actions={
        data && mayWrite ? (
          <>
            <EditContact contact={data} known={form.data?.known ?? []} defaultCountry={form.data?.defaultCountry ?? ""} ready={form.data !== undefined} />
            <MergeContact contact={data} />
            <DeleteContact contact={data} />
          </>
        ) : null
      }
    >
      <Loaded query={contact} height={420}>
        {(loaded) => (
          <div className={classes.page}>
            <div className={classes.consent}>
              <ConsentSection contact={loaded} />
            </div>
            <div className={classes.timeline}>
              <TimelineSection contactId={loaded.id} />
            </div>
            <Stack gap="lg" className={classes.facts}>
              <FactsSection contact={loaded} />
              <PropertiesSection contact={loaded} known={form.data?.known ?? []} />
            </Stack>
          </div>
        )}
      </Loaded>
    </Page>
  );
}

function EditContact({ contact, known, defaultCountry, ready }: { contact: Contact; known: ContactProperty[]; defaultCountry: string; ready: boolean }) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <>
      <Button variant="default" leftSection={<IconPencil size={16} aria-hidden />} onClick={open} disabled={!ready}>
        Edit
      </Button>
      <Modal opened={opened} onClose={close} closeOnClickOutside={false} title={`Edit ${nameOf(contact)}`} size="xl">
        <ContactForm
          existing={contact}
          known={known}
          defaultCountry={defaultCountry}
          submit={(changes) => api.contacts.update(contact.id, changes)}
          submitLabel="Save"
          onSaved={() => {
            sayDone("Saved");
            close();
          }}
          onCancel={close}
        />
      </Modal>
    </>
  );
}

function FactsSection({ contact }: { contact: Contact }) {
  return (
    <Section title="Facts">
      <Facts
        rows={[
          ["Name", contact.name],
          ["Phone", contact.phone ? <Copied key="phone" value={contact.phone} shown={displayNumber(contact.phone)} label="phone number" /> : null],
          ["E-mail", contact.email ? <Copied key="email" value={contact.email} label="e-mail address" /> : null],
          ["Identity", contact.identity ? <Copied key="identity" value={contact.identity} label="identity" /> : null],
          ["Also known as", contact.identities.length > 0 ? contact.identities.join(", ") : null],
          ["Language", contact.language],
          ["Time zone", contact.timeZone],
          ["Source", contactSource(contact.source)],
          ["Added", <RelativeTime key="added" at={contact.createdAt} />],
          ["Changed", <RelativeTime key="changed" at={contact.updatedAt} />],
          ["Our id", <Copied key="id" value={contact.id} label="id" />],
        ]}
      />
    </Section>
  );
}

function PropertiesSection({ contact, known }: { contact: Contact; known: ContactProperty[] }) {
  const properties = Object.entries(contact.properties);
  return (
    <Section title="Custom properties">
      {properties.length === 0 ? (
        <Text size="sm" c="dimmed">
          None yet.
        </Text>
      ) : (
        <Facts rows={properties.map(([key, value]) => [key, valueWords(value, knownType(known, key) === "date")])} />
      )}
    </Section>
  );
}
