/**
 * Rules for `{{variables}}` in the texts of a template, and for their examples.
 *
 * Source: Meta, "Template components" and "Template review"; the ratio of words is the working rule of solution providers.
 */
import { asList, asObject, asObjects, asText, type JsonObject } from "../json.ts";
import { variablesIn } from "./variables.ts";

/** One rule that a template breaks. */
export interface Problem {
  /** Where, such as `components[1].text`. Empty for the template as a whole. */
  path: string;
  /** Stable name of the rule, such as `body.length`. */
  rule: string;
  /** The rule in a plain sentence. */
  message: string;
  /** Subcode of code 100 with which Meta refuses it. */
  subcode: number;
}

export type Report = (path: string, rule: string, message: string, subcode?: number) => void;

/** Subcode when nothing more precise applies: missing or malformed component content. */
export const malformedComponent = 2388043;
const wordRatio = 2388293;
const edgeVariable = 2388299;

/** Where a text with variables stands, and how the rules differ there. */
interface VariableText {
  path: string;
  text: string;
  named: boolean;
  /** At most so many variables; undefined = no limit of its own. */
  most?: number;
  /** The rules on first, last and neighbouring variables and on the number of words are for bodies. */
  prose: boolean;
}

/** Checks the braces, names and places of variables; answers the variables found. */
export function checkVariables(report: Report, { path, text, named, most, prose }: VariableText): string[] {
  const stripped = text.replace(/\{\{[^{}]*\}\}/g, "");
  if (/\{\{|\}\}/.test(stripped) || /\{{3}|\}{3}/.test(text)) {
    report(path, "variable.braces", "A variable is written {{1}} or {{name}}: two braces on each side, none inside.");
  }
  const names = variablesIn(text);
  const bad = names.find((name) => !(named ? /^(?!\d+$)[a-z0-9_]+$/ : /^[1-9]\d*$/).test(name));
  if (bad !== undefined) {
    report(path, "variable.format", namingRule(bad, named));
  } else if (!named && names.some((name, index) => Number(name) !== index + 1)) {
    report(path, "variable.numbering", `Variables are numbered 1, 2, 3 without a gap; found ${names.map((name) => `{{${name}}}`).join(", ")}.`);
  }
  if (named && Array.from(text.matchAll(/\{\{/g)).length > names.length) {
    report(path, "variable.unique", "Each named variable appears once.");
  }
  if (most !== undefined && names.length > most) {
    report(path, "variable.count", most === 0 ? "No variable is allowed here." : `At most ${most} variable is allowed here.`);
  }
  if (prose && names.length > 0) checkProse(report, path, text, names.length);
  return names;
}

function namingRule(bad: string, named: boolean): string {
  const shown = `{{${bad}}}`;
  if (named) return `${shown} is not a name: named variables have lowercase letters, digits and underscores, and are never mixed with numbers.`;
  return `${shown} is not a number: positional templates have {{1}}, {{2}} and so on; names need parameter_format "named".`;
}

function checkProse(report: Report, path: string, text: string, count: number): void {
  const trimmed = text.trim();
  if (/^[*_~`]*\{\{/.test(trimmed) || /\}\}[\p{P}\s]*$/u.test(trimmed)) {
    report(path, "variable.edges", "The text may not begin or end with a variable, not even with punctuation after it.", edgeVariable);
  }
  if (/\}\}\s*\{\{/.test(text)) report(path, "variable.neighbours", "Two variables need text between them.");
  const words = text.replace(/\{\{[^{}]*\}\}/g, " ").match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  if (words < 2 * count + 1 && !hasUnspacedScript(text)) {
    report(path, "variable.ratio", `${count} variables need at least ${2 * count + 1} words of fixed text; there are ${words}.`, wordRatio);
  }
}

/** Scripts written without spaces between words: words cannot be counted. */
function hasUnspacedScript(text: string): boolean {
  return /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u.test(text);
}

/** Checks that each variable of a text header or a body has its example. `part` is `header` or `body`. */
export function checkExamples(report: Report, path: string, part: "header" | "body", component: JsonObject, names: string[], named: boolean): void {
  const example = asObject(component["example"]);
  if (named) {
    const member = `${part}_text_named_params`;
    const given = asObjects(example?.[member]);
    const missing = names.filter((name) => !given.some((each) => each["param_name"] === name && asText(each["example"])));
    if (missing.length > 0) {
      const list = missing.map((name) => `{{${name}}}`).join(", ");
      report(`${path}.example.${member}`, "example.missing", `Each variable needs an example; missing for ${list}.`);
    } else if (given.length !== names.length) {
      report(`${path}.example.${member}`, "example.count", `${names.length} variables need ${names.length} examples; ${given.length} are given.`);
    }
    return;
  }
  const member = `${part}_text`;
  const listed = asList(example?.[member]);
  const values = part === "body" && Array.isArray(listed[0]) ? listed[0] : listed;
  const nestedAsNeeded = part === "header" || names.length < 2 || Array.isArray(listed[0]);
  if (names.length > 0 && values.length === 0) {
    report(`${path}.example.${member}`, "example.missing", `Each variable needs an example; ${names.length} are missing.`);
  } else if (values.length !== names.length) {
    report(`${path}.example.${member}`, "example.count", `${names.length} variables need ${names.length} examples; ${values.length} are given.`);
  } else if (!nestedAsNeeded) {
    report(`${path}.example.${member}`, "example.nesting", "Examples of a body are a list inside a list.");
  } else if (!values.every((each) => typeof each === "string" && each !== "")) {
    report(`${path}.example.${member}`, "example.text", "Each example is a text that is not empty.");
  }
}
