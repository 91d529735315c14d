import { ApiFailure } from "@tincan/api";
import { notifications } from "@mantine/notifications";
import { type QueryClient, useMutation, useQueryClient } from "@tanstack/react-query";
import type { Topic } from "./api.ts";
import { sayDone } from "./pieces/undo.tsx";

export interface Change<Input, Answer> {
  run: (input: Input) => Promise<Answer>;
  /** What this makes stale. */
  stale: Topic[];
  /**
   * Shows the outcome before the server has answered (see cached-rows.ts) and answers how to take it back, which is done when the server
   * refuses. For changes that hardly ever fail.
   */
  ahead?: (client: QueryClient, input: Input) => Promise<() => void>;
  /** The sentence shown when it worked; none for changes that show by themselves. */
  done?: string | ((answer: Answer, input: Input) => string);
  /** The opposite change, offered beside that sentence; undefined where nothing brings back what was. */
  undo?: (answer: Answer, input: Input) => (() => Promise<unknown>) | undefined;
  onDone?: (answer: Answer, input: Input) => void;
  /** Set when the form shows the failure itself. */
  onFailed?: (failure: ApiFailure) => void;
}

/** Anything thrown, as a failure with a sentence and what to do. */
export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error;
  // Our own errors are sentences; those of the browser, such as a TypeError, are for whoever mends the page.
  const isOurs = error instanceof Error && error.name === "Error";
  return new ApiFailure(0, {
    code: isOurs ? "unexpected" : String(error),
    message: isOurs ? error.message : "Something went wrong in this page.",
    fix: "Reload the page and try again.",
  });
}

export function showFailure(failure: ApiFailure): void {
  notifications.show({ color: "red", title: failure.message, message: failure.fix ?? failure.expected ?? `Code ${failure.code}`, autoClose: 9000 });
}

/** A change made on the server: says how it went and refreshes what it touched. When it failed, nothing of it stays on screen. */
export function useChange<Input, Answer>({ run, stale, ahead, done, undo, onDone, onFailed }: Change<Input, Answer>) {
  const client = useQueryClient();
  const refresh = () => Promise.all(stale.map((topic) => client.invalidateQueries({ queryKey: [topic] })));
  const takingBack = (opposite: (() => Promise<unknown>) | undefined) => opposite && (() => opposite().catch((error: unknown) => showFailure(asFailure(error))).then(refresh));
  return useMutation<Answer, unknown, Input, (() => void) | undefined>({
    mutationFn: run,
    onMutate: (input) => ahead?.(client, input),
    onSuccess: (answer, input) => {
      if (done) sayDone(typeof done === "string" ? done : done(answer, input), takingBack(undo?.(answer, input)));
      onDone?.(answer, input);
      return refresh();
    },
    onError: (error, _, putBack) => {
      putBack?.();
      (onFailed ?? showFailure)(asFailure(error));
      return putBack ? refresh() : undefined;
    },
  });
}
