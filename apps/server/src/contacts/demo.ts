/** People for the demo workspace: made-up names of several regions, numbers that no telephone company gives out, some orders, some consent. */
import { rememberDemoItems } from "../accounts/demo-items.ts";
import type { Database } from "../database/connection.ts";
import { recordEvents } from "./events.ts";
import { setConsent } from "./consent.ts";
import type { ConsentChange, ContactDraft, NewEvent } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

const PEOPLE = 200;
export const DEMO_CONTACT = "contact";
const DAY_MS = 86_400_000;

interface Region {
  language: string;
  cities: [string, string][];
  first: string[];
  last: string[];
}

/** Cities with their time zones. */
const regions: Region[] = [
  {
    language: "en", cities: [["Mumbai", "Asia/Kolkata"], ["Pune", "Asia/Kolkata"], ["Chennai", "Asia/Kolkata"]],
    first: ["Aarav", "Ananya", "Kabir", "Meera", "Rohan", "Sanya", "Vikram", "Isha", "Dev", "Lakshmi"], last: ["Iyer", "Deshmukh", "Nair", "Kulkarni", "Bose", "Reddy", "Chawla", "Menon"],
  },
  {
    language: "hi", cities: [["Lucknow", "Asia/Kolkata"], ["Jaipur", "Asia/Kolkata"]],
    first: ["Pooja", "Amit", "Neha", "Suresh", "Kavita", "Manoj"], last: ["Sharma", "Verma", "Yadav", "Tiwari", "Saxena"],
  },
  {
    language: "pt-BR", cities: [["Recife", "America/Recife"], ["São Paulo", "America/Sao_Paulo"], ["Curitiba", "America/Sao_Paulo"]],
    first: ["Ana", "João", "Beatriz", "Thiago", "Larissa", "Caio", "Renata", "Mateus"], last: ["Almeida", "Barbosa", "Carvalho", "Teixeira", "Moraes", "Ribeiro"],
  },
  {
    language: "es", cities: [["Guadalajara", "America/Mexico_City"], ["Bogotá", "America/Bogota"], ["Sevilla", "Europe/Madrid"]],
    first: ["Lucía", "Mateo", "Ximena", "Andrés", "Carmen", "Julián", "Paula", "Diego"], last: ["Navarro", "Castillo", "Rojas", "Medina", "Vargas", "Ibáñez"],
  },
  {
    language: "id", cities: [["Bandung", "Asia/Jakarta"], ["Surabaya", "Asia/Jakarta"]],
    first: ["Dewi", "Budi", "Sari", "Agus", "Rina", "Putra"], last: ["Santoso", "Wijaya", "Lestari", "Hidayat", "Kusuma"],
  },
  {
    language: "ar", cities: [["Amman", "Asia/Amman"], ["Jeddah", "Asia/Riyadh"]],
    first: ["Layla", "Omar", "Noor", "Yusuf", "Huda", "Karim"], last: ["Haddad", "Mansour", "Khalil", "Nasser", "Saleh"],
  },
  {
    language: "de", cities: [["Leipzig", "Europe/Berlin"], ["Köln", "Europe/Berlin"]],
    first: ["Greta", "Jonas", "Frieda", "Lukas", "Mila", "Anton"], last: ["Brandt", "Vogel", "Seidel", "Kramer", "Lorenz"],
  },
  {
    language: "en", cities: [["Nairobi", "Africa/Nairobi"], ["Lagos", "Africa/Lagos"]],
    first: ["Wanjiru", "Chidi", "Amina", "Kofi", "Zainab", "Tunde"], last: ["Mwangi", "Okafor", "Otieno", "Balogun", "Kariuki"],
  },
];
const interests = ["shoes", "coffee", "books", "garden", "travel", "music", "running", "baking"];
const tiers = ["bronze", "silver", "gold"];

/** Adds them once; a call that finds them does nothing. */
export async function seedDemoPeople(db: Database, workspaceId: string, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const there = await tx.selectFrom("demo_items").select("id").where("workspace_id", "=", workspaceId).where("kind", "=", DEMO_CONTACT).limit(1).executeTakeFirst();
    if (there) return;
    const pick = dice(20_261_122);
    const drafts = Array.from({ length: PEOPLE }, (_, i) => person(i, pick, now));
    const { ids } = await upsertContacts(tx, workspaceId, drafts, { source: "demo" });
    const stored = ids.filter((id) => id !== null);
    await setConsent(tx, workspaceId, stored.flatMap((id) => changesOfMind(id, pick, now)));
    await recordEvents(tx, workspaceId, stored.flatMap((id) => doings(id, pick, now)), { source: "demo", listeners: [] });
    await rememberDemoItems(tx, workspaceId, DEMO_CONTACT, stored);
  });
}

type Dice = <Item>(items: readonly Item[]) => Item;

function person(i: number, pick: Dice, now: Date): ContactDraft {
  const region = regions[i % regions.length]!;
  const [first, last] = [pick(region.first), pick(region.last)];
  const [city, timeZone] = pick(region.cities);
  const orders = pick([0, 0, 1, 1, 2, 3, 4, 6, 9, 14]);
  const daysAgo = (from: number, to: number): Date => new Date(now.getTime() - pick(Array.from({ length: to - from }, (_, d) => d + from)) * DAY_MS);
  const says = pick(["in", "in", "in", "in", "in", "in", "out", "nothing", "nothing"] as const);
  return {
    identity: `shop-${1001 + i}`,
    phone: `+15550${101_000 + i * 37}`,
    name: `${first} ${last}`,
    ...(i % 3 !== 2 && { email: `${plain(first)}.${plain(last)}${i}@mail.example` }),
    language: region.language,
    timeZone,
    properties: {
      City: city,
      Tier: orders > 5 ? "gold" : pick(tiers),
      Orders: orders,
      ...(orders > 0 && { "Last order": daysAgo(1, 120) }),
      Newsletter: pick([true, false]),
      Interests: [...new Set([pick(interests), pick(interests)])],
    },
    ...(says !== "nothing" && { consent: { all: says, at: daysAgo(150, 400), proof: says === "in" ? "Ticked the box at checkout" : "Asked at the counter" } }),
    ...(i % 41 === 40 && { doNotDisturb: true }),
  };
}

function changesOfMind(contactId: string, pick: Dice, now: Date): ConsentChange[] {
  const at = new Date(now.getTime() - pick([3, 9, 20, 41, 77]) * DAY_MS);
  const outcome = pick(["none", "none", "none", "none", "none", "none", "none", "stopped", "button"] as const);
  if (outcome === "stopped") return [{ contactId, scope: "all", state: "out", source: "keyword", at, proof: "“STOP”" }];
  return outcome === "button" ? [{ contactId, scope: "marketing", state: "out", source: "button", at, proof: "“Stop promotions”" }] : [];
}

function doings(contactId: string, pick: Dice, now: Date): NewEvent[] {
  return Array.from({ length: pick([0, 1, 1, 2, 3]) }, (): NewEvent => {
    const at = new Date(now.getTime() - pick([0.2, 1, 2, 5, 8, 13, 21, 34, 55]) * DAY_MS - pick([0, 1, 2, 3]) * 3_600_000);
    const product = pick(interests);
    return pick<NewEvent>([
      { contactId, at, name: "Product Viewed", properties: { Category: product } },
      { contactId, at, name: "Cart Abandoned", properties: { Category: product, Amount: pick([19.9, 42, 65.5, 120]) } },
      { contactId, at, name: "Order Placed", properties: { Category: product, Amount: pick([19.9, 42, 65.5, 120]), Order: String(pick([4107, 4219, 4388, 4502])) } },
    ]);
  });
}

const plain = (name: string): string => name.normalize("NFD").replaceAll(/[^a-z]/gi, "").toLowerCase();

/** The same demo every time: a small generator of numbers (mulberry32). */
function dice(seed: number): Dice {
  let state = seed;
  return (items) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return items[Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * items.length)]!;
  };
}
