import { useCallback, useEffect, useRef, useState } from "react";
import { call, onChange, type Changed } from "./api.ts";

/**
 * Something of the control plane, looked at again when it changes. While one look is under way the next waits for its end,
 * so a busy sandbox is asked as often as it can answer and no more.
 */
export function useLoaded<T>(path: string, concerns: (changed: Changed) => boolean): { value: T | undefined; trouble: string | undefined; reload: () => void } {
  const [value, setValue] = useState<T>();
  const [trouble, setTrouble] = useState<string>();
  const busy = useRef<"idle" | "looking" | "again">("idle");
  const latest = useRef(concerns);
  useEffect(() => {
    latest.current = concerns;
  });
  const reload = useCallback(() => {
    function look() {
      busy.current = "looking";
      call<T>("GET", path)
        .then((loaded) => {
          setValue(loaded);
          setTrouble(undefined);
        })
        .catch((error: Error) => setTrouble(error.message))
        .finally(() => {
          const again = busy.current === "again";
          busy.current = "idle";
          if (again) look();
        });
    }
    if (busy.current === "idle") look();
    else busy.current = "again";
  }, [path]);
  useEffect(() => {
    reload();
    return onChange((changed) => {
      if (changed.topics.includes("all") || latest.current(changed)) reload();
    });
  }, [reload]);
  return { value, trouble, reload };
}

/** A value that survives a reload of the page. */
export function useKept<T>(key: string, initial: T): [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null") ?? initial;
    } catch {
      return initial;
    }
  });
  const keep = useCallback(
    (next: T) => {
      setValue(next);
      localStorage.setItem(key, JSON.stringify(next));
    },
    [key],
  );
  return [value, keep];
}

/** The time, again every second while something counts down. */
export function useNow(running: boolean): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
