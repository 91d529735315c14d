import type { APIRequestContext } from "playwright-core";

/** A page of the dashboard and something that is there once it is complete. */
export interface Room {
  path: string;
  shows: string;
}

interface Item {
  id: string;
  name?: string;
  kind?: string;
}

/** Every room, with a sent and a failed message so that none is empty. */
export async function furnish(request: APIRequestContext, url: string): Promise<Room[]> {
  const list = async (what: string): Promise<Item[]> => (await (await request.get(`${url}/api/v1/${what}`)).json()).items;
  const [deployment] = await list("deployments");
  const providers = await list("providers");
  const provider = providers.find(({ kind }) => kind === "cloud-api");
  const partner = providers.find(({ kind }) => kind === "generic");
  const template = (await list("templates")).find(({ name }) => name === "spring_offer");
  const send = async (body: object): Promise<string> =>
    (await (await request.post(`${url}/api/v1/deployments/${deployment?.id}/test-request`, { data: body, headers: { origin: url } })).json()).messageId;
  const sent = await send({ to: "+15550100123", kind: "template", template: "order_ready", language: "en", values: ["Ada", "A-1042"] });
  const failed = await send({ to: "+15550100145", kind: "text", text: "Hello" });
  const make = async (what: string, options: object): Promise<string> => (await (await request.post(`${url}/api/v1/${what}`, { headers: { origin: url }, ...options })).json()).id;
  const person = await make("contacts", { data: { name: "Ada Osei", phone: "+15550100123", properties: { City: "Pune" }, optIn: true } });
  const file = { name: "people.csv", mimeType: "text/csv", buffer: Buffer.from("Name,Phone,City\nBram de Wit,+31612345601,Utrecht\n") };
  const upload = await make("imports", { multipart: { file } });
  const segment = await make("segments", { data: { name: "Golden", query: { all: [{ kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } }, { any: [{ kind: "event", name: "Order Placed", did: true, count: { op: "atLeast", n: 2 }, within: { from: "2026-05-01T00:00:00.000Z" } }, { not: { kind: "doNotDisturb", is: true } }] }] } } });
  const guests = await make("lists", { data: { name: "Guests" } });
  await make(`lists/${guests}/upload?by=phone&column=Phone`, { multipart: { file } });
  const content = { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] };
  const campaign = await make("campaigns", { data: { name: "Greeting", labels: ["spring"], audience: { phones: ["+15550100123"] }, provider: provider?.id, content, schedule: { kind: "now" } } });
  await make(`campaigns/${campaign}/launch`, { data: {} });
  const order = { mode: "ab", variants: ["A", "B"].map((key) => ({ key, share: 50, template: { name: "order_ready", language: "en" }, values: { body: [{ text: "{{ profile.name | default: \"there\" }}" }, { text: "" }] } })) };
  const draft = await make("campaigns", { data: { name: "Not sent yet", audience: { everyone: true }, provider: provider?.id, content: order, schedule: { kind: "event", trigger: { event: "Order placed" }, unless: { event: "Order cancelled" } }, goal: { event: "Order placed", within: 60 } } });
  await make("report-schedules", { data: { name: "Morning numbers", every: "day", time: "06:30", by: "campaign", to: { kind: "webhook", url: "https://example.com/reports" } } });
  await request.put(`${url}/api/v1/rate-card`, { data: { currency: "EUR", prices: [{ market: "91", category: "utility", from: "2026-01-01", price: 0.0014 }] }, headers: { origin: url } });
  return [
    { path: "/", shows: "Last hour" },
    { path: "/templates", shows: "spring_offer" },
    { path: `/templates/${template?.id}`, shows: "Components" },
    { path: "/messages", shows: "+1 555 010 0145" },
    { path: `/messages/${sent}`, shows: "The provider took it" },
    { path: `/messages/${failed}`, shows: "Send an approved template instead." },
    { path: "/channels/whatsapp", shows: "Sandbox number" },
    { path: "/channels/whatsapp/new", shows: "By pasting ids and a token" },
    { path: `/channels/whatsapp/${provider?.id}`, shows: "Messaging limit" },
    { path: "/channels/whatsapp/new?kind=generic", shows: "Request type" },
    { path: `/channels/whatsapp/${partner?.id}`, shows: "Delivery Report Callback URL" },
    { path: "/templates/new", shows: "Category" },
    { path: "/templates/import", shows: "Fetch and compare" },
    { path: "/templates/library", shows: "order_confirmed" },
    { path: `/templates/library/order_confirmed?provider=${provider?.id}`, shows: "Make the template" },
    { path: `/templates/${template?.id}/edit`, shows: "About" },
    { path: "/channels/platforms", shows: "CleverTap (demo)" },
    { path: "/channels/platforms/new", shows: "Send from" },
    { path: `/channels/platforms/${deployment?.id}`, shows: "Callbacks" },
    { path: "/settings/workspace", shows: "Name" },
    { path: "/settings/team", shows: "demo@tincan.example" },
    { path: "/settings/api-keys", shows: "No keys yet" },
    { path: "/settings/audit", shows: "Provider created" },
    { path: "/settings/account", shows: "Two-factor" },
    { path: "/people/contacts", shows: "Ada Osei" },
    { path: `/people/contacts/${person}`, shows: "Opted in to all messages" },
    { path: "/people/contacts/new", shows: "What they agreed to" },
    { path: "/people/segments", shows: "Golden" },
    { path: "/people/segments/new", shows: "No condition yet: that is everybody." },
    { path: `/people/segments/${segment}`, shows: "Used by" },
    { path: `/people/segments/${segment}/edit`, shows: "People for whom" },
    { path: "/people/lists", shows: "Guests" },
    { path: "/people/lists/new", shows: "People from a file" },
    { path: `/people/lists/${guests}`, shows: "Unmatched rows as CSV" },
    { path: "/people/import", shows: "people.csv" },
    { path: `/people/import/${upload}`, shows: "First rows" },
    { path: "/campaigns", shows: "Not sent yet" },
    { path: `/campaigns/${campaign}`, shows: "What became of it" },
    { path: `/campaigns/${draft}`, shows: "A launch still needs this" },
    { path: `/campaigns/${draft}/edit`, shows: "Typed numbers" },
    { path: `/campaigns/${draft}/edit?step=what`, shows: "Variant B" },
    { path: `/campaigns/${draft}/edit?step=when`, shows: "Unless they did something meanwhile" },
    { path: `/campaigns/${draft}/edit?step=goal`, shows: "Control group" },
    { path: `/campaigns/${draft}/edit?step=review`, shows: "What will happen" },
    { path: "/settings/campaigns", shows: "Launches need an approval" },
    { path: `/campaigns/${campaign}?tab=report`, shows: "Nobody was left out." },
    { path: "/reports", shows: "Greeting" },
    { path: "/reports/best-hours", shows: "No reads yet" },
    { path: "/reports/exports", shows: "New export" },
    { path: "/reports/scheduled", shows: "Every day at 06:30" },
    { path: "/reports/rate-card", shows: "utility" },
    { path: "/settings/consent", shows: "Answer with a confirmation" },
  ];
}
