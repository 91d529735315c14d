import Type, { type Static } from "typebox";
import { ConsentCategory } from "./consent.ts";
import { ContactSource, PropertyType } from "./contact.ts";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";
import { Name } from "./name.ts";

/*
 * A segment is a question about people. It is a tree: `{all: […]}`, `{any: […]}` and `{not: …}` around conditions, which are told apart by
 * their `kind`. docs/segments.md tells what each means. A tree is at most five groups deep and has at most fifty conditions.
 */

export const SEGMENT_DEPTH = 5;
export const SEGMENT_CONDITIONS = 50;

const Text = Type.String({ minLength: 1, maxLength: 512 });
const Texts = Type.Array(Text, { minItems: 1, maxItems: 1000 });
const strict = { additionalProperties: false } as const;

/** A length of time. Months have 30 days, so that every one is as long as any other. */
export const TimeUnit = Type.Enum(["minutes", "hours", "days", "weeks", "months"]);
export type TimeUnit = Static<typeof TimeUnit>;
const span = { n: Type.Integer({ minimum: 1, maximum: 10_000 }), unit: TimeUnit };

/** What a value is compared with. Case does not matter in texts. A missing value passes only `unknown` and the tests that say not. */
export const TextTest = Type.Union([
  Type.Object({ type: Type.Literal("text"), op: Type.Enum(["is", "isNot", "contains", "notContains", "startsWith"]), value: Text }, strict),
  Type.Object({ type: Type.Literal("text"), op: Type.Enum(["in", "notIn"]), values: Texts }, strict),
]);
export type TextTest = Static<typeof TextTest>;

/** `between` has both ends in it. */
export const NumberTest = Type.Union([
  Type.Object({ type: Type.Literal("number"), op: Type.Enum(["equals", "notEquals", "lessThan", "atMost", "moreThan", "atLeast"]), value: Type.Number() }, strict),
  Type.Object({ type: Type.Literal("number"), op: Type.Literal("between"), from: Type.Number(), to: Type.Number() }, strict),
]);
export type NumberTest = Static<typeof NumberTest>;

/** `after` and `between` begin with the time given; `before` and `between` end just before it. `inLast` and `inNext` count from now, `longerAgo` is all before `inLast`. */
export const DateTest = Type.Union([
  Type.Object({ type: Type.Literal("date"), op: Type.Enum(["before", "after"]), value: Timestamp }, strict),
  Type.Object({ type: Type.Literal("date"), op: Type.Literal("between"), from: Timestamp, to: Timestamp }, strict),
  Type.Object({ type: Type.Literal("date"), op: Type.Enum(["inLast", "longerAgo", "inNext"]), ...span }, strict),
]);
export type DateTest = Static<typeof DateTest>;

export const BooleanTest = Type.Object({ type: Type.Literal("boolean"), op: Type.Enum(["isTrue", "isFalse"]) }, strict);
export type BooleanTest = Static<typeof BooleanTest>;

/** Of a list's items: one of them is, none is, any or all of several are among them. */
export const ListTest = Type.Union([
  Type.Object({ type: Type.Literal("list"), op: Type.Enum(["has", "hasNot"]), value: Text }, strict),
  Type.Object({ type: Type.Literal("list"), op: Type.Enum(["hasAny", "hasAll"]), values: Texts }, strict),
]);
export type ListTest = Static<typeof ListTest>;

/** Whether there is a value at all. */
export const PresenceTest = Type.Object({ type: Type.Literal("any"), op: Type.Enum(["known", "unknown"]) }, strict);
export type PresenceTest = Static<typeof PresenceTest>;

export const ValueTest = Type.Union([TextTest, NumberTest, DateTest, BooleanTest, ListTest, PresenceTest]);
export type ValueTest = Static<typeof ValueTest>;

export const SegmentTextField = Type.Enum(["name", "phone", "email", "identity", "language", "timeZone", "source"]);
export type SegmentTextField = Static<typeof SegmentTextField>;
export const SegmentDateField = Type.Enum(["createdAt", "lastSeenAt"]);
export type SegmentDateField = Static<typeof SegmentDateField>;
export const SegmentField = Type.Enum(["name", "phone", "email", "identity", "language", "timeZone", "source", "createdAt", "lastSeenAt"]);
export type SegmentField = Static<typeof SegmentField>;

/** A standard field: texts take text tests, createdAt and lastSeenAt take date tests, all of them known and unknown. */
export const FieldCondition = Type.Object({ kind: Type.Literal("field"), field: SegmentField, test: ValueTest }, strict);
export type FieldCondition = Static<typeof FieldCondition>;

/** A custom property; the test must be of its type. */
export const PropertyCondition = Type.Object({ kind: Type.Literal("property"), key: Type.String({ minLength: 1, maxLength: 120 }), test: ValueTest }, strict);
export type PropertyCondition = Static<typeof PropertyCondition>;

/** allowed: may get messages of the category now · optedOut: a word of theirs says no to it · notOptedIn: nobody ever said yes. */
export const ConsentCondition = Type.Object({ kind: Type.Literal("consent"), category: ConsentCategory, is: Type.Enum(["allowed", "optedOut", "notOptedIn"]) }, strict);
export type ConsentCondition = Static<typeof ConsentCondition>;

/** Whether the person's number takes nothing at all. */
export const DoNotDisturbCondition = Type.Object({ kind: Type.Literal("doNotDisturb"), is: Type.Boolean() }, strict);
export type DoNotDisturbCondition = Static<typeof DoNotDisturbCondition>;

export const ListCondition = Type.Object({ kind: Type.Literal("list"), listId: Type.String({ maxLength: 64 }), in: Type.Boolean() }, strict);
export type ListCondition = Static<typeof ListCondition>;

export const SegmentCondition = Type.Object({ kind: Type.Literal("segment"), segmentId: Type.String({ maxLength: 64 }), in: Type.Boolean() }, strict);
export type SegmentCondition = Static<typeof SegmentCondition>;

/** When it happened: in the last so long, or from (then on) to (just before). */
export const EventPeriod = Type.Union([
  Type.Object({ last: Type.Object(span, strict) }, strict),
  Type.Object({ from: Type.Optional(Timestamp), to: Type.Optional(Timestamp) }, strict),
]);
export type EventPeriod = Static<typeof EventPeriod>;

/** A property of the event. */
export const EventFilter = Type.Object({ key: Type.String({ minLength: 1, maxLength: 120 }), test: ValueTest }, strict);
export type EventFilter = Static<typeof EventFilter>;

/** How often; whoever never did it did it 0 times. */
export const EventCount = Type.Object({ op: Type.Enum(["atLeast", "atMost", "exactly"]), n: Type.Integer({ minimum: 0, maximum: 1_000_000 }) }, strict);
export type EventCount = Static<typeof EventCount>;

/**
 * What somebody did. Only events that pass every filter of `where` count. With `which` first or last, that one event must lie in `within`;
 * otherwise the events in `within` (ever, when left out) are counted, and there must be at least one, or as many as `count` says.
 * `did: false` is the exact opposite.
 */
export const EventCondition = Type.Object(
  {
    kind: Type.Literal("event"),
    name: Type.String({ minLength: 1, maxLength: 120 }),
    did: Type.Boolean(),
    which: Type.Optional(Type.Enum(["first", "last"])),
    count: Type.Optional(EventCount),
    within: Type.Optional(EventPeriod),
    where: Type.Optional(Type.Array(EventFilter, { maxItems: 10 })),
  },
  strict,
);
export type EventCondition = Static<typeof EventCondition>;

/** Every kind of condition, by its kind. */
export const segmentConditions = {
  field: FieldCondition,
  property: PropertyCondition,
  consent: ConsentCondition,
  doNotDisturb: DoNotDisturbCondition,
  list: ListCondition,
  segment: SegmentCondition,
  event: EventCondition,
} as const;

export type SegmentLeaf = FieldCondition | PropertyCondition | ConsentCondition | DoNotDisturbCondition | ListCondition | SegmentCondition | EventCondition;

/** The tree. `{all: []}` is everybody, `{any: []}` nobody. */
export type SegmentQuery = SegmentLeaf | { all: SegmentQuery[] } | { any: SegmentQuery[] } | { not: SegmentQuery };

/** Its nodes are checked one by one with the schemas above: a schema that holds itself could say neither how deep nor which part is wrong. */
export const SegmentQuery = Type.Unsafe<SegmentQuery>(
  Type.Object(
    {},
    {
      additionalProperties: true,
      description:
        'A tree of {"all": […]}, {"any": […]} and {"not": …} around conditions told apart by `kind`: field, property, consent, doNotDisturb, list, segment, event. See docs/segments.md.',
      examples: [{ all: [{ kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } }, { kind: "event", name: "Order placed", did: true, within: { last: { n: 30, unit: "days" } } }] }],
    },
  ),
);

/** Numbers typed in, in E.164. */
export const AUDIENCE_PHONES = 10_000;

const part = {
  segmentId: Type.Object({ segmentId: Type.String({ maxLength: 64 }) }, strict),
  listId: Type.Object({ listId: Type.String({ maxLength: 64 }) }, strict),
  everyone: Type.Object({ everyone: Type.Literal(true) }, strict),
  phones: Type.Object({ phones: Type.Array(Type.String({ maxLength: 40 }), { minItems: 1, maxItems: AUDIENCE_PHONES }) }, strict),
  query: Type.Object({ query: SegmentQuery }, strict),
};

/** Some people: a saved segment, a list, everybody, typed numbers, or a query that is not saved. */
export const AudiencePart = Type.Union([part.segmentId, part.listId, part.everyone, part.phones, part.query]);
export type AudiencePart = Static<typeof AudiencePart>;

const except = { except: Type.Optional(Type.Array(AudiencePart, { maxItems: 20 })) };

/** Who something is for: some people, without those of `except`. */
export const Audience = Type.Union([
  Type.Object({ ...part.segmentId.properties, ...except }, strict),
  Type.Object({ ...part.listId.properties, ...except }, strict),
  Type.Object({ ...part.everyone.properties, ...except }, strict),
  Type.Object({ ...part.phones.properties, ...except }, strict),
  Type.Object({ ...part.query.properties, ...except }, strict),
]);
export type Audience = Static<typeof Audience>;

/** `POST /segments/count`. `missing` are typed numbers that no contact has (at most a hundred of them), `missingCount` how many they are. */
export const AudienceCount = Type.Object({ count: Type.Integer(), countedAt: Timestamp, missingCount: Type.Integer(), missing: Type.Array(Type.String()) });
export type AudienceCount = Static<typeof AudienceCount>;

/** `POST /segments/sample`. */
export const AudienceSampleQuery = Type.Object({ limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 50, default: 10 })) });
export type AudienceSampleQuery = Static<typeof AudienceSampleQuery>;

const name = Name(120);
const description = Type.String({ maxLength: 500 });

/** What uses a segment or a list, and so keeps it from being deleted. */
export const SegmentUse = Type.Object({ kind: Type.Enum(["segment", "campaign", "journey"]), id: Type.String(), name: Type.String() });
export type SegmentUse = Static<typeof SegmentUse>;

/** `count` is how many people it held at `countedAt`; both are null until it is counted after a change. */
export const Segment = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  query: SegmentQuery,
  count: Maybe(Type.Integer()),
  countedAt: MaybeTimestamp,
  createdBy: Type.String(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
  archivedAt: MaybeTimestamp,
});
export type Segment = Static<typeof Segment>;

/** `GET /segments/:id`. */
export const SegmentDetail = Type.Interface([Segment], { usedBy: Type.Array(SegmentUse) });
export type SegmentDetail = Static<typeof SegmentDetail>;

export const SegmentInput = Type.Object({ name, description: Type.Optional(description), query: SegmentQuery });
export type SegmentInput = Static<typeof SegmentInput>;
export const SegmentPatch = Type.Partial(SegmentInput);
export type SegmentPatch = Static<typeof SegmentPatch>;
export const SegmentCloneInput = Type.Object({ name });
export type SegmentCloneInput = Static<typeof SegmentCloneInput>;

/** newest and oldest go by when it was made. */
export const SegmentSort = Type.Enum(["newest", "oldest", "name"]);
export type SegmentSort = Static<typeof SegmentSort>;

/** `archived` shows the archive instead. `q` looks in names. */
export const SegmentListQuery = Type.Interface([ListQuery], { sort: Type.Optional(SegmentSort), archived: Type.Optional(Type.Boolean()) });
export type SegmentListQuery = Static<typeof SegmentListQuery>;

/** `GET /segments/fields`: what a query can ask about. `types` are those seen in recent events. */
export const SegmentFields = Type.Object({
  fields: Type.Array(Type.Object({ field: SegmentField, type: Type.Enum(["text", "date"]), values: Type.Optional(Type.Array(ContactSource)) })),
  properties: Type.Array(Type.Object({ key: Type.String(), type: PropertyType, contacts: Type.Integer() })),
  events: Type.Array(Type.Object({ name: Type.String(), properties: Type.Array(Type.Object({ key: Type.String(), types: Type.Array(PropertyType) })) })),
});
export type SegmentFields = Static<typeof SegmentFields>;
