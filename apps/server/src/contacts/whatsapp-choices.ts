import { tellOnCommit } from "../database/live.ts";
import type { ChoiceListener } from "../ledger/listeners.ts";
import { setConsent } from "./consent.ts";
import { upsertContacts } from "./upsert.ts";

/**
 * Marketing stopped or resumed in WhatsApp itself (Meta: user_preferences) is the person's own word about marketing. Meta keeps it per
 * business number and refuses by it; the consent here holds for the whole workspace.
 */
export function whatsappChoices(): ChoiceListener {
  return async (tx, workspaceId, choices) => {
    const people = [...new Set(choices.map((choice) => choice.phone))].sort();
    const drafts = people.map((person) => (person.startsWith("+") ? { phone: person } : { identity: person }));
    const { ids } = await upsertContacts(tx, workspaceId, drafts, { source: "inbound" });
    const contactOf = new Map(people.map((person, i) => [person, ids[i]]));
    await setConsent(
      tx,
      workspaceId,
      choices.toSorted((a, b) => a.at.getTime() - b.at.getTime()).flatMap(({ phone, stopped, at }) => {
        const contactId = contactOf.get(phone);
        return contactId ? [{ contactId, scope: "marketing" as const, state: stopped ? ("out" as const) : ("in" as const), source: "whatsapp" as const, at }] : [];
      }),
    );
    await tellOnCommit(tx, workspaceId, "contacts");
  };
}
