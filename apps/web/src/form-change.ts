import type { ApiFailure } from "@tincan/api";
import { type FormEvent, useState } from "react";
import { type Change, useChange } from "./change.ts";
import { applyFailure, type FormLike } from "./form-failure.ts";

interface SubmittableForm<Values> extends FormLike {
  onSubmit: (submit: (values: Values) => void) => (event?: FormEvent<HTMLFormElement>) => void;
}

/** A change that a form makes. What the server refuses stands beside the field it is about, or is answered as `failure`, to be shown above. */
export function useFormChange<Values, Answer>(form: SubmittableForm<Values>, change: Omit<Change<Values, Answer>, "onFailed">) {
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const { mutate, isPending } = useChange({ ...change, onFailed: (failed) => setFailure(applyFailure(form, failed) ? null : failed) });
  const submit = form.onSubmit((values) => {
    setFailure(null);
    mutate(values);
  });
  return { failure, submit, busy: isPending };
}
