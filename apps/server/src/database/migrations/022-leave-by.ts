/**
 * Until when a message may leave: quiet hours, or a campaign's cut-off, come then. A lane passes by what is later; the campaign puts it off or
 * gives it up.
 */
export const leaveBy = /* sql */ `
alter table outbox add column leave_by timestamptz;
`;
