/** What real people would get, while a campaign is being written: nothing is stored, and consent and limits are left aside. */
import type { CampaignPreview, CampaignPreviewInput } from "@tincan/api";
import { amongAudience, pageOfAudience, type AudienceContact } from "../segments/audience.ts";
import { openDraft } from "./draft.ts";
import type { FunnelDeps } from "./funnel.ts";
import { variantByShare } from "./judge/buckets.ts";
import { chooseVariant } from "./judge/variant.ts";
import { fillingFor } from "./personalise/compose.ts";
import type { Budget } from "./personalise/filling.ts";
import { candidateOf } from "./personalise/profile.ts";
import type { RunContext } from "./run-context.ts";
import type { Candidate } from "./types.ts";

const PEOPLE = 5;
const TIMEOUT_MS = 10_000;
/** For all messages shown together, whatever their texts do: nobody else is answered meanwhile. */
const FILL_MS = 1_000;
/** Shown in place of a coupon code; real ones are given away with real messages alone. */
const SAMPLE_CODE = "YOUR-CODE";

/** The first people of the audience, or those who were asked for. Throws ApiError `campaign_unfinished`. */
export async function previewOf({ db, publicUrl }: FunnelDeps, workspaceId: string, { definition, contactIds }: CampaignPreviewInput): Promise<CampaignPreview> {
  const now = new Date();
  const audience = definition.audience ?? { everyone: true as const };
  const context = await openDraft(db, workspaceId, null, { ...definition, audience }, { publicUrl, lenient: true }, now);
  const options = { now, timeoutMs: TIMEOUT_MS };
  const contacts = contactIds
    ? await inOrder(contactIds, (ids) => amongAudience(db, workspaceId, { everyone: true }, ids, options))
    : (await pageOfAudience(db, workspaceId, audience, null, PEOPLE, options)).contacts;
  const budget = { leftMs: FILL_MS };
  return { people: contacts.map((contact) => previewFor(context, candidateOf(contact), now, budget)) };
}

async function inOrder(contactIds: readonly string[], find: (ids: string[]) => Promise<AudienceContact[]>): Promise<AudienceContact[]> {
  const found = new Map((await find(contactIds.filter((id) => UUID.test(id)))).map((contact) => [contact.id, contact]));
  return contactIds.flatMap((id) => found.get(id.toLowerCase()) ?? []);
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

function previewFor(context: RunContext, candidate: Candidate, now: Date, budget: Budget): CampaignPreview["people"][number] {
  const { contactId, phone, profile } = candidate;
  const name = typeof profile["name"] === "string" ? profile["name"] : null;
  const variant = context.variants.get(keyFor(context, candidate) ?? "");
  if (!variant) return { contactId, name, phone, variant: null, content: null, missing: [], lost: "notMatching", detail: null };
  const filling = fillingFor(candidate, context.run.definition.couponPool === null ? null : SAMPLE_CODE, now, budget);
  const content = variant.make(filling);
  const { lost } = filling;
  return {
    contactId, name, phone, variant: variant.key, content: filling.aborted === null ? content : null, missing: [...new Set(filling.missing)],
    lost: lost?.reason ?? null, detail: lost?.detail ?? null,
  };
}

/** Whoever waits for the winner of a test is shown the variant they would have in the test. */
function keyFor({ run, ...context }: RunContext, candidate: Candidate): string | null {
  const choice = chooseVariant({ run, ...context }, candidate);
  if (choice === "held") return variantByShare(run.campaign_id, candidate.contactId, run.definition.content.variants);
  return choice === "none" ? null : choice.key;
}
