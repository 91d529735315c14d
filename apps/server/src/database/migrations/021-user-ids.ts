/** The number that somebody wrote with before is looked up by WhatsApp's user id, once they no longer share it. */
export const userIds = /* sql */ `
create index inbound_messages_user_id on inbound_messages (workspace_id, sender_user_id, occurred_at) where sender_user_id is not null;
`;
