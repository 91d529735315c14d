import type { ApiFailure } from "@tincan/api";

export interface FormLike {
  values: object;
  setFieldError: (field: string, message: string) => void;
}

/** The field a refusal is about, as the form names it; undefined when it has no such field. */
export function fieldOf(form: FormLike, failure: ApiFailure): string | undefined {
  const field = failure.field?.replace(/^\//, "").replaceAll("/", ".");
  return field && field in form.values ? field : undefined;
}

/** Puts a refusal beside the field it is about. False when the form has no such field: then it must be shown as a whole. */
export function applyFailure(form: FormLike, failure: ApiFailure): boolean {
  const field = fieldOf(form, failure);
  if (!field) return false;
  const expected = failure.expected && !failure.message.includes(failure.expected) ? `Expected ${failure.expected}.` : undefined;
  form.setFieldError(field, [failure.message, expected, failure.fix].filter(Boolean).join(" "));
  return true;
}
