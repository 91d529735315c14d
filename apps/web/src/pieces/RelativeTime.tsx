import { useEffect, useState } from "react";
import { exactTime, relativeTime } from "./time.ts";

/** One clock for every time on screen, so that they change together. */
const listeners = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const tick = () => setNow(Date.now());
    listeners.add(tick);
    ticking ??= setInterval(() => listeners.forEach((listener) => listener()), 5000);
    return () => {
      listeners.delete(tick);
      if (listeners.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}

/** "4 min ago", with the exact time in the viewer's zone on hover. `none` is shown for a time that has not come. */
export function RelativeTime({ at, none = "never" }: { at: string | null; none?: string }) {
  const now = useNow();
  if (!at) return <span>{none}</span>;
  return (
    <time dateTime={at} title={exactTime(at)} className="nowrap">
      {relativeTime(at, now)}
    </time>
  );
}
