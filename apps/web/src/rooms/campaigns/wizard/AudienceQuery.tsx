import { Input } from "@mantine/core";
import type { ApiFailure, SegmentQuery } from "@tincan/api";
import { useState } from "react";
import { draftOf, readDraft } from "../../../query-builder/draft.ts";
import { QueryBuilder } from "../../../query-builder/QueryBuilder.tsx";

interface Props {
  query: SegmentQuery;
  /** Hears the query as far as it goes. */
  onChange: (query: SegmentQuery) => void;
  /** What the server said against it when it counted. */
  failure: ApiFailure | null;
  /** What stands against the audience, once the step was left. */
  error: string | null;
}

/** A query about people that belongs to this campaign and is no segment. */
export function AudienceQuery({ query, onChange, failure, error }: Props) {
  const [draft, setDraft] = useState(() => draftOf(query));
  const isComplete = readDraft(draft).query !== null;
  return (
    <div>
      <QueryBuilder
        value={draft}
        onChange={(next) => {
          setDraft(next);
          onChange(readDraft(next).soFar);
        }}
        failure={failure}
        showMissing={error !== null}
      />
      {error && isComplete && failure === null ? <Input.Error mt={6}>{error}</Input.Error> : null}
    </div>
  );
}
