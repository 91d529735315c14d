import { ApiFailure } from "@tincan/api";
import { notifications } from "@mantine/notifications";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Topic } from "./api.ts";

interface Change<Input, Answer> {
  run: (input: Input) => Promise<Answer>;
  /** What this makes stale. */
  stale: Topic[];
  /** The sentence shown when it worked; none for changes that show by themselves. */
  done?: string | ((answer: Answer, input: Input) => string);
  onDone?: (answer: Answer, input: Input) => void;
  /** Set when the form shows the failure itself. */
  onFailed?: (failure: ApiFailure) => void;
}

/** Anything thrown, as a failure with a sentence and what to do. */
export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  return new ApiFailure(0, {
    code: "unexpected",
    message: error instanceof Error ? error.message : "Something went wrong in this page.",
    fix: "Reload the page and try again.",
  });
}

export function showFailure(failure: ApiFailure): void {
  notifications.show({ color: "red", title: failure.message, message: failure.fix ?? failure.expected ?? `Code ${failure.code}`, autoClose: 9000 });
}

/** A change made on the server: says how it went and refreshes what it touched. */
export function useChange<Input, Answer>({ run, stale, done, onDone, onFailed }: Change<Input, Answer>) {
  const client = useQueryClient();
  return useMutation<Answer, unknown, Input>({
    mutationFn: run,
    onSuccess: (answer, input) => {
      if (done) notifications.show({ color: "deep", message: typeof done === "string" ? done : done(answer, input) });
      onDone?.(answer, input);
      return Promise.all(stale.map((topic) => client.invalidateQueries({ queryKey: [topic] })));
    },
    onError: (error) => (onFailed ?? showFailure)(asFailure(error)),
  });
}
