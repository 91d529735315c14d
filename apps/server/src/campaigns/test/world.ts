/** A whole server with people who agreed, and a sandbox whose phones get what campaigns send. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Campaign, CampaignInput, Contact, EventInput } from "@tincan/api";
import { startTemplateWorld, type TemplateWorld } from "../../templates/test/world.ts";
import { verify } from "../../verify.ts";

export interface PhoneMessage {
  id: string;
  direction: "in" | "out";
  type: string;
}

export interface CampaignWorld extends TemplateWorld {
  /** No people and no campaigns, with nothing left of either but messages. */
  empty(): Promise<void>;
  /** People with consent; their numbers follow +15550200000. */
  people(count: number, more?: (i: number) => object): Promise<Contact[]>;
  /** A draft for everybody with the sandbox's plainest template. */
  draft(input?: Partial<CampaignInput>): Promise<Campaign>;
  launched(input?: Partial<CampaignInput>): Promise<Campaign>;
  look(id: string): Promise<Campaign>;
  /** Waits, at most 10 s, until the campaign is like this. */
  until(id: string, like: (campaign: Campaign) => boolean): Promise<Campaign>;
  /** What the phone of a contact has got, oldest first. */
  phone(contact: Contact): Promise<PhoneMessage[]>;
  says(contact: Contact, text: string, replyTo?: string): Promise<void>;
  reads(contact: Contact): Promise<void>;
  happened(...events: EventInput[]): Promise<void>;
  /** Everything adds up. */
  sound(): Promise<void>;
}

export const hello = { template: { name: "hello_world", language: "en_US" }, values: {} };

const tables = [
  "contacts", "contact_identities", "merged_contacts", "consents", "campaigns", "campaign_runs", "campaign_cells", "campaign_people", "campaign_counts", "campaign_losses", "campaign_responses",
  "campaign_triggers", "campaign_entries", "campaign_failures", "campaign_costs",
];

export async function startCampaignWorld(): Promise<CampaignWorld> {
  const world = await startTemplateWorld();
  await world.api.post(`/api/v1/providers/${world.provider.id}/sync-templates`);
  const { api, sandbox } = world;
  let made = 0;
  const made201 = async <T>(path: string, body: unknown): Promise<T> => {
    const answer = await api.post<T>(path, body);
    if (answer.status >= 300) throw new Error(`${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const look = async (id: string): Promise<Campaign> => (await api.get<Campaign>(`/api/v1/campaigns/${id}`)).body;
  const draft: CampaignWorld["draft"] = (input = {}) =>
    made201("/api/v1/campaigns", { name: "Hello", provider: world.provider.id, audience: { everyone: true }, content: { mode: "single", variants: [{ key: "A", ...hello }] }, schedule: { kind: "now" }, ...input });
  const control = async (contact: Contact, path: string, body?: object): Promise<unknown> => {
    const answer = await fetch(`${sandbox.url}/sandbox/phones/${contact.phone!.slice(1)}/${path}`, body && { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.json();
  };
  return {
    ...world,
    empty: async () => void (await world.database.pool.query(`truncate ${tables.join(", ")}`)),
    people: async (count, more) => {
      const first = made;
      made += count;
      return Promise.all(
        Array.from({ length: count }, (_, i) =>
          made201<Contact>("/api/v1/contacts", { name: `Person ${first + i}`, phone: `+1555020${String(first + i).padStart(4, "0")}`, optIn: true, ...more?.(i) }),
        ),
      );
    },
    draft,
    launched: async (input) => {
      const { id } = await draft(input);
      return made201(`/api/v1/campaigns/${id}/launch`, {});
    },
    look,
    until: async (id, like) => {
      const end = Date.now() + 10_000;
      for (;;) {
        const campaign = await look(id);
        if (like(campaign)) return campaign;
        if (Date.now() > end) throw new Error(`The campaign did not get there: ${JSON.stringify({ state: campaign.state, reason: campaign.reason, counts: campaign.counts, runs: campaign.runs })}`);
        await sleep(25);
      }
    },
    phone: async (contact) => (await control(contact, "messages")) as PhoneMessage[],
    says: async (contact, text, replyTo) => void (await control(contact, "messages", { type: "text", text: { body: text }, ...(replyTo !== undefined && { replyTo }) })),
    reads: async (contact) => void (await control(contact, "read", {})),
    happened: async (...events) => void (await made201("/api/v1/events", { events })),
    sound: async () => {
      const found = await verify(world.database.db);
      if (found.length > 0) throw new Error(JSON.stringify(found, null, 1));
    },
  };
}
