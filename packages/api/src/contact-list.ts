import Type, { type Static } from "typebox";
import { ListQuery, Maybe, Timestamp } from "./list.ts";
import { Name } from "./name.ts";
import { SegmentSort, SegmentUse } from "./segment.ts";

const name = Name(120);
const description = Type.String({ maxLength: 500 });

/**
 * What becomes of a file of people. It is read in the background: running → done, failed when it could not be read to its end, or cancelled
 * when somebody would not have it read on; what its rows had brought by then stays. `bytesRead`
 * of `bytesTotal` tells how far it is (bytes below the header, of the file as it is kept); the counts are those of the rows read. `rows` are those below the header, `matched` the ones that name a contact, `added` people who were not on
 * the list before, `removed` people who were and are not in the file (when it replaces), `created` contacts made for rows that named nobody.
 */
export const ContactListUpload = Type.Object({
  id: Type.String(),
  fileName: Type.String(),
  mode: Type.Enum(["add", "replace"]),
  state: Type.Enum(["running", "done", "failed", "cancelled"]),
  failure: Maybe(Type.String()),
  bytesRead: Type.Integer(),
  bytesTotal: Type.Integer(),
  rows: Type.Integer(),
  matched: Type.Integer(),
  added: Type.Integer(),
  removed: Type.Integer(),
  created: Type.Integer(),
  unmatched: Type.Integer(),
  uploadedBy: Type.String(),
  uploadedAt: Timestamp,
});
export type ContactListUpload = Static<typeof ContactListUpload>;

/** Path of one file of a list. */
export const ContactListUploadParams = Type.Object({ id: Type.String({ minLength: 1, maxLength: 64 }), upload: Type.String({ minLength: 1, maxLength: 64 }) });
export type ContactListUploadParams = Static<typeof ContactListUploadParams>;

/** People put together by hand or from a file. `lastUpload` is the newest file, also while it is being read, and null until there was one. */
export const ContactList = Type.Object({
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  members: Type.Integer(),
  lastUpload: Maybe(ContactListUpload),
  createdBy: Type.String(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type ContactList = Static<typeof ContactList>;

/** `GET /lists/:id`. */
export const ContactListDetail = Type.Interface([ContactList], { usedBy: Type.Array(SegmentUse) });
export type ContactListDetail = Static<typeof ContactListDetail>;

export const ContactListInput = Type.Object({ name, description: Type.Optional(description) });
export type ContactListInput = Static<typeof ContactListInput>;
export const ContactListPatch = Type.Partial(ContactListInput);
export type ContactListPatch = Static<typeof ContactListPatch>;

/** `q` looks in names. */
export const ContactListQuery = Type.Interface([ListQuery], { sort: Type.Optional(SegmentSort) });
export type ContactListQuery = Static<typeof ContactListQuery>;

/** `POST /lists/:id/members` and `POST /lists/:id/members/remove`. */
export const ContactListMembersInput = Type.Object({ contactIds: Type.Array(Type.String({ maxLength: 64 }), { minItems: 1, maxItems: 1000 }) });
export type ContactListMembersInput = Static<typeof ContactListMembersInput>;

/** How many were put on the list or taken off it; `unknown` ids are of nobody. */
export const ContactListMembersChanged = Type.Object({ changed: Type.Integer(), unknown: Type.Array(Type.String()) });
export type ContactListMembersChanged = Static<typeof ContactListMembersChanged>;

/**
 * Query of `POST /lists/:id/upload`, whose body is the file. `column` is the name of the column that says who, else the first one; `by` is what
 * it holds; `country` (ISO 3166) reads numbers written without one. `createMissing` makes contacts of numbers and identities of nobody.
 */
export const ContactListUploadQuery = Type.Object({
  by: Type.Enum(["phone", "identity", "id"]),
  mode: Type.Optional(Type.Enum(["add", "replace"])),
  column: Type.Optional(Type.String({ maxLength: 200 })),
  country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
  createMissing: Type.Optional(Type.Boolean()),
});
export type ContactListUploadQuery = Static<typeof ContactListUploadQuery>;
