import Type, { type Static } from "typebox";
import { ListQuery, Maybe, MaybeTimestamp, Timestamp } from "./list.ts";

/**
 * Where an import is. draft (uploaded, being mapped) → checking (dry run) → checked → running → done; or cancelled; or failed, when the
 * file as a whole could not be read further. A draft may be run without a dry run. What ran until a cancellation stays.
 */
export const ImportState = Type.Enum(["draft", "checking", "checked", "running", "done", "cancelled", "failed"]);
export type ImportState = Static<typeof ImportState>;

/** How the values of a custom property are read. A list's values are separated by | or ;. */
export const ImportPropertyType = Type.Enum(["text", "number", "boolean", "date", "list"]);
export type ImportPropertyType = Static<typeof ImportPropertyType>;

const plain = <Kind extends string>(kind: Kind) => Type.Object({ kind: Type.Literal(kind) });

/**
 * What a column becomes. `consent` reads yes / no, in / out, true / false, 1 / 0 and the like for one category, or for all of them
 * (MSG-whatsapp); `doNotDisturb` reads them for the phone number (MSG-dndWhatsApp).
 * Each kind but `skip`, `property` and `consent` may be named once, and each property key and consent category once.
 */
export const ImportTarget = Type.Union([
  plain("skip"),
  plain("identity"),
  plain("name"),
  plain("phone"),
  plain("email"),
  plain("language"),
  plain("timeZone"),
  plain("doNotDisturb"),
  Type.Object({ kind: Type.Literal("consent"), category: Type.Enum(["all", "marketing", "utility", "authentication"]) }),
  Type.Object({ kind: Type.Literal("property"), key: Type.String({ minLength: 1, maxLength: 120 }), type: ImportPropertyType }),
]);
export type ImportTarget = Static<typeof ImportTarget>;

/** A column of the file, counted from 0. `samples` are the first values that are not empty; `guess` is what it seems to be. */
export const ImportColumn = Type.Object({
  index: Type.Integer(),
  name: Type.String(),
  samples: Type.Array(Type.String()),
  guess: ImportTarget,
});
export type ImportColumn = Static<typeof ImportColumn>;

/**
 * What to do with the file. `mapping[i]` is the target of column i. `defaultCountry` (ISO 3166, two letters) reads numbers written without
 * one; null refuses them. `dateOrder` reads dates such as 03/04/2026. `optIn` says what a person without a consent column is: "nobody" changes
 * no consent, the others opt every imported person in to that category, with `consentProof` kept as the reason.
 */
export const ImportSettings = Type.Object({
  mapping: Type.Array(ImportTarget, { maxItems: 300 }),
  defaultCountry: Maybe(Type.String({ pattern: "^[A-Z]{2}$" })),
  dateOrder: Type.Enum(["day-month-year", "month-day-year", "year-month-day"]),
  optIn: Type.Enum(["nobody", "all", "marketing", "utility", "authentication"]),
  consentProof: Maybe(Type.String({ maxLength: 500 })),
});
export type ImportSettings = Static<typeof ImportSettings>;

/** `PATCH /imports/:id`, while it is a draft or checked. A dry run's counts are forgotten. */
export const ImportPatch = Type.Partial(ImportSettings);
export type ImportPatch = Static<typeof ImportPatch>;

/**
 * What became of the rows so far; in a dry run, what would become of them. `merged` rows are about a person whom an earlier row of the file
 * was about already, and are counted there alone; `rejected` rows changed nothing.
 */
export const ImportCounts = Type.Object({
  rows: Type.Integer(),
  created: Type.Integer(),
  updated: Type.Integer(),
  merged: Type.Integer(),
  rejected: Type.Integer(),
});
export type ImportCounts = Static<typeof ImportCounts>;

/** `row` is the line's number in the file as a spreadsheet shows it, the header being 1; `column` is its name, null for the row as a whole. */
export const ImportProblem = Type.Object({
  row: Type.Integer(),
  column: Maybe(Type.String()),
  value: Maybe(Type.String()),
  reason: Type.String(),
});
export type ImportProblem = Static<typeof ImportProblem>;

/**
 * How far it is. `fraction` goes from 0 to 1; `rowsPerSecond` is the speed of late, null while nothing runs; `secondsLeft` is an estimate from
 * both.
 */
export const ImportProgress = Type.Object({
  fraction: Type.Number(),
  rowsPerSecond: Maybe(Type.Number()),
  secondsLeft: Maybe(Type.Number()),
});
export type ImportProgress = Static<typeof ImportProgress>;

const summary = {
  id: Type.String(),
  fileName: Type.String(),
  /** In bytes. */
  size: Type.Integer(),
  state: ImportState,
  createdBy: Type.String(),
  createdAt: Timestamp,
  startedAt: MaybeTimestamp,
  finishedAt: MaybeTimestamp,
  counts: ImportCounts,
  progress: ImportProgress,
  /** Why it failed, as a sentence. */
  failure: Maybe(Type.String()),
};

/** An import as lists show it. */
export const ImportSummary = Type.Object(summary);
export type ImportSummary = Static<typeof ImportSummary>;

/**
 * `GET /imports/:id`, and the answer to everything that changes one. `rows` are the first rows of the file as they are; `dryRun` are the counts
 * of the last complete dry run with these settings, null when there is none; `problems` are the first few of those in `problems.csv`.
 */
export const Import = Type.Object({
  ...summary,
  encoding: Type.Enum(["utf-8", "utf-16le", "utf-16be", "windows-1252"]),
  delimiter: Type.Enum([",", ";", "\t", "|"]),
  columns: Type.Array(ImportColumn),
  rows: Type.Array(Type.Array(Type.String())),
  settings: ImportSettings,
  dryRun: Maybe(ImportCounts),
  problems: Type.Array(ImportProblem),
});
export type Import = Static<typeof Import>;

/** `state` narrows the list to one. `q` looks in the file's name. */
export const ImportQuery = Type.Interface([ListQuery], { state: Type.Optional(ImportState) });
export type ImportQuery = Static<typeof ImportQuery>;
