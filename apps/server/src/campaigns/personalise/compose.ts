import type { LossReason, TemplateContent } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import type { Category } from "../../ledger/types.ts";
import { createLinks, type NewLink } from "../../links/create.ts";
import type { CompiledVariant, RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";
import { giveCoupons } from "./coupons.ts";
import { Filling, type Budget } from "./filling.ts";

/** Somebody who is to get a message. The message's id is made before its content, which may hold links that belong to it. */
export interface Picked {
  candidate: Candidate;
  variant: string;
  messageId: string;
}

/** A finished message, or why there is none. `cellId` is what the message has as its origin. */
export type Composed = { content: TemplateContent; category: Category; cellId: string } | Lost;

interface Lost {
  lost: LossReason;
  detail: string;
}

/** Stands in for a code while it is not known yet whether the rest of somebody's values is there. */
const SOME_CODE = "CODE";

/**
 * The content of each message, in the order given. Gives coupon codes away and stores tracked links in the caller's transaction, which
 * stores the messages too.
 */
export async function composeBatch(tx: Database, context: RunContext, picked: readonly Picked[], now: Date): Promise<Composed[]> {
  const codes = await codesFor(tx, context, picked, now);
  const links: NewLink[] = [];
  const composed = picked.map((each): Composed => {
    const variant = variantOf(context, each);
    const code = codes.get(each);
    if (typeof code === "object") return code;
    const filling = fillingFor(each.candidate, code ?? null, now);
    const content = variant.make(filling);
    const lost = lostIn(filling);
    if (lost) return lost;
    for (const link of filling.links) links.push({ ...link, messageId: each.messageId, contactId: each.candidate.contactId });
    return { content, category: variant.category, cellId: context.cells.get(each.variant) ?? "" };
  });
  await createLinks(tx, context.workspaceId, links, now);
  return composed;
}

/** What a person's texts are filled with. */
export function fillingFor({ profile, waiting }: Candidate, coupon: string | null, now: Date, budget?: Budget): Filling {
  return new Filling({ profile, event: waiting?.event ?? {}, coupon }, now.getTime(), budget);
}

function variantOf({ variants }: RunContext, { variant }: Picked): CompiledVariant {
  const compiled = variants.get(variant);
  if (!compiled) throw new Error(`The run has no variant "${variant}".`);
  return compiled;
}

function lostIn({ lost }: Filling): Lost | null {
  return lost && { lost: lost.reason, detail: lost.detail };
}

/**
 * A coupon code for each whose texts want one and who lacks nothing else, so that no code is wasted. Why they are left out instead for those who lack
 * something, and for those who came too late.
 */
async function codesFor(tx: Database, context: RunContext, picked: readonly Picked[], now: Date): Promise<Map<Picked, string | Lost>> {
  const { workspaceId, run, couponPlace } = context;
  const pool = run.definition.couponPool;
  const codes = new Map<Picked, string | Lost>();
  if (pool === null) return codes;
  const takers = picked.filter((each) => {
    const variant = variantOf(context, each);
    if (!variant.reads.has("coupon")) return false;
    const filling = fillingFor(each.candidate, SOME_CODE, now);
    variant.make(filling);
    const lost = lostIn(filling);
    if (lost) codes.set(each, lost);
    return lost === null;
  });
  const receivers = takers.map(({ candidate: { contactId, waiting }, messageId }) => ({ contactId, messageId, since: waiting && waiting.attempt > 1 ? run.created_at : null }));
  const given = await giveCoupons(tx, workspaceId, pool, couponPlace, receivers, now);
  for (const [i, each] of takers.entries()) codes.set(each, given[i] ?? { lost: "noCoupon", detail: "" });
  return codes;
}
