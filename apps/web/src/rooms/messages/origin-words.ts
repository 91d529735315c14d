import type { OriginKind } from "@tincan/api";

/** Who may have asked for a message, in words. */
const words: Record<OriginKind, string> = {
  deployment: "Platform deployment",
  campaign: "Campaign",
  journey: "Journey",
  inbox: "Inbox",
  test: "Test",
  api: "API",
  "auto-reply": "Automatic reply",
  consent: "Consent answer",
};

export const originKinds = Object.keys(words) as OriginKind[];

/** The same as a filter's choice. */
export const originChoice: { value: OriginKind; label: string }[] = originKinds.map((value) => ({ value, label: words[value] }));
