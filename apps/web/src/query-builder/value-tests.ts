import type { PropertyType, ValueTest } from "@tincan/api";

/*
 * How a value can be tested, by its type, in plain words. A choice is written `type:op`, as a list may offer those of several types.
 */

export type TestType = ValueTest["type"];

/** What must be filled in beside the words. */
export type Fill = "nothing" | "one" | "many" | "range" | "span";

export interface Operator {
  type: TestType;
  op: ValueTest["op"];
  /** As they stand between what is asked about and the value. */
  words: string;
  fill: Fill;
}

const operators: Operator[] = [
  { type: "text", op: "is", words: "is", fill: "one" },
  { type: "text", op: "isNot", words: "is not", fill: "one" },
  { type: "text", op: "in", words: "is one of", fill: "many" },
  { type: "text", op: "notIn", words: "is none of", fill: "many" },
  { type: "text", op: "contains", words: "contains", fill: "one" },
  { type: "text", op: "notContains", words: "does not contain", fill: "one" },
  { type: "text", op: "startsWith", words: "begins with", fill: "one" },
  { type: "number", op: "equals", words: "is", fill: "one" },
  { type: "number", op: "notEquals", words: "is not", fill: "one" },
  { type: "number", op: "atLeast", words: "is at least", fill: "one" },
  { type: "number", op: "moreThan", words: "is more than", fill: "one" },
  { type: "number", op: "atMost", words: "is at most", fill: "one" },
  { type: "number", op: "lessThan", words: "is less than", fill: "one" },
  { type: "number", op: "between", words: "is between", fill: "range" },
  { type: "date", op: "inLast", words: "is in the last", fill: "span" },
  { type: "date", op: "longerAgo", words: "is longer ago than", fill: "span" },
  { type: "date", op: "inNext", words: "is in the next", fill: "span" },
  { type: "date", op: "before", words: "is before", fill: "one" },
  { type: "date", op: "after", words: "is on or after", fill: "one" },
  { type: "date", op: "between", words: "is between", fill: "range" },
  { type: "boolean", op: "isTrue", words: "is yes", fill: "nothing" },
  { type: "boolean", op: "isFalse", words: "is no", fill: "nothing" },
  { type: "list", op: "has", words: "has", fill: "one" },
  { type: "list", op: "hasNot", words: "does not have", fill: "one" },
  { type: "list", op: "hasAny", words: "has any of", fill: "many" },
  { type: "list", op: "hasAll", words: "has all of", fill: "many" },
  { type: "any", op: "known", words: "is known", fill: "nothing" },
  { type: "any", op: "unknown", words: "is not known", fill: "nothing" },
];

export const operatorOf = ({ type, op }: { type: TestType; op: ValueTest["op"] }): Operator => operators.find((one) => one.type === type && one.op === op) ?? operators[0]!;

const typeNames: Record<PropertyType, string> = { text: "Text", number: "Number", boolean: "Yes or no", date: "Date", list: "List" };

interface Choice {
  value: string;
  label: string;
}

const choiceOf = ({ type, op, words }: Operator): Choice => ({ value: `${type}:${op}`, label: words });

/** Everything that can be asked of values of these types; under the name of the type where there are several. */
export function operatorChoice(types: readonly PropertyType[]): (Choice | { group: string; items: Choice[] })[] {
  const ofType = (type: TestType) => operators.filter((one) => one.type === type).map(choiceOf);
  const whatever = ofType("any");
  const [only] = types;
  if (types.length === 1 && only) return [...ofType(only), ...whatever];
  return [...types.map((type) => ({ group: typeNames[type], items: ofType(type) })), { group: "Whatever it is", items: whatever }];
}

/** The operator behind a choice. */
export const chosenOperator = (choice: string): Operator => operators.find((one) => choiceOf(one).value === choice) ?? operators[0]!;

/** The test an operator asks for, with what was filled in before as far as it still fits. */
export function testFor({ type, op, fill }: Operator, before?: ValueTest): ValueTest {
  const same = before?.type === type ? before : undefined;
  // What the parts are is the operator's to say; the union of tests cannot be built member by member.
  return { type, op, ...filled(type, fill, same) } as ValueTest;
}

function filled(type: TestType, fill: Fill, before: ValueTest | undefined): object {
  const blank = type === "number" ? Number.NaN : "";
  switch (fill) {
    case "nothing":
      return {};
    case "one":
      return { value: before && "value" in before ? before.value : before && "values" in before ? (before.values[0] ?? "") : before && "from" in before ? before.from : blank };
    case "many":
      return { values: before && "values" in before ? before.values : before && "value" in before && typeof before.value === "string" && before.value !== "" ? [before.value] : [] };
    case "range":
      return { from: before && "from" in before ? before.from : before && "value" in before ? before.value : blank, to: before && "from" in before ? before.to : blank };
    case "span":
      return before && "n" in before ? { n: before.n, unit: before.unit } : { n: 30, unit: "days" };
  }
}

/** What a new condition begins with. */
export const firstTest = (type: PropertyType): ValueTest => testFor(operators.find((one) => one.type === type) ?? operators[0]!);
