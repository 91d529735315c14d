/**
 * Which addresses a user may make this server call. Endpoints, webhooks and media links are typed in by people; without a rule
 * anybody with a login could read a cloud's metadata service or a database's port through us.
 *
 *   https to public addresses          always
 *   http or https to loopback          only while the sandbox is on
 *   anything to a host of the list     the operator named it in TINCAN_ALLOWED_HOSTS
 *
 * A name may point somewhere else after it was checked, so the connector checks again what it is about to connect to.
 */
import { lookup } from "node:dns";
import { lookup as resolve } from "node:dns/promises";
import { BlockList, isIP, isIPv4 } from "node:net";
import type { LookupFunction } from "node:net";
import { buildConnector } from "undici";
import { ApiError } from "./errors.ts";

export interface ReachPolicy {
  /** While the local WhatsApp runs, this machine itself may be called. */
  sandbox: boolean;
  /** Hosts of TINCAN_ALLOWED_HOSTS: `name`, `name:port` or an address, in lower case; exempt from every rule here. */
  allowedHosts: readonly string[];
}

type AddressKind = "public" | "loopback" | "private";

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet("127.0.0.0", 8, "ipv4");
LOOPBACK.addAddress("::1", "ipv6");

/** IANA: special-purpose address registries; what they do not call globally reachable, and multicast. */
const PRIVATE = new BlockList();
const ranges =
  "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15 " +
  "198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4 " +
  "::/128 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10 ff00::/8";
for (const range of ranges.split(" ")) {
  const [net = "", bits = ""] = range.split("/");
  PRIVATE.addSubnet(net, Number(bits), isIPv4(net) ? "ipv4" : "ipv6");
}

/** Prefixes of IPv6 addresses that stand for an IPv4 address, and at which of the eight groups it begins. */
const EMBEDDED_IPV4 = [
  { prefix: [0, 0, 0, 0, 0, 0xffff], at: 6 },
  { prefix: [0, 0, 0, 0, 0xffff, 0], at: 6 },
  { prefix: [0, 0, 0, 0, 0, 0], at: 6 },
  { prefix: [0x64, 0xff9b, 0, 0, 0, 0], at: 6 },
  { prefix: [0x2002], at: 1 },
];

function kindOfAddress(address: string): AddressKind {
  if (isIPv4(address)) return LOOPBACK.check(address) ? "loopback" : PRIVATE.check(address) ? "private" : "public";
  const bare = address.split("%")[0] ?? address;
  if (isIP(bare) !== 6) return "private";
  if (LOOPBACK.check(bare, "ipv6")) return "loopback";
  if (PRIVATE.check(bare, "ipv6")) return "private";
  const groups = groupsOf(bare);
  const embedded = EMBEDDED_IPV4.find(({ prefix }) => prefix.every((group, i) => groups[i] === group));
  if (!embedded) return "public";
  const [high = 0, low = 0] = groups.slice(embedded.at);
  return kindOfAddress([high >> 8, high & 255, low >> 8, low & 255].join("."));
}

/** The eight 16-bit groups of a valid IPv6 address. */
function groupsOf(address: string): number[] {
  // The URL parser writes any spelling, also a dotted tail, as hexadecimal groups.
  const written = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = "", tail] = written.split("::");
  const numbers = (part: string): number[] => (part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16)));
  if (tail === undefined) return numbers(head);
  const [before, after] = [numbers(head), numbers(tail)];
  return [...before, ...Array.from({ length: 8 - before.length - after.length }, () => 0), ...after];
}

/** Why an address may not be called, as the end of a sentence; null when it may. */
function objection(protocol: string, address: string, policy: ReachPolicy): string | null {
  const kind = kindOfAddress(address);
  if (kind === "loopback") return policy.sandbox ? null : "is this machine itself, which may be called only while the sandbox is on";
  if (kind === "private") return "is inside a private network";
  return protocol === "https:" ? null : "is called without encryption; use https";
}

function isAllowedHost(hostname: string, port: string, policy: ReachPolicy): boolean {
  const written = hostname.includes(":") ? `[${hostname}]` : hostname;
  return policy.allowedHosts.includes(written) || policy.allowedHosts.includes(`${written}:${port}`);
}

/** The host of a URL without the brackets of an IPv6 address and the dot of a full name. */
function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "").toLowerCase();
}

/**
 * Refuses a URL this server must not call: throws ApiError `address_not_allowed`, which names `field`. A name that cannot be
 * resolved now passes (the other side's name server may be away for a moment); the connector looks again at each connection.
 */
export async function assertReachableUrl(url: string, policy: ReachPolicy, field = "url"): Promise<void> {
  const refuse = (why: string): never => {
    throw new ApiError("address_not_allowed", { field, detail: why });
  };
  if (!URL.canParse(url)) refuse("It is not a complete URL.");
  const { protocol, hostname, port, username, password } = new URL(url);
  if (protocol !== "https:" && protocol !== "http:") refuse("It does not begin with https://.");
  if (username !== "" || password !== "") refuse("It holds a user name or password; send them as a header instead.");
  const host = bareHost(hostname);
  if (isAllowedHost(host, port || (protocol === "https:" ? "443" : "80"), policy)) return;
  const addresses = await addressesOf(host);
  // Nothing is known about where the name leads, except that it would be called in the clear.
  if (addresses.length === 0 && protocol === "http:") refuse(`${host} is called without encryption; use https.`);
  for (const address of addresses) {
    const why = objection(protocol, address, policy);
    if (why) refuse(`${host === address ? host : `${host} (${address})`} ${why}.`);
  }
}

function isLocalName(host: string): boolean {
  return host === "localhost" || host.endsWith(".localhost");
}

async function addressesOf(host: string): Promise<string[]> {
  if (isIP(host) !== 0) return [host];
  // RFC 6761: such a name never leaves the machine.
  if (isLocalName(host)) return ["127.0.0.1"];
  try {
    return (await resolve(host, { all: true })).map(({ address }) => address);
  } catch {
    return [];
  }
}

/** The connection was not made: the address breaks the rule above. */
class AddressNotAllowed extends Error {
  readonly code = "TINCAN_ADDRESS_NOT_ALLOWED";

  constructor(host: string, why: string) {
    super(`${host} ${why}`);
    this.name = "AddressNotAllowed";
  }
}

/**
 * A connector for undici's `connect` option that connects only where the policy allows, judged by the very address it connects
 * to. `timeoutMs` is for the connection alone. HTTP/1.1, since every endpoint here speaks it.
 */
export function guardedConnector(policy: ReachPolicy, timeoutMs = 5_000): buildConnector.connector {
  const open = buildConnector({ timeout: timeoutMs, allowH2: false });
  const guarded = new Map(
    ["http:", "https:"].map((protocol) => [protocol, buildConnector({ timeout: timeoutMs, allowH2: false, lookup: guardedLookup(protocol, policy) })]),
  );
  return (options, callback) => {
    const host = bareHost(options.hostname);
    const port = options.port || (options.protocol === "https:" ? "443" : "80");
    if (isAllowedHost(host, port, policy)) return open(options, callback);
    // No name, no lookup: an address in the URL is judged here.
    const why = isIP(host) === 0 ? null : objection(options.protocol, host, policy);
    if (why) return callback(new AddressNotAllowed(host, why), null);
    return (guarded.get(options.protocol) ?? open)(options, callback);
  };
}

function guardedLookup(protocol: string, policy: ReachPolicy): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (cause, found) => {
      if (cause) return callback(cause, "", 4);
      for (const { address } of found) {
        const why = objection(protocol, address, policy);
        if (why) return callback(new AddressNotAllowed(`${hostname} (${address})`, why), "", 4);
      }
      if (options.all) return callback(null, found);
      return callback(null, found[0]?.address ?? "", found[0]?.family);
    });
  };
}
