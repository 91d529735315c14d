import { Checkbox, Stack } from "@mantine/core";
import { templateLimits as limits } from "@tincan/whatsapp/templates";
import { Section } from "../../../pieces/Section.tsx";
import { ButtonRows } from "./ButtonRows.tsx";
import { CardFields } from "./CardFields.tsx";
import { CodeFields } from "./CodeFields.tsx";
import type { ButtonKind, Draft, HeaderFormat } from "./draft.ts";
import { HeaderFields } from "./HeaderFields.tsx";
import { LimitedInput } from "./Limited.tsx";
import { TextWithVariables } from "./TextWithVariables.tsx";

interface Props {
  draft: Draft;
  set: (change: Partial<Draft>) => void;
  say: (field: string) => string | null;
  /** Whether anything below a place such as `cards.1.` is wrong. */
  isWrong: (prefix: string) => boolean;
  uploads: boolean;
}

const formats: HeaderFormat[] = ["NONE", "TEXT", "IMAGE", "VIDEO", "DOCUMENT", "LOCATION"];
const offerFormats: HeaderFormat[] = ["NONE", "IMAGE", "VIDEO"];

/** What the message says: each kind of template has its own parts. */
export function ContentSection({ draft, set, say, isWrong, uploads }: Props) {
  if (draft.category === "AUTHENTICATION") {
    return (
      <Section title="One-time code" description="The words are WhatsApp's own, in the person's language.">
        <CodeFields code={draft.code} onChange={(code) => set({ code })} say={say} />
      </Section>
    );
  }
  const offer = draft.shape === "offer";
  const body = (
    <TextWithVariables
      label={draft.shape === "carousel" ? "Text above the cards" : "Body"}
      placeholder="Hi {{1}}, your order {{2}} is ready."
      text={draft.body}
      samples={draft.samples}
      most={offer ? limits.offerBody : limits.body}
      error={say("body")}
      samplesError={say("samples")}
      onText={(text) => set({ body: text })}
      onSamples={(samples) => set({ samples })}
    />
  );
  if (draft.shape === "carousel") {
    return (
      <>
        <Section title="Message">{body}</Section>
        <Section title="Cards" description="Two to ten, all made of the same parts.">
          <CardFields cards={draft.cards} uploads={uploads} onChange={(cards) => set({ cards })} say={say} isWrong={isWrong} />
        </Section>
      </>
    );
  }
  const kinds: ButtonKind[] = offer ? ["COPY_CODE", "URL"] : ["QUICK_REPLY", "URL", "PHONE_NUMBER", "COPY_CODE", ...(draft.category === "MARKETING" ? ["OPT_OUT" as const] : [])];
  return (
    <>
      <Section title="Message">
        <HeaderFields header={draft.header} formats={offer ? offerFormats : formats} uploads={uploads} onChange={(header) => set({ header })} say={say} />
        {offer ? (
          <Stack gap="xs">
            <LimitedInput
              label="Offer"
              placeholder="Ends on Sunday"
              value={draft.offer.text}
              most={limits.offerText}
              error={say("offer")}
              onText={(text) => set({ offer: { ...draft.offer, text } })}
            />
            <Checkbox
              label="The offer ends"
              description="Each message says when; WhatsApp counts down."
              checked={draft.offer.expires}
              onChange={(event) => set({ offer: { ...draft.offer, expires: event.currentTarget.checked } })}
            />
          </Stack>
        ) : null}
        {body}
        {offer ? null : (
          <LimitedInput label="Footer" placeholder="Reply STOP to opt out" value={draft.footer} most={limits.footer} hint="No variables" error={say("footer")} onText={(footer) => set({ footer })} />
        )}
      </Section>
      <Section title="Buttons" description={offer ? "The code to copy comes first, then a link." : "Quick replies stand together, before or after the others."}>
        <ButtonRows buttons={draft.buttons} kinds={kinds} total={limits.buttons} onChange={(buttons) => set({ buttons })} say={say} />
      </Section>
    </>
  );
}
