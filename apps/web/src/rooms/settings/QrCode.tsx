import { qrCode } from "./qr.ts";

/** Drawn dark on white in both colour schemes: scanners expect it so. */
export function QrCode({ text, label, size = 200 }: { text: string; label: string; size?: number }) {
  const rows = qrCode(text);
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x + 4} ${y + 4}h1v1h-1z` : ""))).join("");
  const width = rows.length + 8;
  return (
    <svg width={size} height={size} viewBox={`0 0 ${width} ${width}`} role="img" aria-label={label} shapeRendering="crispEdges" style={{ borderRadius: 8 }}>
      <rect width={width} height={width} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
