import { useLocalStorage } from "@mantine/hooks";
import { useCallback } from "react";
import { useSession } from "./session.ts";

/** Whether this person has opened something once; only the browser knows, and only the first steps ask. */
export function useSeen(what: "phone" | "trace"): [seen: boolean, mark: () => void] {
  const { workspace } = useSession();
  const [seen, setSeen] = useLocalStorage({ key: `seen:${what}:${workspace.id}`, defaultValue: false, getInitialValueInEffect: false });
  const mark = useCallback(() => setSeen(true), [setSeen]);
  return [seen, mark];
}
