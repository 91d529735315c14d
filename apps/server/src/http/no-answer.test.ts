import { expect, test } from "vitest";
import { whyNoAnswer } from "./no-answer.ts";

const failure = (code: string) => Object.assign(new Error(`connect ${code} 127.0.0.1:9`), { code });

test("a known failure is a sentence that names the other side", () => {
  expect(whyNoAnswer(failure("ECONNREFUSED"))).toBe("Nothing listens at its address");
  expect(whyNoAnswer(failure("ENOTFOUND"), "the provider's")).toBe("The provider's host name does not exist");
});

test("an error that only wraps others is told by what it wraps", () => {
  expect(whyNoAnswer(new AggregateError([failure("ECONNREFUSED"), failure("ENETUNREACH")]))).toBe("Nothing listens at its address");
  expect(whyNoAnswer(new Error("No answer from Meta", { cause: failure("ECONNRESET") }))).toBe("The connection was cut before the answer came");
});

test("an unknown failure keeps its own words, without the full stop that follows them", () => {
  expect(whyNoAnswer(new Error("Invalid mail command.\n550 no such user."))).toBe("Invalid mail command. 550 no such user");
});
