import Type, { type Static } from "typebox";
import { ListQuery, Timestamp } from "./list.ts";
import { Name } from "./name.ts";

/** A pool of coupon codes, each of which is given to one person. */
export const CouponPool = Type.Object({
  id: Type.String(),
  name: Type.String(),
  /** Codes that nobody has yet, and those given away. */
  free: Type.Integer(),
  given: Type.Integer(),
  createdBy: Type.String(),
  createdAt: Timestamp,
});
export type CouponPool = Static<typeof CouponPool>;

export const CouponPoolInput = Type.Object({ name: Name(120) });
export type CouponPoolInput = Static<typeof CouponPoolInput>;

/** `q` looks in names. */
export const CouponPoolQuery = ListQuery;

/**
 * `POST /coupon-pools/:id/codes`: codes one to a line, or a CSV whose first column holds them (a first line that says "code" is a heading).
 * A code that the pool has already is left alone.
 */
export const CouponCodesInput = Type.Object({ text: Type.String({ minLength: 1, maxLength: 8_000_000 }) });
export type CouponCodesInput = Static<typeof CouponCodesInput>;

/** `refused` are lines that are no code (longer than the 15 characters of a copy-code button, or with a space in them); the first ten of them are named. */
export const CouponCodesAdded = Type.Object({
  added: Type.Integer(),
  known: Type.Integer(),
  refused: Type.Integer(),
  examples: Type.Array(Type.Object({ line: Type.Integer(), text: Type.String() })),
});
export type CouponCodesAdded = Static<typeof CouponCodesAdded>;
