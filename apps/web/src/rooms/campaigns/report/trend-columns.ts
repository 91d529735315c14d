/** What a trend shows, in the order a message goes through it. */
export const trendColumns = [
  { key: "sent", label: "Sent" },
  { key: "delivered", label: "Delivered" },
  { key: "read", label: "Read" },
  { key: "clicked", label: "Clicked" },
  { key: "replied", label: "Replied" },
  { key: "failed", label: "Failed" },
] as const;
