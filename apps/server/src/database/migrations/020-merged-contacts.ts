/**
 * Contacts that became part of others. What was stored under the id of one that went stays as it is: a campaign's message, an answer, a code.
 * Whoever asks whose it is looks here. `contact_id` is always somebody who is there: it moves on when they are merged in turn, and the rows go
 * with them when they are deleted.
 */
export const mergedContacts = /* sql */ `
create table merged_contacts (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  -- The number (E.164) that nobody had any more then; null when the one that stayed has it.
  phone text collate "C",
  primary key (workspace_id, id)
);
create index merged_contacts_into on merged_contacts (contact_id, workspace_id);
`;
