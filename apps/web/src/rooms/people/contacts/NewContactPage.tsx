import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { ApiFailure, type Contact, type ContactPatch } from "@tincan/api";
import { api } from "../../../api.ts";
import { asFailure, showFailure } from "../../../change.ts";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { type Agreement, ContactForm } from "./ContactForm.tsx";
import { formQuery } from "./form-query.ts";
import { nameOf } from "./contact-words.ts";

/** Makes the person; the agreements follow one by one. A person is kept even when an agreement cannot be. */
async function add({ properties, ...changes }: ContactPatch, { scopes, proof }: Agreement) {
  const said = proof.trim() ? { proof: proof.trim() } : {};
  const { problems, ...made } = await api.contacts.create({ ...changes, ...(properties ? { properties } : {}), ...(scopes.includes("all") ? { optIn: true, ...said } : {}) });
  for (const { code, message } of problems) showFailure(new ApiFailure(200, { code, message, fix: "They opt in by writing a word such as START." }));
  let contact: Contact = made;
  try {
    for (const category of scopes) if (category !== "all") contact = await api.contacts.setConsent(contact.id, { category, state: "in", ...said });
  } catch (error) {
    showFailure(asFailure(error));
  }
  return contact;
}

/** Whether the person was made just now, rather than found by phone or identity; the consent that follows takes a moment. */
const isNew = ({ createdAt, updatedAt }: Contact) => Date.parse(updatedAt) - Date.parse(createdAt) < 5000;

/** Adds one person by hand. Somebody with the same phone or identity is changed instead, and the answer says so. */
export default function NewContactPage() {
  const navigate = useNavigate();
  const mayWrite = useMay("contacts.write");
  const query = useQuery(formQuery);
  return (
    <Page title="Add a person" parent={{ to: "/people/contacts", label: "Contacts" }} description="If somebody has this phone number or identity already, they are updated, not added again." narrow>
      {mayWrite ? (
        <Loaded query={query} height={420}>
          {({ known, defaultCountry }) => (
            <ContactForm
              known={known}
              defaultCountry={defaultCountry}
              submit={add}
              submitLabel="Add"
              onSaved={(contact) => {
                sayDone(isNew(contact) ? `${nameOf(contact)} is added` : `${nameOf(contact)} was known already and is updated`);
                void navigate({ to: "/people/contacts/$id", params: { id: contact.id } });
              }}
            />
          )}
        </Loaded>
      ) : (
        <Note kind="info" title="Your role may look at people, not add them">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}
