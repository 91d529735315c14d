import Type, { type Static } from "typebox";
import { CampaignValues } from "./campaign-content.ts";
import { Maybe } from "./list.ts";

/** `POST /send`: one template to one person, who is created if missing. The same `idempotencyKey` never sends twice; `0|0|0|0` is refused as one. */
export const SendInput = Type.Object({
  to: Type.Object({ contactId: Type.Optional(Type.String({ maxLength: 64 })), phone: Type.Optional(Type.String({ maxLength: 40 })), identity: Type.Optional(Type.String({ maxLength: 200 })), name: Type.Optional(Type.String({ maxLength: 512 })) }),
  /** An id; the default provider when left out. */
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  template: Type.Object({ name: Type.String({ minLength: 1, maxLength: 512 }), language: Type.String({ minLength: 2, maxLength: 20 }) }),
  values: Type.Optional(CampaignValues),
  /** For `event` in Liquid. */
  data: Type.Optional(Type.Record(Type.String({ maxLength: 120 }), Type.Unknown())),
  idempotencyKey: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  customProps: Type.Optional(Type.Record(Type.String({ minLength: 1, maxLength: 120 }), Type.String({ maxLength: 512 }))),
});
export type SendInput = Static<typeof SendInput>;

/** `repeated`: the key was used before, and this is the message it made. */
export const SendResult = Type.Object({ messageId: Type.String(), contactId: Maybe(Type.String()), repeated: Type.Boolean() });
export type SendResult = Static<typeof SendResult>;
