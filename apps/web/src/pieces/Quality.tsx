import { Dot, type Tone } from "./Dot.tsx";

const tones: Record<string, Tone> = { GREEN: "read", YELLOW: "unknown", RED: "failed" };

/** Meta's quality rating of a template or number. UNKNOWN and NA mean that too few people have had something from it yet. */
export function Quality({ rating }: { rating: string | null }) {
  const tone = tones[rating?.toUpperCase() ?? ""];
  return tone && rating ? <Dot tone={tone}>{rating.charAt(0).toUpperCase() + rating.slice(1).toLowerCase()}</Dot> : <Dot tone="queued">Not rated</Dot>;
}
