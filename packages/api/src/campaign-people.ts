import Type, { type Static } from "typebox";
import { CampaignPatch, LossReason } from "./campaign.ts";
import { TemplateContent } from "./content.ts";
import { ListQuery, Maybe, MaybeTimestamp } from "./list.ts";

/* The people behind a campaign: before it is sent, and behind each number afterwards. */

/** A person behind a number of the funnel or of the report. */
export const CampaignPerson = Type.Object({
  contactId: Maybe(Type.String()),
  name: Maybe(Type.String()),
  phone: Maybe(Type.String()),
  variant: Maybe(Type.String()),
  messageId: Maybe(Type.String()),
  reason: Maybe(Type.String()),
  detail: Maybe(Type.String()),
  at: MaybeTimestamp,
});
export type CampaignPerson = Static<typeof CampaignPerson>;

/**
 * `POST /campaigns/:id/funnel`: who would be reached if it started now. `matched` people of the audience (its size is exact; the losses are found by
 * looking at all of them, or at `looked` of them and scaled when the audience is larger than 200,000 or there was no time for all). `later` are those who wait for their own
 * time, for the next day or for the winner of a test. `behind` are up to a hundred people that were found lost. `refused` says in words why it would
 * not start at all, because it reaches more people than its safety limit or its number's 24-hour limit allow; nobody gets it then.
 */
export const CampaignFunnel = Type.Object({
  matched: Type.Integer(),
  looked: Type.Integer(),
  refused: Maybe(Type.String()),
  willBeSent: Type.Integer(),
  later: Type.Integer(),
  losses: Type.Array(Type.Object({ reason: LossReason, people: Type.Integer(), behind: Type.Array(CampaignPerson) })),
  variants: Type.Array(Type.Object({ key: Type.String(), people: Type.Integer() })),
  missing: Type.Array(Type.Object({ variable: Type.String(), people: Type.Integer() })),
  tier: Maybe(Type.Object({ limit: Maybe(Type.Integer()), used: Type.Integer(), days: Type.Integer() })),
  estimatedCost: Maybe(Type.Object({ currency: Type.String(), amount: Type.Number(), messages: Type.Integer() })),
});
export type CampaignFunnel = Static<typeof CampaignFunnel>;

/** `GET /campaigns/:id/people`: one of a loss reason, a step, or a failure code (`source:code`). */
export const CampaignPeopleQuery = Type.Interface([ListQuery], {
  loss: Type.Optional(LossReason),
  step: Type.Optional(Type.Enum(["queued", "submitted", "sent", "delivered", "read", "clicked", "replied", "converted", "optedOut", "failed", "waiting"])),
  failure: Type.Optional(Type.String({ maxLength: 80 })),
  variant: Type.Optional(Type.String({ maxLength: 40 })),
  run: Type.Optional(Type.String({ maxLength: 64 })),
});
export type CampaignPeopleQuery = Static<typeof CampaignPeopleQuery>;

/** `POST /campaigns/preview`: what real people would get. `people` are picked from the audience unless contact ids are given. */
export const CampaignPreviewInput = Type.Object({
  definition: CampaignPatch,
  contactIds: Type.Optional(Type.Array(Type.String({ maxLength: 64 }), { maxItems: 10 })),
});
export type CampaignPreviewInput = Static<typeof CampaignPreviewInput>;

/**
 * The answer: what each of the people would get. `content` is filled as far as it can be, null when the text leaves them out. `missing` names
 * the values that are empty for them; `lost` says why they would get nothing, consent and limits aside.
 */
export const CampaignPreview = Type.Object({
  people: Type.Array(
    Type.Object({
      contactId: Type.String(),
      name: Maybe(Type.String()),
      phone: Maybe(Type.String()),
      variant: Maybe(Type.String()),
      content: Maybe(TemplateContent),
      missing: Type.Array(Type.String()),
      lost: Maybe(LossReason),
      detail: Maybe(Type.String()),
    }),
  ),
});
export type CampaignPreview = Static<typeof CampaignPreview>;
