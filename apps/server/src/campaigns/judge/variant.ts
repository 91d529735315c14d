import type { RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";
import { isInTest, variantByShare, variantByValue } from "./buckets.ts";

/**
 * The variant for a person; `held` while a test goes on that they are no part of, `none` when the split has nothing for them. Who was promised
 * a variant when they began to wait gets that one. A live campaign holds nobody: whoever comes before there is a winner is in the test.
 */
export function chooseVariant({ run, cells }: RunContext, { contactId, profile, waiting }: Candidate): { key: string } | "held" | "none" {
  const { content } = run.definition;
  const promised = waiting?.cellId ? [...cells].find(([, id]) => id === waiting.cellId)?.[0] : undefined;
  if (promised !== undefined) return { key: promised };
  if (content.mode === "single") return { key: content.variants[0]!.key };
  if (content.mode === "split") {
    const key = variantByValue(content, profile[content.property]);
    return key === null ? "none" : { key };
  }
  const isTested = content.test === undefined || run.live || isInTest(run.campaign_id, contactId, content.test.share);
  if (run.winner !== null && (run.live || !isTested)) return { key: run.winner };
  return isTested ? { key: variantByShare(run.campaign_id, contactId, content.variants) } : "held";
}
