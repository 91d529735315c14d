import type { ApiFailure } from "@tincan/api";
import { type FormEvent, useState } from "react";
import { type Change, useChange } from "./change.ts";
import { applyFailure, fieldOf, type FormLike } from "./form-failure.ts";

interface SubmittableForm<Values> extends FormLike {
  onSubmit: (submit: (values: Values) => void, wrong: (errors: Record<string, unknown>) => void) => (event?: FormEvent<HTMLFormElement>) => void;
  getInputNode: (field: string) => HTMLElement | null;
}

interface FormChange<Values, Answer> extends Omit<Change<Values, Answer>, "onFailed"> {
  /** Which fields are wrong, before the first of them takes the focus: the time to open what hides them. */
  onWrong?: (fields: string[]) => void;
}

/**
 * A change that a form makes. What the server refuses stands beside the field it is about, or is answered as `failure`, to be shown above.
 * The first field that is wrong takes the focus.
 */
export function useFormChange<Values, Answer>(form: SubmittableForm<Values>, { onWrong, ...change }: FormChange<Values, Answer>) {
  const [failure, setFailure] = useState<ApiFailure | null>(null);
  const lead = (fields: string[]) => {
    onWrong?.(fields);
    // Its button works no longer by then, and what hid it is open.
    const [first] = fields;
    if (first) setTimeout(() => form.getInputNode(first)?.focus());
  };
  const { mutate, isPending } = useChange({
    ...change,
    onFailed: (failed) => {
      setFailure(applyFailure(form, failed) ? null : failed);
      const field = fieldOf(form, failed);
      if (field) lead([field]);
    },
  });
  const submit = form.onSubmit(
    (values) => {
      setFailure(null);
      mutate(values);
    },
    (errors) => lead(Object.keys(errors)),
  );
  return { failure, submit, busy: isPending };
}
