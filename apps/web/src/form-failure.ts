import type { ApiFailure } from "@tincan/api";

export interface FormLike {
  values: object;
  setFieldError: (field: string, message: string) => void;
}

/** Puts a refusal beside the field it is about. False when the form has no such field: then it must be shown as a whole. */
export function applyFailure(form: FormLike, failure: ApiFailure): boolean {
  const field = failure.field?.replace(/^\//, "").replaceAll("/", ".");
  if (!field || !(field in form.values)) return false;
  const expected = failure.expected ? `Expected ${failure.expected}.` : undefined;
  form.setFieldError(field, [failure.message, expected, failure.fix].filter(Boolean).join(" "));
  return true;
}
