import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { recordCodes } from "./codes.ts";
import { mutated, uploadRecord } from "./testing/arbitraries.ts";
import {
  buildDateValue,
  buildUpload,
  buildUploadAnswer,
  buildUploadRefusal,
  parseDateValue,
  parseUpload,
  parseUploadAnswer,
  type UploadBatch,
} from "./upload.ts";

type Json = Record<string, unknown>;

function read(...records: unknown[]): UploadBatch {
  const parsed = parseUpload({ d: records });
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const profile = (changes: Json = {}): Json => ({ type: "profile", identity: "p-7", ts: 1_790_000_000, profileData: { Name: "Mina" }, ...changes });
const event = (changes: Json = {}): Json => ({ type: "event", identity: "p-7", evtName: "Parcel_Ready", evtData: { Parcel: "88" }, ...changes });

describe("an upload", () => {
  test("may mix profiles and events", () => {
    expect(read(profile(), event({ $source: "partner-1" })).records).toEqual([
      { position: 1, record: { type: "profile", identifier: { key: "identity", value: "p-7" }, ts: 1_790_000_000, profileData: { Name: "Mina" } } },
      {
        position: 2,
        record: { type: "event", identifier: { key: "identity", value: "p-7" }, evtName: "Parcel_Ready", evtData: { Parcel: "88" }, source: "partner-1" },
      },
    ]);
  });

  test.each(["identity", "objectId", "FBID", "GPID"])("may identify a person by %s", (key) => {
    expect(read({ type: "profile", [key]: "x1", profileData: {} }).records[0]!.record.identifier).toEqual({ key, value: "x1" });
  });

  test("may have an event without data", () => {
    expect(read(event({ evtData: undefined })).records[0]!.record).toMatchObject({ evtData: {} });
  });

  test.each<[string, unknown, number]>([
    ["no event name", event({ evtName: undefined }), 509],
    ["event data that is a list", event({ evtData: [] }), 512],
    ["event data nested too deep to store", event({ evtData: { deep: JSON.parse("[".repeat(5_000) + "]".repeat(5_000)) } }), 512],
    ["a reserved event name", event({ evtName: "notification sent" }), 513],
    ["a reserved event name without spaces", event({ evtName: "AppLaunched" }), 513],
    ["an e-mail address without a host", profile({ profileData: { Email: "mina@" } }), 515],
    ["a phone number without a plus sign", profile({ profileData: { Phone: "919800000011" } }), 516],
    ["a gender nobody has a letter for", profile({ profileData: { Gender: "X" } }), 514],
    ["a gender that is a number", profile({ profileData: { Gender: 1 } }), 514],
    ["an employment that is neither Y nor N", profile({ profileData: { Employed: "maybe" } }), 517],
    ["an employment that is true", profile({ profileData: { Employed: true } }), 517],
    ["another education", profile({ profileData: { Education: "Kindergarten" } }), 518],
    ["a marital status that is neither Y nor N", profile({ profileData: { Married: "widowed" } }), 519],
    ["an age that is a word", profile({ profileData: { Age: "old" } }), 520],
    ["an age below nothing", profile({ profileData: { Age: -1 } }), 520],
    ["an age nobody reaches", profile({ profileData: { Age: 1_975 } }), 520],
    ["257 event properties", event({ evtData: Object.fromEntries(Array.from({ length: 257 }, (_, index) => [`k${index}`, 1])) }), 522],
    ["no identity", profile({ identity: undefined }), 523],
    ["an empty identity", profile({ identity: "" }), 523],
    ["another type", profile({ type: "group" }), 524],
    ["no profile data", profile({ profileData: undefined }), 524],
    ["a NUL among its values", profile({ profileData: { Name: "a\0b" } }), 524],
    ["a number instead of a record", 5, 524],
    ["a timestamp of 0", profile({ ts: 0 }), 525],
    ["a timestamp in milliseconds", profile({ ts: 1_790_000_000_000 }), 525],
  ])("leaves out a record with %s", (_name, record, code) => {
    const { records, unprocessed } = read(event(), record);
    expect(records).toHaveLength(1);
    expect(unprocessed).toHaveLength(1);
    expect(unprocessed[0]).toMatchObject({ code });
    expect(unprocessed[0]!.error).toContain("Skipped record number : 2");
    expect(Object.keys(recordCodes)).toContain(String(code));
  });

  test.each([
    ["Gender", ["M", "F", "O", "U", "male", "Female", "others", "m"]],
    ["Employed", ["Y", "N", "y"]],
    ["Education", ["School", "College", "Graduate", "graduate"]],
    ["Married", ["Y", "N"]],
    ["Age", [0, 28, "28", 28.5]],
  ])("takes a %s of %j", (key, values) => {
    const records = [...values, null, { $delete: 1 }].map((value) => profile({ profileData: { [key]: value } }));
    expect(read(...records).unprocessed).toEqual([]);
  });

  test("checks a standard field by its own spelling: another is the account's", () => {
    expect(read(profile({ profileData: { gender: "X", age: "old", "Marital status": "widowed" } })).unprocessed).toEqual([]);
  });

  test("gives back a left-out record as it was sent", () => {
    expect(read(profile({ ts: 0 })).unprocessed[0]!.record).toEqual(profile({ ts: 0 }));
  });

  test.each([
    ["no list", {}, "d"],
    ["1,001 records", { d: Array.from({ length: 1001 }, () => event()) }, "d"],
    ["a list at the top", [event()], "body"],
  ])("with %s is refused whole", (_name, json, field) => {
    const parsed = parseUpload(json);
    expect(!parsed.ok && parsed.error).toMatchObject({ field, code: 400 });
  });

  test("reads as it was built", () => {
    fc.assert(
      fc.property(fc.array(uploadRecord, { maxLength: 4 }), (records) => {
        expect(parseUpload(JSON.parse(JSON.stringify(buildUpload(records))))).toEqual({
          ok: true,
          value: { records: records.map((record, index) => ({ position: index + 1, record })), unprocessed: [] },
        });
      }),
      { numRuns: 300 },
    );
  });

  test("of any JSON gives records, answers for records, or an error that names a field", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(fc.array(uploadRecord, { maxLength: 3 }).map(buildUpload))), (json) => {
        const parsed = parseUpload(json);
        const codes = parsed.ok ? parsed.value.unprocessed.map((each) => String(each.code)) : [];
        expect(parsed.ok || parsed.error.field !== "").toBe(true);
        expect(codes.filter((code) => !Object.hasOwn(recordCodes, code))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });
});

describe("the answer to an upload", () => {
  const skipped = { code: 516, error: "bad phone. Skipped record number : 2", record: { type: "profile" } };

  test("is success when every record was processed", () => {
    expect(buildUploadAnswer(2, [])).toEqual({ status: "success", processed: 2, unprocessed: [] });
  });

  test("is partial when some were", () => {
    expect(buildUploadAnswer(1, [skipped])).toEqual({ status: "partial", processed: 1, unprocessed: [{ status: "fail", ...skipped }] });
  });

  test("is fail when none was", () => {
    expect(buildUploadAnswer(0, [skipped]).status).toBe("fail");
  });

  test("to bad credentials repeats the HTTP status", () => {
    expect(buildUploadRefusal(401, "wrong passcode")).toEqual({ status: "fail", error: "wrong passcode", code: 401 });
  });

  test("reads as it was built", () => {
    expect(parseUploadAnswer(buildUploadAnswer(1, [skipped]))).toEqual({ ok: true, value: { kind: "processed", processed: 1, unprocessed: [skipped] } });
    expect(parseUploadAnswer(buildUploadRefusal(401, "wrong passcode"))).toEqual({ ok: true, value: { kind: "refused", code: 401, error: "wrong passcode" } });
  });

  test("of any JSON gives an outcome or an error that names a field", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(fc.constant(buildUploadAnswer(1, [skipped])))), (json) => {
        const parsed = parseUploadAnswer(json);
        expect(parsed.ok || parsed.error.field !== "").toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a date property", () => {
  test("is written with its own prefix", () => {
    expect(buildDateValue(1_790_000_000.5)).toBe("$D_1790000000");
  });

  test.each([["$D_1790000000", 1_790_000_000], ["$D_-86400", -86_400], ["$D_", null], ["$D_soon", null], ["1790000000", null], [1_790_000_000, null]])(
    "of %j reads as %s",
    (value, seconds) => {
      expect(parseDateValue(value)).toBe(seconds);
    },
  );
});
