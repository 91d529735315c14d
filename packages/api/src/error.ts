import Type, { type Static } from "typebox";

/**
 * The body of every answer that is not a success. `code` is stable and safe to decide on, `message` says what happened,
 * `fix` what to do about it. `field` and `expected` are set when one value of the request is at fault.
 */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    expected: Type.Optional(Type.String()),
    fix: Type.Optional(Type.String()),
  }),
});
export type ErrorBody = Static<typeof ErrorBody>;
