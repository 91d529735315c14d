/**
 * Indexes that begin with what is looked for instead of the workspace. Only the primary key then begins with it, so a look-up by id,
 * planned while its table was empty and every index as good as any other, has but one to choose.
 */
export const lookups = `
drop index messages_recipient;
create index messages_recipient on messages (recipient, workspace_id, id);
drop index callbacks_by_message;
create index callbacks_by_message on callbacks (message_id, workspace_id, id);
`;
