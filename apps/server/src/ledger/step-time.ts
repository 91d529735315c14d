import type { MessageStep } from "@tincan/api";

/** SQL for when a message took the step that `step` names; null when it never did. A receipt may be there before the answer is stored. */
export function stepTime(step: string, messages: string): string {
  const columns: Record<MessageStep, string> = {
    submitted: `coalesce(${messages}.submitted_at, ${messages}.sent_at)`,
    sent: `${messages}.sent_at`,
    delivered: `${messages}.delivered_at`,
    read: `${messages}.read_at`,
    clicked: `${messages}.clicked_at`,
    failed: `${messages}.failed_at`,
  };
  return `case ${step} ${Object.entries(columns).map(([name, time]) => `when '${name}' then ${time}`).join(" ")} end`;
}
