import Type, { type Static } from "typebox";
import { Place } from "./content.ts";
import { Maybe, Timestamp } from "./list.ts";

/* What a campaign says: variants of templates with values that are filled per person. */

/** A text in which Liquid is filled with `profile`, `event` (live campaigns) and `coupon`. */
const Liquid = (most: number) => Type.String({ maxLength: most });
const LiquidText = Type.Object({ name: Type.Optional(Type.String({ maxLength: 120 })), text: Liquid(4096) });

/** A file's address, in which Liquid is filled, or the provider's media id. */
const LiquidMedia = Type.Object({ link: Type.Optional(Liquid(2000)), id: Type.Optional(Type.String({ maxLength: 255 })), filename: Type.Optional(Liquid(240)) });

const LiquidHeader = Type.Union([
  Type.Object({ kind: Type.Literal("text"), name: Type.Optional(Type.String({ maxLength: 120 })), text: Liquid(1024) }),
  Type.Object({ kind: Type.Enum(["image", "video", "document"]), media: LiquidMedia }),
  Type.Object({ kind: Type.Literal("location"), location: Place }),
]);

const index = Type.Integer({ minimum: 0, maximum: 9 });
/** `suffix: null` on a url button makes it a tracked short link to `target`. */
const LiquidButton = Type.Union([
  Type.Object({ kind: Type.Literal("quickReply"), index, payload: Liquid(1000) }),
  Type.Object({ kind: Type.Literal("url"), index, suffix: Maybe(Liquid(2000)), target: Type.Optional(Liquid(2000)) }),
  Type.Object({ kind: Type.Literal("copyCode"), index, code: Liquid(1000) }),
]);

const LiquidCard = Type.Object({
  header: Type.Optional(LiquidHeader),
  body: Type.Optional(Type.Array(LiquidText, { maxItems: 20 })),
  buttons: Type.Optional(Type.Array(LiquidButton, { maxItems: 2 })),
});

/** When a limited-time offer ends: at one time for all, at a date property of the person, or some minutes after sending. */
const OfferEnd = Type.Union([
  Type.Object({ kind: Type.Literal("at"), at: Timestamp }),
  Type.Object({ kind: Type.Literal("property"), property: Type.String({ minLength: 1, maxLength: 120 }) }),
  Type.Object({ kind: Type.Literal("after"), minutes: Type.Integer({ minimum: 1, maximum: 43_200 }) }),
]);

/** Values for everything variable in a template, to be filled per person. */
export const CampaignValues = Type.Object({
  header: Type.Optional(LiquidHeader),
  body: Type.Optional(Type.Array(LiquidText, { maxItems: 100 })),
  buttons: Type.Optional(Type.Array(LiquidButton, { maxItems: 10 })),
  cards: Type.Optional(Type.Array(LiquidCard, { maxItems: 10 })),
  offerEnds: Type.Optional(OfferEnd),
});
export type CampaignValues = Static<typeof CampaignValues>;

/** `share` (percent) is for A/B, `equals` for a split by property: the variant without one is the default. */
export const Variant = Type.Object({
  key: Type.String({ minLength: 1, maxLength: 40 }),
  template: Type.Object({ name: Type.String({ minLength: 1, maxLength: 512 }), language: Type.String({ minLength: 2, maxLength: 20 }) }),
  values: CampaignValues,
  share: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
  equals: Type.Optional(Type.String({ maxLength: 512 })),
});
export type Variant = Static<typeof Variant>;

/**
 * single: one variant. ab: two or three with shares that add up to 100; with `test` a part of the audience gets them, and the winner goes to
 * the rest. split: a variant per value of `property`, up to 50 and a default (CleverTap: message by user property).
 */
export const Content = Type.Union([
  Type.Object({ mode: Type.Literal("single"), variants: Type.Array(Variant, { minItems: 1, maxItems: 1 }) }),
  Type.Object({
    mode: Type.Literal("ab"),
    variants: Type.Array(Variant, { minItems: 2, maxItems: 3 }),
    test: Type.Optional(
      Type.Object({
        /** Percent of the audience that the test is sent to. */
        share: Type.Integer({ minimum: 1, maximum: 99 }),
        winnerBy: Type.Enum(["read", "click", "reply", "goal"]),
        /** Minutes from the start of the run until the winner is chosen. */
        decideAfter: Type.Integer({ minimum: 1, maximum: 10_080 }),
      }),
    ),
  }),
  Type.Object({ mode: Type.Literal("split"), property: Type.String({ minLength: 1, maxLength: 120 }), variants: Type.Array(Variant, { minItems: 1, maxItems: 51 }) }),
]);
export type Content = Static<typeof Content>;
