import Type, { type Static } from "typebox";
import { ListQuery } from "./list.ts";
import { Template, TemplateName } from "./template.ts";

/**
 * A ready-made template of Meta's library, in one language; its words cannot be changed. `topic`, `usecase` and `industry` are Meta's words
 * in capitals. `bodyParams` are samples for the body's variables, `bodyParamTypes` what each takes when it is sent (TEXT, DATE, AMOUNT …).
 * A button's `url` and `phone_number` are samples that one replaces. What Meta does not tell of an entry is left out.
 */
export const LibraryTemplate = Type.Object({
  id: Type.String(),
  name: Type.String(),
  language: Type.String(),
  category: Type.String(),
  topic: Type.Optional(Type.String()),
  usecase: Type.Optional(Type.String()),
  industry: Type.Array(Type.String()),
  header: Type.Optional(Type.String()),
  body: Type.String(),
  footer: Type.Optional(Type.String()),
  bodyParams: Type.Array(Type.String()),
  bodyParamTypes: Type.Array(Type.String()),
  buttons: Type.Array(
    Type.Object({
      type: Type.String(),
      text: Type.Optional(Type.String()),
      url: Type.Optional(Type.String()),
      phone_number: Type.Optional(Type.String()),
      otp_type: Type.Optional(Type.String()),
    }),
  ),
});
export type LibraryTemplate = Static<typeof LibraryTemplate>;

const Word = Type.Optional(Type.String({ maxLength: 100 }));

/** `GET /templates/library`. `provider` is the id of a number on the Cloud API. `q` looks in names and texts; `name` is exact. */
export const LibraryQuery = Type.Interface([ListQuery], {
  provider: Type.String({ minLength: 1, maxLength: 64 }),
  name: Type.Optional(Type.String({ maxLength: 512 })),
  topic: Word,
  usecase: Word,
  industry: Word,
  language: Type.Optional(Type.String({ maxLength: 20 })),
});
export type LibraryQuery = Static<typeof LibraryQuery>;

/**
 * What one adds to a button of the entry; `index` is its zero-based place. Links need `url` and phone buttons `phoneNumber`; a `url` that
 * ends in a variable needs `urlExample`, the whole address as one message will have it. One-time codes are copied unless `otpType` says else.
 */
const LibraryButtonInput = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: 9 }),
  url: Type.Optional(Type.String({ maxLength: 2_500 })),
  urlExample: Type.Optional(Type.String({ maxLength: 2_500 })),
  phoneNumber: Type.Optional(Type.String({ maxLength: 40 })),
  otpType: Type.Optional(Type.Enum(["COPY_CODE", "ONE_TAP", "ZERO_TAP"])),
  supportedApps: Type.Optional(Type.Array(Type.Object({ packageName: Type.String({ maxLength: 224 }), signatureHash: Type.String({ maxLength: 40 }) }), { maxItems: 5 })),
  zeroTapTermsAccepted: Type.Optional(Type.Boolean()),
});

/**
 * `POST /templates/library`: makes a template of an entry, one for each language. `entry` is the entry's name, `name` the new template's.
 * `body`: what Meta adds to the text; it ignores `addLearnMoreLink` and `addTrackPackageLink` for accounts that do not have them.
 */
export const LibraryTemplateInput = Type.Object({
  provider: Type.String({ minLength: 1, maxLength: 64 }),
  entry: Type.String({ minLength: 1, maxLength: 512 }),
  name: TemplateName,
  languages: Type.Array(Type.String({ minLength: 2, maxLength: 20 }), { minItems: 1, maxItems: 100, uniqueItems: true }),
  buttons: Type.Optional(Type.Array(LibraryButtonInput, { maxItems: 10 })),
  body: Type.Optional(
    Type.Object({
      addContactNumber: Type.Optional(Type.Boolean()),
      addSecurityRecommendation: Type.Optional(Type.Boolean()),
      codeExpirationMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 90 })),
      addLearnMoreLink: Type.Optional(Type.Boolean()),
      addTrackPackageLink: Type.Optional(Type.Boolean()),
    }),
  ),
});
export type LibraryTemplateInput = Static<typeof LibraryTemplateInput>;

/** The templates that were made, and the languages that were refused with why. When all are refused, the first refusal is the answer. */
export const LibraryTemplateResult = Type.Object({
  items: Type.Array(Template),
  refused: Type.Array(Type.Object({ language: Type.String(), code: Type.String(), message: Type.String() })),
});
export type LibraryTemplateResult = Static<typeof LibraryTemplateResult>;
