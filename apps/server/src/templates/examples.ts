/** Reading the examples a template was approved with, in any of the shapes Meta lists them in. */
import type { TemplateComponent } from "@tincan/api";

/** The first component of a type, whatever the case of its name. */
export function componentOf(components: readonly TemplateComponent[], type: string): TemplateComponent | undefined {
  return components.find((each) => each.type.toUpperCase() === type);
}

/** Of a body: `[["Ravi", "42"]]`, `["Ravi", "42"]`, or named examples, in the order they are listed. */
export function bodyExamples(example: Record<string, unknown> | undefined): string[] {
  const listed = example?.["body_text"];
  const row: unknown = Array.isArray(listed) && Array.isArray(listed[0]) ? listed[0] : listed;
  return Array.isArray(row) ? row.map(String) : namedExamples(example?.["body_text_named_params"]);
}

/** Of a text header's one variable. */
export function headerExample(example: Record<string, unknown> | undefined): string | undefined {
  return firstText(example?.["header_text"]) ?? namedExamples(example?.["header_text_named_params"])[0];
}

/** The address of a media header's sample, as listed. */
export function mediaExample(example: Record<string, unknown> | undefined): string | undefined {
  return firstText(example?.["header_handle"]);
}

/** A text, or the first of a list of texts; undefined when it is empty or of another kind. */
export function firstText(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  return typeof one === "string" && one !== "" ? one : undefined;
}

function namedExamples(list: unknown): string[] {
  return Array.isArray(list) ? list.flatMap((each: { example?: unknown } | null) => (typeof each?.example === "string" ? [each.example] : [])) : [];
}
