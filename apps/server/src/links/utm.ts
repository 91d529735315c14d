import { isWebAddress } from "./address.ts";
import { addMissing } from "./query.ts";

/** What an address is marked with, so that the shop's own statistics know where a visitor came from. */
export interface Utm {
  source?: string | undefined;
  medium?: string | undefined;
  campaign?: string | undefined;
  content?: string | undefined;
  term?: string | undefined;
}

/** Adds the utm parameters that are given and that the address lacks. What is no web address is left as it is. */
export function withUtm(url: string, { source, medium, campaign, content, term }: Utm): string {
  if (!isWebAddress(url)) return url;
  const given = Object.entries({ source, medium, campaign, content, term }).flatMap(([key, value = ""]) => {
    const text = value.trim().toWellFormed();
    return text === "" ? [] : [{ name: `utm_${key}`, text: `utm_${key}=${encodeURIComponent(text)}` }];
  });
  return addMissing(url, given);
}
