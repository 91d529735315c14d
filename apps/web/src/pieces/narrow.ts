import { useMediaQuery } from "@mantine/hooks";

/** Whether the screen is a phone's: rows become cards, the menu a drawer. The same width as Mantine's breakpoint `sm`. */
export function useNarrow(): boolean {
  return useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false }) ?? false;
}
