import Type, { type Static } from "typebox";
import { ButtonValue, CardValue, HeaderValue, TextValue } from "./content.ts";
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
 * What Tincan keeps about a button beside Meta's definition. `index` is its zero-based place among the template's buttons, `card` the
 * zero-based card it stands on (left out: the template's own). `payload` comes back when a quick reply is pressed (WhatsApp cuts at 128
 * characters); `tracked` asks that clicks on a link be counted; `optOut` makes a quick reply the marketing opt-out.
 */
export const ButtonSetting = Type.Object({
  index: Type.Integer({ minimum: 0, maximum: 9 }),
  card: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })),
  payload: Type.Optional(Type.String({ maxLength: 256 })),
  tracked: Type.Optional(Type.Boolean()),
  optOut: Type.Optional(Type.Boolean()),
});
export type ButtonSetting = Static<typeof ButtonSetting>;

/** Values for everything variable in a template, as in a message's content. `expiresAtMs` in Unix milliseconds. */
export const TemplateValues = Type.Object({
  header: Type.Optional(HeaderValue),
  body: Type.Optional(Type.Array(TextValue, { maxItems: 100 })),
  buttons: Type.Optional(Type.Array(ButtonValue, { maxItems: 10 })),
  expiresAtMs: Type.Optional(Type.Integer({ minimum: 0 })),
  cards: Type.Optional(Type.Array(CardValue, { maxItems: 10 })),
});
export type TemplateValues = Static<typeof TemplateValues>;

/** A rule that a template breaks: `path` such as `components[1].text` or `buttonSettings[0].payload`, `rule` such as `body.length`. */
export const TemplateProblem = Type.Object({ path: Type.String(), rule: Type.String(), message: Type.String() });
export type TemplateProblem = Static<typeof TemplateProblem>;

/**
 * A template of the registry. `status`, `category` and `quality` are Meta's words in capitals and open-ended (APPROVED PENDING REJECTED
 * PAUSED DISABLED …); DRAFT is ours and known to nobody else. `rejectedReason` is null unless Meta gave one. `samples` are the values
 * that previews and tests begin with. `problems` is what still stands against submitting it, empty when nothing does.
 */
export const Template = Type.Object({
  id: Type.String(),
  provider: Type.Object({ id: Type.String(), nickname: Type.String(), kind: Type.Enum(["cloud-api", "generic"]) }),
  externalId: Maybe(Type.String()),
  name: Type.String(),
  language: Type.String(),
  category: Type.String(),
  status: Type.String(),
  quality: Maybe(Type.String()),
  parameterFormat: Type.Enum(["POSITIONAL", "NAMED"]),
  components: Type.Array(TemplateComponent),
  timeToLiveSeconds: Maybe(Type.Integer()),
  buttonSettings: Type.Array(ButtonSetting),
  samples: TemplateValues,
  rejectedReason: Maybe(Type.String()),
  problems: Type.Array(TemplateProblem),
  archivedAt: MaybeTimestamp,
  createdAt: Timestamp,
  updatedAt: Timestamp,
  syncedAt: MaybeTimestamp,
});
export type Template = Static<typeof Template>;

/** The order of a list of templates: by name unless told otherwise, `-` downwards. Equal ones follow by name and language. */
export const TemplateSort = Type.Enum(["name", "-name", "status", "-status", "category", "-category", "updatedAt", "-updatedAt"]);
export type TemplateSort = Static<typeof TemplateSort>;

/** `provider` is an id. `name` is a whole name, `q` looks in the name and in the texts. Archived ones are listed only with `archived=true`, and then alone. */
export const TemplateQuery = Type.Interface([ListQuery], {
  sort: Type.Optional(TemplateSort),
  provider: Type.Optional(Type.String({ maxLength: 64 })),
  name: Type.Optional(Type.String({ maxLength: 512 })),
  status: Type.Optional(Type.String({ maxLength: 40 })),
  category: Type.Optional(Type.String({ maxLength: 40 })),
  language: Type.Optional(Type.String({ maxLength: 20 })),
  archived: Type.Optional(Type.Boolean()),
});
export type TemplateQuery = Static<typeof TemplateQuery>;

export const TemplateName = Type.String({ minLength: 1, maxLength: 512, pattern: "^[A-Za-z0-9_:.-]+$" });
const LanguageCode = Type.String({ minLength: 2, maxLength: 20, pattern: "^[A-Za-z_-]+$" });
const Category = Type.Enum(["MARKETING", "UTILITY", "AUTHENTICATION"]);

const written = {
  category: Category,
  parameterFormat: Type.Optional(Type.Enum(["POSITIONAL", "NAMED"])),
  components: Type.Array(TemplateComponent, { maxItems: 20 }),
  timeToLiveSeconds: Type.Optional(Maybe(Type.Integer({ minimum: -1, maximum: 2_592_000 }))),
  buttonSettings: Type.Optional(Type.Array(ButtonSetting, { maxItems: 30 })),
  samples: Type.Optional(TemplateValues),
};

/**
 * `POST /templates`. `provider` is an id. Saved as a draft, which may be unfinished, unless `submit` is true: then it must keep every
 * rule, and goes to Meta; with a generic provider it counts as approved from then on, which is for the caller to know.
 */
export const TemplateInput = Type.Object({
  provider: Type.String({ minLength: 1, maxLength: 64 }),
  name: TemplateName,
  language: LanguageCode,
  ...written,
  submit: Type.Optional(Type.Boolean()),
});
export type TemplateInput = Static<typeof TemplateInput>;

/**
 * A template of a provisioning file, which its provider has approved unless `status` says otherwise. `provider` is a nickname; the default
 * provider when left out.
 */
export const TemplateEntry = Type.Interface([Type.Partial(Type.Object(written))], {
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
  name: TemplateName,
  language: LanguageCode,
  status: Type.Optional(Type.String({ minLength: 1, maxLength: 40 })),
  components: Type.Array(TemplateComponent, { minItems: 1, maxItems: 20 }),
});
export type TemplateEntry = Static<typeof TemplateEntry>;

/**
 * `PATCH /templates/:id`: what is given replaces what was there. Name and language change in drafts only. A change of what Meta has
 * (category, components, time to live) goes to Meta at once, within its rules; samples and button settings never leave Tincan.
 */
export const TemplatePatch = Type.Partial(Type.Object({ name: TemplateName, language: LanguageCode, ...written }));
export type TemplatePatch = Static<typeof TemplatePatch>;

/** `POST /templates/:id/clone`: a draft like it; what is left out stays the same, but for the name, which gets `_copy`. */
export const TemplateCloneInput = Type.Object({
  provider: Type.Optional(Type.String({ minLength: 1, maxLength: 64 })),
  name: Type.Optional(TemplateName),
  language: Type.Optional(LanguageCode),
});
export type TemplateCloneInput = Static<typeof TemplateCloneInput>;

/** `POST /templates/:id/media-sample` (multipart, one file; `?card=0` for a card's header): Meta's handle, already put into the header. */
export const MediaSampleQuery = Type.Object({ card: Type.Optional(Type.Integer({ minimum: 0, maximum: 9 })) });
export type MediaSampleQuery = Static<typeof MediaSampleQuery>;
export const MediaSample = Type.Object({ handle: Type.String(), template: Template });
export type MediaSample = Static<typeof MediaSample>;

/** `POST /templates/import`: asks a generic provider for its templates. Buttons whose link holds `clickDomain` become tracked. */
export const TemplateImportInput = Type.Object({
  providerId: Type.String({ minLength: 1, maxLength: 64 }),
  clickDomain: Type.Optional(Type.String({ minLength: 3, maxLength: 253 })),
});
export type TemplateImportInput = Static<typeof TemplateImportInput>;

const ImportedName = Type.Object({ name: Type.String(), language: Type.String(), category: Type.String(), status: Type.String() });
/** What differs, such as `category` or `components[1].text`. */
const ImportedChange = Type.Object({ field: Type.String(), before: Type.Optional(Type.Unknown()), after: Type.Optional(Type.Unknown()) });

/** A draft whose name and language turned out to be those of a template at the provider. It is kept as it was, under the name `keptAs`. */
export const SetAsideDraft = Type.Object({ id: Type.String(), name: Type.String(), language: Type.String(), keptAs: Type.String() });
export type SetAsideDraft = Static<typeof SetAsideDraft>;

/**
 * The difference between what the provider lists and the registry; nothing is changed yet. `gone` were imported once and are listed no
 * more: applying marks them DELETED. `rejected` could not be read and are left alone. `drafts` say something else than one of `new` that has their
 * name, and will be kept under another name. `id` is what to apply; good for an hour.
 */
export const TemplateImportPreview = Type.Object({
  id: Type.String(),
  providerId: Type.String(),
  pages: Type.Integer(),
  new: Type.Array(ImportedName),
  changed: Type.Array(Type.Interface([ImportedName], { changes: Type.Array(ImportedChange) })),
  gone: Type.Array(ImportedName),
  unchanged: Type.Integer(),
  rejected: Type.Array(Type.Object({ page: Type.Integer(), message: Type.String() })),
  drafts: Type.Array(Type.Object({ name: Type.String(), language: Type.String() })),
});
export type TemplateImportPreview = Static<typeof TemplateImportPreview>;

/** `POST /templates/import/apply`: all of the preview or, when the registry has changed meanwhile, nothing. */
export const TemplateImportApply = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export type TemplateImportApply = Static<typeof TemplateImportApply>;
export const TemplateImportResult = Type.Object({
  added: Type.Integer(),
  updated: Type.Integer(),
  removed: Type.Integer(),
  unchanged: Type.Integer(),
  drafts: Type.Array(SetAsideDraft),
});
export type TemplateImportResult = Static<typeof TemplateImportResult>;

/** Numbers in international form, each a message of its own. */
const TestRecipients = Type.Array(Type.String({ minLength: 6, maxLength: 24, pattern: "^\\+?[0-9 ()-]+$" }), { minItems: 1, maxItems: 10 });

const testTargets = {
  to: Type.Optional(TestRecipients),
  contactIds: Type.Optional(Type.Array(Type.String({ minLength: 1, maxLength: 64 }), { minItems: 1, maxItems: 10 })),
};

/** `POST /templates/:id/test`: sends it now, to numbers or contacts or both. Without `values` the samples are used. */
export const TemplateTestInput = Type.Object({ ...testTargets, values: Type.Optional(TemplateValues) });
export type TemplateTestInput = Static<typeof TemplateTestInput>;

/** `POST /providers/:id/test`: a free-form text; it arrives where the person wrote within the last 24 hours. */
export const ProviderTestInput = Type.Object({ ...testTargets, text: Type.String({ minLength: 1, maxLength: 4096 }) });
export type ProviderTestInput = Static<typeof ProviderTestInput>;

/** One message per recipient; `GET /messages/:id/trace` tells the request, the raw answer, and receipts as they come. */
export const TestResult = Type.Object({ tests: Type.Array(Type.Object({ to: Type.String(), messageId: Type.String() })) });
export type TestResult = Static<typeof TestResult>;
