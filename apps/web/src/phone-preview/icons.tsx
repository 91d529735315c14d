import type { BubbleButton, BubbleHeader } from "./bubble.ts";

/** Strokes of 24 × 24, drawn in the colour of the text around them. */
const paths: Record<Exclude<BubbleButton["kind"], "other"> | "image" | "video" | "document" | "audio" | "pin" | "gift" | "person", string> = {
  reply: "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7",
  url: "M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5",
  phone: "M6 3h3l2 5-2.5 1.5a11 11 0 0 0 6 6L16 13l5 2v3a3 3 0 0 1-3 3A15 15 0 0 1 3 6a3 3 0 0 1 3-3",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  flow: "M6 3h12v18H6zM9 8h6M9 12h6M9 16h3",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 2-2 5 5M15 9h.01",
  video: "M4 6h11v12H4zM15 10l5-3v10l-5-3z",
  document: "M7 3h7l4 4v14H7zM14 3v4h4",
  audio: "M12 4a2.5 2.5 0 0 0-2.5 2.5v5a2.5 2.5 0 0 0 5 0v-5A2.5 2.5 0 0 0 12 4M6 11a6 6 0 0 0 12 0M12 17v4",
  pin: "M12 21s7-6.2 7-11a7 7 0 1 0-14 0c0 4.8 7 11 7 11M12 12.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8M4.5 20.5a7.5 7.5 0 0 1 15 0",
  gift: "M4 11h16v9H4zM3 7h18v4H3zM12 7v13M12 7C9 7 7 6 7.5 4.5S11 4 12 7c1-3 4-4 4.5-2.5S15 7 12 7",
};

export function Sign({ name, size = 18 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
}

export function headerSign(kind: BubbleHeader["kind"]): keyof typeof paths {
  return kind === "location" ? "pin" : kind === "sticker" || kind === "text" ? "image" : kind;
}

/** One tick: with WhatsApp; two: on the phone; two blue: read. */
export function Ticks({ state }: { state: "waiting" | "sent" | "delivered" | "read" | "failed" }) {
  const words = { waiting: "Waiting", sent: "Sent", delivered: "Delivered", read: "Read", failed: "Not delivered" };
  const shape =
    state === "waiting" ? "M8 4v4l2.5 1.5M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13" : state === "failed" ? "M8 4.5v4M8 11h.01M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13" : state === "sent" ? "M3 8.5 6.5 12 13 4.5" : "M1 8.5 4.5 12 11 4.5M8.5 12 15 4.5";
  const colour = state === "read" ? "#2f9fe0" : state === "failed" ? "#d33a32" : "currentColor";
  return (
    <svg width="15" height="15" viewBox="0 0 16 16" fill="none" stroke={colour} strokeWidth="1.5" strokeLinecap="round" strokeLinejoin="round" role="img" aria-label={words[state]}>
      <path d={shape} />
    </svg>
  );
}
