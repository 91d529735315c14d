import { encode } from "uqr";

/** Light modules that the standard asks for around the code (ISO/IEC 18004, quiet zone). */
const QUIET_ZONE = 4;

/** Drawn here, so that a secret in it never leaves the page; dark on white in both colour schemes: scanners expect it so. */
export function QrCode({ text, label, size = 200 }: { text: string; label: string; size?: number }) {
  const { data: rows, size: width } = encode(text, { border: QUIET_ZONE });
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ""))).join("");
  return (
    <svg width={size} height={size} viewBox={`0 0 ${width} ${width}`} role="img" aria-label={label} shapeRendering="crispEdges" style={{ borderRadius: 8 }}>
      <rect width={width} height={width} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}
