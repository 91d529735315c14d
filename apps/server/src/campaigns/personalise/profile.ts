import type { AudienceContact } from "../../segments/audience.ts";
import type { Candidate } from "../types.ts";

/** A person of an audience as the judge and the texts know them. A property cannot hide a standard field of the same name. */
export function candidateOf({ id, phone, timeZone, name, email, identity, language, properties }: AudienceContact): Candidate {
  return { contactId: id, phone, timeZone, profile: { ...properties, name, email, phone, identity, language, timeZone } };
}
