/** The pages of the reports, in the order of their bar. */
export const reportRooms = [
  { to: "/reports", label: "Overview" },
  { to: "/reports/best-hours", label: "Best hours" },
  { to: "/reports/exports", label: "Exports" },
  { to: "/reports/scheduled", label: "Scheduled reports" },
  { to: "/reports/rate-card", label: "Rate card" },
] as const;
