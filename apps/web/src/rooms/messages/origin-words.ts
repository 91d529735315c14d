import type { OriginKind } from "@tincan/api";

/** Who may have asked for a message, for the filter. */
export const originWords: { value: OriginKind; label: string }[] = [
  { value: "deployment", label: "Platform deployment" },
  { value: "test", label: "Test" },
  { value: "api", label: "API" },
];
