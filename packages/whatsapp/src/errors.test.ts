import { describe, expect, test } from "vitest";
import { errorTable } from "./error-table.ts";
import { clevertapCodeOf, errorBody, explainError, metaError, readError, retryClassOf } from "./errors.ts";

describe("the error table", () => {
  test("every entry has a sentence, a CleverTap code from 1000 to 1010 and an HTTP error status", () => {
    const wrong = Object.entries(errorTable).filter(
      ([, entry]) =>
        !/^[A-Z].*\.\)?$/.test(entry.meaning) ||
        entry.title === "" ||
        entry.clevertapCode < 1000 ||
        entry.clevertapCode > 1010 ||
        entry.httpStatus < 400,
    );
    expect(wrong).toEqual([]);
  });

  test.each([
    [[0, 10, 190, 200, 250], 1000],
    [[100, 131008, 131009, 132000, 132001, 132005, 132007, 132012, 132015, 132016], 1001],
    [[131030], 1002],
    [[80007, 130429, 131048, 131056], 1004],
    [[131026], 1005],
    [[131050], 1006],
    [[131051], 1007],
    [[470, 131047], 1008],
    [[130472, 131049], 1010],
    [[1, 130497, 131000, 131021, 131042, 131053, 999_999], 1009],
  ])("the codes %j are reported to CleverTap as %i", (codes, expected) => {
    expect(codes.filter((code) => explainError(code).clevertapCode !== expected)).toEqual([]);
  });

  test("only answers that prove a refusal for pace are safe to repeat", () => {
    const safe = Object.entries(errorTable).filter(([, entry]) => entry.retry === "backOff" || entry.retry === "pairBackOff");
    expect(safe.map(([code]) => Number(code)).sort((a, b) => a - b)).toEqual([4, 80007, 130429, 131056, 131057, 133004, 2494100]);
  });

  test.each([1, 2, 131000, 131016])("after %i the message may have gone out", (code) => {
    expect(explainError(code).retry).toBe("ambiguous");
  });
});

describe("explaining a code", () => {
  test("ranges, subcodes and unknown codes all get an answer", () => {
    expect(explainError(283)).toMatchObject({ known: true, who: "admin", clevertapCode: 1000 });
    expect(explainError(138_777)).toMatchObject({ known: true, title: "Calling error" });
    expect(explainError(139_500)).toMatchObject({ known: true });
    expect(explainError(190, 463).meaning).toContain("expired");
    expect(explainError(100, 33)).toMatchObject({ who: "admin", retry: "never" });
    expect(explainError(100, 2_388_299)).toMatchObject({ who: "marketer", known: true });
    expect(explainError(2_388_024)).toMatchObject({ title: "Content in this language already exists", clevertapCode: 1001 });
    expect(explainError(Number.NaN)).toMatchObject({ known: false, retry: "never" });
  });

  test("a parameter error about the recipient's number is a bad phone number", () => {
    expect(clevertapCodeOf(metaError(131009, { details: "Recipient phone number is not valid" }))).toBe(1002);
    expect(clevertapCodeOf(metaError(100, { message: "(#100) The parameter text['body'] is required." }))).toBe(1001);
    expect(clevertapCodeOf(metaError(100, { message: "(#100) Param to must be a phone number" }))).toBe(1002);
    expect(clevertapCodeOf(metaError(131009, { details: "index is not valid" }))).toBe(1001);
  });

  test("an undocumented code is judged by status and is_transient, with doubt counting as sent", () => {
    const base = { code: 987_654 };
    expect(retryClassOf({ ...base, httpStatus: 400 })).toBe("never");
    expect(retryClassOf({ ...base, httpStatus: 400, isTransient: true })).toBe("ambiguous");
    expect(retryClassOf({ ...base, httpStatus: 429 })).toBe("backOff");
    expect(retryClassOf({ ...base, httpStatus: 408 })).toBe("ambiguous");
    expect(retryClassOf({ ...base, httpStatus: 503 })).toBe("ambiguous");
    expect(retryClassOf({ code: 132000, httpStatus: 500 })).toBe("never");
  });
});

describe("the error envelope", () => {
  test("writing and reading give the same error back", () => {
    const error = { ...metaError(132000, { details: "body: one is missing" }), fbtraceId: "Trace1", isTransient: false, blameFields: [["name"]] };
    expect(readError(400, JSON.parse(JSON.stringify(errorBody(error))))).toEqual(error);
  });

  test("the message carries code and title as Meta writes them", () => {
    expect(errorBody(metaError(132001, { details: "template name (x) does not exist in en" }), "T")).toEqual({
      error: {
        message: "(#132001) Template name does not exist in the translation",
        type: "OAuthException",
        code: 132001,
        error_data: { messaging_product: "whatsapp", details: "template name (x) does not exist in en" },
        fbtrace_id: "T",
      },
    });
  });

  test.each([["<html>Bad gateway</html>"], [""], [null], [[1]], [{ error: "text" }], [{ error: { code: {} } }]])(
    "the unreadable answer %j becomes an error without a code",
    (body) => {
      expect(readError(502, body)).toMatchObject({ httpStatus: 502, code: -1 });
    },
  );
});
