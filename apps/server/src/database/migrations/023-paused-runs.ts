/** When a campaign's run was paused: a test is given its time without the pause. */
export const pausedRuns = /* sql */ `
alter table campaign_runs add column paused_at timestamptz;
`;
