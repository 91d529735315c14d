import type { MessageState, MessageStep } from "@tincan/api";
import { Dot, type Tone } from "./Dot.tsx";

const states: Record<MessageState, { tone: Tone; word: string }> = {
  queued: { tone: "queued", word: "Queued" },
  sending: { tone: "sent", word: "Sending" },
  submitted: { tone: "sent", word: "Submitted" },
  sent: { tone: "sent", word: "Sent" },
  delivered: { tone: "delivered", word: "Delivered" },
  read: { tone: "read", word: "Read" },
  failed: { tone: "failed", word: "Failed" },
  unknown: { tone: "unknown", word: "Unknown" },
};

/** Every state, in the order a message goes through them, for filters. */
export const messageStates = Object.entries(states).map(([value, { word }]) => ({ value: value as MessageState, label: word }));

const steps: Record<MessageStep, string> = { submitted: "Was submitted", sent: "Was sent", delivered: "Was delivered", read: "Was read", clicked: "Was clicked", failed: "Has failed" };

/** Every step a message may have taken, whatever came after it, for filters. */
export const messageSteps = Object.entries(steps).map(([value, label]) => ({ value: value as MessageStep, label }));

/** A message's state: the same word and colour on every screen. A clicked message says so, whatever its receipts. */
export function StateLabel({ state, clicked = false }: { state: MessageState; clicked?: boolean }) {
  if (clicked) return <Dot tone="clicked">Clicked</Dot>;
  const { tone, word } = states[state];
  return (
    <Dot tone={tone} pulse={state === "sending"}>
      {word}
    </Dot>
  );
}
