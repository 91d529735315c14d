import Type, { type Static } from "typebox";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";

/** A button as Meta stores it. `example` is a list for URL buttons and a text for codes. */
export const TemplateButton = Type.Object(
  {
    type: Type.String(),
    text: Type.Optional(Type.String()),
    url: Type.Optional(Type.String()),
    phone_number: Type.Optional(Type.String()),
    example: Type.Optional(Type.Union([Type.String(), Type.Array(Type.String())])),
  },
  { additionalProperties: true },
);
export type TemplateButton = Static<typeof TemplateButton>;

const component = {
  type: Type.String(),
  format: Type.Optional(Type.String()),
  text: Type.Optional(Type.String()),
  example: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  buttons: Type.Optional(Type.Array(TemplateButton)),
  limited_time_offer: Type.Optional(
    Type.Object({ text: Type.Optional(Type.String()), has_expiration: Type.Optional(Type.Boolean()) }, { additionalProperties: true }),
  ),
};

const CardComponent = Type.Object(component, { additionalProperties: true });

/** One component in Meta's own shape (HEADER, BODY, FOOTER, BUTTONS, LIMITED_TIME_OFFER, CAROUSEL); members we do not know are kept. */
export const TemplateComponent = Type.Object(
  {
    ...component,
    cards: Type.Optional(Type.Array(Type.Object({ components: Type.Array(CardComponent) }, { additionalProperties: true }))),
  },
  { additionalProperties: true },
);
export type TemplateComponent = Static<typeof TemplateComponent>;

/**
 * A template of the registry. `status`, `category` and `quality` are Meta's words in capitals and open-ended (APPROVED PENDING REJECTED
 * PAUSED DISABLED …). `rejectedReason` is null unless Meta gave one.
 */
export const Template = Type.Object({
  id: Type.String(),
  provider: Type.Object({ id: Type.String(), nickname: Type.String() }),
  externalId: Maybe(Type.String()),
  name: Type.String(),
  language: Type.String(),
  category: Type.String(),
  status: Type.String(),
  quality: Maybe(Type.String()),
  parameterFormat: Type.Enum(["POSITIONAL", "NAMED"]),
  components: Type.Array(TemplateComponent),
  rejectedReason: Maybe(Type.String()),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  syncedAt: MaybeTimestamp,
});
export type Template = Static<typeof Template>;

/** `provider` is an id. `q` looks in the name and in the texts. */
export const TemplateQuery = Type.Interface([ListQuery], {
  provider: Type.Optional(Type.String({ maxLength: 64 })),
  status: Type.Optional(Type.String({ maxLength: 40 })),
  category: Type.Optional(Type.String({ maxLength: 40 })),
  language: Type.Optional(Type.String({ maxLength: 20 })),
});
export type TemplateQuery = Static<typeof TemplateQuery>;
