import type { ReactNode } from "react";

function Icon({ children, size = 18, viewBox = "0 0 24 24" }: { children: ReactNode; size?: number; viewBox?: string }) {
  return (
    <svg width={size} height={size} viewBox={viewBox} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {children}
    </svg>
  );
}

export const Mark = () => (
  <svg width="26" height="26" viewBox="0 0 32 32" aria-hidden="true">
    <path d="M8 14C9 4 23 4 24 14" fill="none" stroke="#f08c00" strokeWidth="2" />
    <rect x="3" y="14" width="10" height="13" rx="2" fill="var(--accent)" />
    <rect x="19" y="14" width="10" height="13" rx="2" fill="var(--accent)" />
  </svg>
);
export const Plus = () => <Icon><path d="M12 5v14M5 12h14" /></Icon>;
export const Close = () => <Icon size={16}><path d="M6 6l12 12M18 6L6 18" /></Icon>;
export const Sliders = () => <Icon><path d="M4 7h10M18 7h2M4 17h2M10 17h10" /><circle cx="16" cy="7" r="2" /><circle cx="8" cy="17" r="2" /></Icon>;
export const Moon = () => <Icon><path d="M20 14.5A8 8 0 0 1 9.5 4 8 8 0 1 0 20 14.5z" /></Icon>;
export const Send = () => <Icon><path d="M4 12l16-8-6 16-3-7z" /></Icon>;
export const Clip = () => <Icon><path d="M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7L9.5 17a1.7 1.7 0 0 1-2.4-2.4L14 7.7" /></Icon>;
export const Reply = () => <Icon size={15}><path d="M9 8L4 13l5 5M4 13h10a6 6 0 0 1 6 6" /></Icon>;
export const Smile = () => <Icon size={15}><circle cx="12" cy="12" r="9" /><path d="M8.5 14.5a4.5 4.5 0 0 0 7 0M9 9.5h.01M15 9.5h.01" /></Icon>;
export const LinkOut = () => <Icon size={15}><path d="M14 4h6v6M20 4l-9 9M18 14v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1V7a1 1 0 0 1 1-1h5" /></Icon>;
export const Copy = () => <Icon size={15}><rect x="8" y="8" width="12" height="12" rx="2" /><path d="M16 8V5a1 1 0 0 0-1-1H5a1 1 0 0 0-1 1v10a1 1 0 0 0 1 1h3" /></Icon>;
export const Call = () => <Icon size={15}><path d="M5 4h4l2 5-2.500 1.500a11 11 0 0 0 5 5L15 13l5 2v4a1 1 0 0 1-1 1A15 15 0 0 1 4 5a1 1 0 0 1 1-1z" /></Icon>;
export const ListIcon = () => <Icon size={15}><path d="M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01" /></Icon>;
export const Pin = () => <Icon size={22}><path d="M12 21s7-6.500 7-11.500A7 7 0 0 0 5 9.500C5 14.500 12 21 12 21z" /><circle cx="12" cy="9.500" r="2.500" /></Icon>;
export const File = () => <Icon size={22}><path d="M6 3h8l4 4v14H6zM14 3v4h4" /></Icon>;
export const Hourglass = () => <Icon size={20}><circle cx="12" cy="13" r="8" /><path d="M12 9v4l2.500 2M9 2h6" /></Icon>;

/** One tick: sent. Two: delivered. Two in blue: read. */
export function Ticks({ status, label }: { status: string; label: string }) {
  const two = status === "delivered" || status === "read" || status === "played";
  const color = status === "read" || status === "played" ? "var(--read)" : "currentColor";
  if (status === "accepted" || status === "held") {
    return <svg width="12" height="12" viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth="2" role="img" aria-label={label}><circle cx="12" cy="12" r="9" /><path d="M12 7v5l3 2" /></svg>;
  }
  return (
    <svg width="17" height="11" viewBox="0 0 34 22" fill="none" stroke={color} strokeWidth="2.6" strokeLinecap="round" strokeLinejoin="round" role="img" aria-label={label}>
      <path d="M3 12l6 6L21 4" />
      {two && <path d="M15 16l2 2L30 4" />}
    </svg>
  );
}
