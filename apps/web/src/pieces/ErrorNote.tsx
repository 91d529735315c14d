import { Button } from "@mantine/core";
import { asFailure } from "../change.ts";
import { Note } from "./Note.tsx";

/** A failure in words: what happened, which value, what to do; the code last. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  const failure = asFailure(error);
  // Asking once more changes neither a role nor what is there.
  const mayHelp = failure.status !== 403 && failure.status !== 404;
  const fix = failure.fix ?? (failure.status === 404 ? "It may have been deleted, or its address is of another workspace." : undefined);
  return (
    <Note
      kind="danger"
      announce="alert"
      title={failure.message}
      actions={
        retry && mayHelp ? (
          <Button size="xs" variant="default" onClick={retry}>
            Try again
          </Button>
        ) : null
      }
    >
      {failure.field ? (
        <div>
          Field <b>{failure.field}</b>
          {failure.expected && !failure.message.includes(failure.expected) ? `: expected ${failure.expected}.` : "."}
        </div>
      ) : null}
      {fix ? <div>{fix}</div> : null}
      <div style={{ color: "var(--mantine-color-dimmed)", fontSize: "0.75rem", marginTop: 4 }}>
        {failure.code}
        {failure.status ? ` · HTTP ${failure.status}` : ""}
      </div>
    </Note>
  );
}
