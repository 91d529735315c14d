import { useQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { api } from "../../../api.ts";
import { Loaded } from "../../../pieces/Loaded.tsx";
import { Note } from "../../../pieces/Note.tsx";
import { Page } from "../../../pieces/Page.tsx";
import { sayDone } from "../../../pieces/undo.tsx";
import { useMay } from "../../../session.ts";
import { usesWords } from "./uses.ts";
import { SegmentEditor } from "./SegmentEditor.tsx";
import { segmentQuery } from "./segment-query.ts";

/** Changes a segment. Whatever uses it takes the new people from then on, so that is said first. */
export default function EditSegmentPage() {
  const { id } = useParams({ from: "/rooms/people/segments/$id/edit" });
  const navigate = useNavigate();
  const mayWrite = useMay("segments.write");
  const segment = useQuery(segmentQuery(id));
  const leave = () => void navigate({ to: "/people/segments/$id", params: { id } });
  return (
    <Page title={segment.data ? `Edit ${segment.data.name}` : "Edit segment"} parent={{ to: `/people/segments/${id}`, label: segment.data?.name ?? "Segment" }}>
      {mayWrite ? (
        <Loaded query={segment} height={420}>
          {(loaded) => (
            <>
              {loaded.usedBy.length > 0 ? (
                <div style={{ marginBottom: 20 }}>
                  <Note kind="warm" title={`Used by ${usesWords(loaded.usedBy)}`}>
                    Once you save, they go to the people whom the new conditions find.
                  </Note>
                </div>
              ) : null}
              <SegmentEditor
                key={loaded.id}
                from={loaded}
                segmentId={loaded.id}
                save={(input) => api.segments.update(loaded.id, input)}
                onSaved={({ name }) => {
                  sayDone(`${name} is saved`);
                  leave();
                }}
                onCancel={leave}
              />
            </>
          )}
        </Loaded>
      ) : (
        <Note kind="info" title="Your role may look at segments, not change them">
          Ask an admin of the workspace.
        </Note>
      )}
    </Page>
  );
}
