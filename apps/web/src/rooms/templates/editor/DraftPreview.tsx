import { Stack } from "@mantine/core";
import type { TemplateComponent, TemplateValues } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp/templates";
import { useMemo, useState } from "react";
import { bubbleOfTemplate } from "../../../phone-preview/bubble.ts";
import { PhonePreview } from "../../../phone-preview/PhonePreview.tsx";
import { FillChoice } from "../FillChoice.tsx";
import { definitionOf } from "./definition.ts";
import type { Draft, DraftHeader } from "./draft.ts";

/** Samples where there are some, the open variable where there is none yet. */
function bodyValues(text: string, samples: Record<string, string>): NonNullable<TemplateValues["body"]> {
  return variablesIn(text).map((name) => ({ ...(/^\d+$/.test(name) ? {} : { name }), text: samples[name] || `{{${name}}}` }));
}

function headerValue(header: DraftHeader, kept: TemplateValues["header"]): Pick<TemplateValues, "header"> {
  const link = header.fileAddress || header.link.trim() || (/^https?:/.test(header.handle) ? header.handle : "");
  if (link && (header.format === "IMAGE" || header.format === "VIDEO" || header.format === "DOCUMENT")) {
    const filename = header.file?.name;
    return { header: { kind: header.format.toLowerCase() as "image" | "video" | "document", media: { link, ...(filename ? { filename } : {}) } } };
  }
  return kept ? { header: kept } : {};
}

/** The message as it will look, while it is written. */
export function DraftPreview({ draft, title }: { draft: Draft; title: string }) {
  const [show, setShow] = useState("samples");
  const [openedAt] = useState(() => Date.now());
  const { components, samples } = useMemo(() => definitionOf(draft), [draft]);
  const offer = draft.shape === "offer" && draft.offer.expires ? { expiresAtMs: openedAt + 2 * 86_400_000 } : {};
  const values: TemplateValues =
    show === "samples"
      ? {
          ...samples,
          ...offer,
          ...headerValue(draft.header, samples?.header),
          body: draft.category === "AUTHENTICATION" ? [{ text: "493012" }] : bodyValues(draft.body, draft.samples),
          ...(draft.shape === "carousel"
            ? { cards: draft.cards.map((card, index) => ({ ...samples?.cards?.[index], ...headerValue(card.header, undefined), body: bodyValues(card.body, card.samples) })) }
            : {}),
        }
      : offer;
  const bubble = bubbleOfTemplate(shown(components), values, { examples: show === "samples" });
  return (
    <Stack align="center" gap="sm">
      <FillChoice value={show} onChange={setShow} />
      <PhonePreview title={title} messages={[{ id: "draft", side: "in", time: "10:42", bubble }]} />
    </Stack>
  );
}

/** Buttons without a label yet still take their place. */
function shown(components: TemplateComponent[]): TemplateComponent[] {
  return components.map((component) => ({
    ...component,
    ...(component.type === "BODY" && component.text === "" ? { text: "Your message" } : {}),
    ...(component.buttons ? { buttons: component.buttons.map((button) => (button.text === "" ? { ...button, text: "Label" } : button)) } : {}),
  }));
}
