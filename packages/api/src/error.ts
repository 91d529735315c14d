import Type, { type Static } from "typebox";
import { Maybe } from "./list.ts";

/**
 * What somebody else's endpoint answered, as it came: `status` null when no answer came at all, `body` cut to 8,000 characters,
 * `ms` the time until the whole answer was read or waiting for it ended.
 */
export const RawAnswer = Type.Object({ status: Maybe(Type.Integer()), contentType: Maybe(Type.String()), body: Type.String(), ms: Type.Number() });
export type RawAnswer = Static<typeof RawAnswer>;

/**
 * The body of every answer that is not a success. `code` is stable and safe to decide on, `message` says what happened,
 * `fix` what to do about it. `field` and `expected` are set when one value of the request is at fault, `answer` when an endpoint
 * that was asked meanwhile did not answer as it should.
 */
export const ErrorBody = Type.Object({
  error: Type.Object({
    code: Type.String(),
    message: Type.String(),
    field: Type.Optional(Type.String()),
    expected: Type.Optional(Type.String()),
    fix: Type.Optional(Type.String()),
    answer: Type.Optional(RawAnswer),
  }),
});
export type ErrorBody = Static<typeof ErrorBody>;
