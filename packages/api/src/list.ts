import Type, { type Static, type TSchema } from "typebox";

/** A point in time: ISO 8601 in UTC with milliseconds, e.g. `2026-11-22T10:15:30.120Z`. */
export const Timestamp = Type.String({ format: "date-time" });

/** A time that may not have come yet. */
export const MaybeTimestamp = Type.Union([Timestamp, Type.Null()]);

/** A value that may be missing; `null` rather than an absent key, so that every answer has the same members. */
export const Maybe = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);

/** One page of a list. `next` goes back as `after` to read the page that follows; `null` at the end. */
export const List = <T extends TSchema>(item: T) => Type.Object({ items: Type.Array(item), next: Maybe(Type.String()) });
export type List<T> = { items: T[]; next: string | null };

/** Query members that every list takes. `limit` counts items; `q` searches the fields a person would look for. */
export const ListQuery = Type.Object({
  limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200, default: 50, description: "Items on a page." })),
  after: Type.Optional(Type.String({ maxLength: 500, description: "The `next` of the page before." })),
  q: Type.Optional(Type.String({ maxLength: 200, description: "What to search for." })),
});
export type ListQuery = Static<typeof ListQuery>;

/** An id as the API gives it; whoever is to compare ids in the database may ask whether a text is one at all. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Path of a single thing. */
export const IdParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }) });
export type IdParams = Static<typeof IdParams>;
