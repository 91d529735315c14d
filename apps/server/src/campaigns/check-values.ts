/** Whether the values of a variant fill everything that its template leaves open. What they hold for a person shows only when they are filled. */
import type { CampaignProblem, CampaignValues, Template } from "@tincan/api";
import { templateVariables, type AnyTemplate, type CardVariables } from "@tincan/whatsapp";
import { textProblems } from "./personalise/text-problems.ts";

type PartValues = Pick<CampaignValues, "header" | "body" | "buttons">;
type Report = (path: string, message: string) => void;

/** What values may use of what the message is sent with. */
export interface ValueSources {
  coupons: boolean;
  trackedLinks: boolean;
  event: boolean;
}

/** Paths begin with `values`. */
export function valueProblems(template: Template, values: CampaignValues, { coupons, trackedLinks, event }: ValueSources): CampaignProblem[] {
  const problems: CampaignProblem[] = [];
  const report: Report = (path, message) => void problems.push({ path: `values.${path}`, message });
  // The registry's components are Meta's own JSON; the rules read any.
  const needs = templateVariables(template as unknown as AnyTemplate);
  checkPart(needs, values, "", report);
  const cards = values.cards ?? [];
  if (cards.length !== needs.cards.length) report("cards", `The template has ${needs.cards.length} cards, and there are values for ${cards.length}.`);
  else for (const [i, card] of needs.cards.entries()) checkPart(card, cards[i] ?? {}, `cards[${i}].`, report);
  if (needs.limitedTimeOffer?.expires && !values.offerEnds) report("offerEnds", "Say when the offer ends.");
  if (!needs.limitedTimeOffer?.expires && values.offerEnds) report("offerEnds", "This template has no offer that ends.");
  for (const { path, message } of textProblems(values, event)) report(path, message);
  const text = JSON.stringify(values);
  if (/\{[{%][^}]*\bcoupon\b/.test(text) && !coupons) report("body", "It gives out coupon codes; choose the pool they come from.");
  if (!trackedLinks && values.buttons?.some((button) => button.kind === "url" && button.suffix === null)) report("buttons", "A link is to be tracked, but tracking is off.");
  return problems;
}

function checkPart(needs: CardVariables, given: PartValues, at: string, report: Report): void {
  const { header } = needs;
  const isOpen = header !== undefined && (header.kind !== "text" || header.params.length > 0);
  if (isOpen && !given.header) report(`${at}header`, header.kind === "text" ? "The header's text needs a value." : `The header needs its ${header.kind}.`);
  else if (isOpen && given.header && given.header.kind !== header.kind) report(`${at}header`, `The template's header is a ${header.kind}.`);
  else if (given.header && "media" in given.header && !given.header.media.link && !given.header.media.id) report(`${at}header.media.link`, "Give the file's address.");
  const body = given.body ?? [];
  if (body.length !== needs.body.length) report(`${at}body`, `The template's text has ${needs.body.length} ${needs.body.length === 1 ? "variable" : "variables"}, and there are values for ${body.length}.`);
  else for (const [i, { text }] of body.entries()) if (text.trim() === "") report(`${at}body[${i}]`, `Variable ${needs.body[i]} needs a value.`);
  for (const button of needs.buttons) {
    if (button.need === "required" && !given.buttons?.some(({ index }) => index === button.index)) report(`${at}buttons`, `The button “${button.text}” needs a value.`);
  }
  for (const button of given.buttons ?? []) {
    if (!needs.buttons.some(({ index, need }) => index === button.index && need !== "none")) report(`${at}buttons`, `The template's button ${button.index + 1} takes no value.`);
    if (button.kind === "url" && button.suffix === null && !button.target) report(`${at}buttons`, "A tracked button needs the address it leads to.");
  }
}
