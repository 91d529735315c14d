import { Modal, Stack, Text, Textarea } from "@mantine/core";
import type { Contact, ContactConsent } from "@tincan/api";
import { useState } from "react";
import { api } from "../../../api.ts";
import { useChange } from "../../../change.ts";
import { FormEnd } from "../../../pieces/FormEnd.tsx";
import { displayNumber } from "../../../pieces/phone.ts";
import { type ConsentStep, stepBack } from "./consent-step.ts";
import { nameOf, scopeWords } from "./contact-words.ts";

interface Words {
  title: string;
  says: string;
  confirm: string;
}

/** What a change means, before it is made. */
function wordsOf({ scope, state }: ConsentStep, contact: Contact): Words {
  const who = nameOf(contact);
  if (scope === "doNotDisturb") {
    const number = displayNumber(contact.phone ?? "");
    return state === "out"
      ? { title: "Turn on do not disturb", says: `Nothing at all goes to ${number} from now on, for everybody who has this number.`, confirm: "Turn on" }
      : { title: "Lift do not disturb", says: `${number} takes messages again, as far as ${who} agreed to them.`, confirm: "Lift" };
  }
  const what = scopeWords[scope];
  return state === "out"
    ? { title: `Opt ${who} out`, says: `${who} gets no ${scope === "all" ? "messages" : what} from now on.`, confirm: "Opt out" }
    : { title: `Opt ${who} in`, says: `From now on you may send ${who} ${scope === "all" ? "messages of every kind" : what}. Do this only when they have said yes.`, confirm: "Opt in" };
}

function take(contact: Contact, { scope, state }: ConsentStep, proof: string): Promise<Contact> {
  const said = proof ? { proof } : {};
  return scope === "doNotDisturb" ? api.contacts.setDoNotDisturb(contact.id, { on: state === "out", ...said }) : api.contacts.setConsent(contact.id, { category: scope, state, ...said });
}

/** Asks once more before consent is changed by hand, and for its proof. The change stays in the person's history with your name. */
export function ChangeConsent({ contact, step, onClose }: { contact: Contact; step: ConsentStep | null; onClose: () => void }) {
  const [proof, setProof] = useState("");
  const close = () => {
    setProof("");
    onClose();
  };
  const change = useChange({
    run: ({ taken }: { taken: ConsentStep; before: ContactConsent }) => take(contact, taken, proof.trim()),
    stale: ["contacts", "timeline"],
    done: "The consent is changed",
    undo: (_, { taken, before }) => {
      const back = stepBack(taken, before);
      return back && (() => take(contact, back, "The change before was taken back"));
    },
    onDone: close,
  });
  const words = step ? wordsOf(step, contact) : undefined;
  return (
    <Modal opened={step !== null} onClose={close} title={words?.title}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (step) change.mutate({ taken: step, before: contact.consent });
        }}
      >
        <Stack>
          <Text size="sm">{words?.says}</Text>
          <Textarea
            label="How you know"
            description="Kept as the proof, with your name and the time."
            placeholder={step?.state === "in" ? "Paper form, 3 May" : "Asked by phone"}
            maxLength={500}
            autosize
            minRows={2}
            value={proof}
            onChange={(event) => setProof(event.currentTarget.value)}
            data-autofocus
          />
          <FormEnd busy={change.isPending} onCancel={close}>
            {words?.confirm}
          </FormEnd>
        </Stack>
      </form>
    </Modal>
  );
}
