import type { CampaignProblem, CampaignValues } from "@tincan/api";
import { LiquidFault, parseLiquid } from "./liquid.ts";

/** What is wrong with the texts of a variant, wherever they stand; paths as in CampaignValues. An `event` is known to live campaigns alone. */
export function textProblems(values: CampaignValues, live: boolean): CampaignProblem[] {
  return textsOf(values, "").flatMap(({ path, text }): CampaignProblem[] => {
    try {
      const { reads } = parseLiquid(text, "UTC");
      return reads.has("event") && !live ? [{ path, message: "Only a live campaign knows an event." }] : [];
    } catch (cause) {
      if (cause instanceof LiquidFault) return [{ path, message: cause.message }];
      throw cause;
    }
  });
}

interface Text {
  path: string;
  text: string;
}

function textsOf({ header, body = [], buttons = [], cards = [] }: CampaignValues, at: string): Text[] {
  const texts: { path: string; text: string | null | undefined }[] = [
    ...body.map(({ text }, i) => ({ path: `${at}body[${i}]`, text })),
    ...buttons.flatMap((button, i) => {
      const path = `${at}buttons[${i}]`;
      if (button.kind === "url") return [{ path, text: button.suffix }, { path, text: button.target }];
      return [{ path, text: button.kind === "quickReply" ? button.payload : button.code }];
    }),
  ];
  if (header?.kind === "text") texts.unshift({ path: `${at}header.text`, text: header.text });
  else if (header && "media" in header) texts.unshift({ path: `${at}header.media.link`, text: header.media.link }, { path: `${at}header.media.filename`, text: header.media.filename });
  return [...texts.filter((each): each is Text => typeof each.text === "string"), ...cards.flatMap((card, i) => textsOf(card, `${at}cards[${i}].`))];
}
