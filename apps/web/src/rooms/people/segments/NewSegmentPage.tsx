import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../../api.ts";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { examples } from "./examples.ts";
import { queryOf } from "./from-contacts.ts";
import { SegmentEditor } from "./SegmentEditor.tsx";

/** Builds a segment: from nothing, from an example, or from the filters of the contacts' list. */
export default function NewSegmentPage() {
  const { example, ...filters } = useSearch({ from: "/rooms/people/segments/new" });
  const navigate = useNavigate();
  const mayWrite = useMay("segments.write");
  const properties = useQuery({ queryKey: ["contacts", "properties"], queryFn: ({ signal }) => api.contacts.properties(signal) });
  const chosen = examples.find(({ key }) => key === example);
  return (
    <Page title="New segment" parent={{ to: "/people/segments", label: "Segments" }} description="Say what must be true of people. They are counted while you build.">
      {mayWrite ? (
        <Loaded query={properties} height={420}>
          {({ items }) => (
            <SegmentEditor
              from={chosen ? { name: chosen.name, description: "", query: chosen.query } : { name: "", description: "", query: queryOf(filters, items) }}
              save={(input) => api.segments.create(input)}
              onSaved={(segment) => {
                sayDone(`${segment.name} is saved`);
                void navigate({ to: "/people/segments/$id", params: { id: segment.id } });
              }}
              onCancel={() => void navigate({ to: "/people/segments" })}
            />
          )}
        </Loaded>
      ) : (
        <Note kind="info" title="Your role may look at segments, not make them">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}
