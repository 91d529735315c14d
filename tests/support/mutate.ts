/** Spoils JSON bodies in the ways a broken or hostile sender would. The same seed gives the same bodies. */

/** A pseudo-random sequence (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0 up to, not including, 1. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(n: number): number {
    return Math.floor(this.next() * n);
  }

  oneOf<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

/** Values that somewhere in a program are taken for granted not to come, as JSON, so that each use gets one of its own. */
const strangers: readonly string[] = [
  ...[
    null, true, false, 0, -1, 1.5, 1e308, 2 ** 53, -(2 ** 31), "", " ", "0", "null", "\0", "a\0b", "\ud800", "\udfff\ud800", "\u202e", "😀".repeat(50),
    "x".repeat(5_000), "9".repeat(400), "'; drop table messages; --", "{{1}}", "%s%n", "../../etc/passwd", "http://[::1", [], {}, [[]], [null], [{}],
    { constructor: { prototype: {} } }, { toString: 1, length: -1 }, Array.from({ length: 300 }, () => ({})), "0000-00-00T00:00:00Z", "99999999999999999999",
  ].map((value) => JSON.stringify(value)),
  '{"__proto__":{"polluted":true}}',
  `${"[".repeat(60)}${"]".repeat(60)}`,
];

const stranger = (chance: Chance): unknown => JSON.parse(chance.oneOf(strangers));

/** A body made from one of the given ones: changed in its JSON, in its bytes, or in both. */
export function mutated(chance: Chance, bodies: readonly string[]): Buffer {
  let text = chance.oneOf(bodies);
  const how = chance.next();
  if (how < 0.8) {
    let json: unknown = JSON.parse(text);
    for (let n = 1 + chance.below(3); n > 0; n--) json = changed(chance, json);
    text = JSON.stringify(json);
  }
  const bytes = Buffer.from(text);
  return how > 0.7 ? spoiled(chance, bytes) : bytes;
}

type Place = { holder: Record<string, unknown> | unknown[]; key: string | number };

function changed(chance: Chance, json: unknown): unknown {
  const places: Place[] = [];
  collect(json, places);
  if (places.length === 0 || chance.next() < 0.01) return stranger(chance);
  const { holder, key } = chance.oneOf(places);
  const members = holder as Record<string | number, unknown>;
  switch (chance.below(6)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete members[key];
      break;
    case 1:
      members[String(key).toUpperCase()] = structuredClone(members[key]);
      break;
    case 2:
      members[key] = [members[key], structuredClone(members[key])];
      break;
    case 3:
      members[key] = typeof members[key] === "string" ? Number(members[key]) : JSON.stringify(members[key]);
      break;
    case 4:
      members[key] = typeof members[key] === "string" ? members[key] + String(chance.oneOf(["\0", "\ud800", " ", "\n", "é"])) : stranger(chance);
      break;
    default:
      members[key] = stranger(chance);
  }
  return json;
}

function collect(json: unknown, into: Place[]): void {
  if (typeof json !== "object" || json === null) return;
  const holder = json as Record<string, unknown> | unknown[];
  for (const key of Array.isArray(holder) ? holder.keys() : Object.keys(holder)) {
    into.push({ holder, key });
    collect((holder as Record<string | number, unknown>)[key], into);
  }
}

function spoiled(chance: Chance, bytes: Buffer): Buffer {
  const at = chance.below(bytes.length + 1);
  const [before, after] = [bytes.subarray(0, at), bytes.subarray(at)];
  switch (chance.below(7)) {
    case 0:
      return before;
    case 1:
      return Buffer.concat([before, Buffer.from([chance.below(256), chance.below(256)]), after]);
    case 2:
      return Buffer.concat([before, before.subarray(-20), after]);
    case 3:
      return Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), bytes]);
    case 4:
      return Buffer.from("[".repeat(chance.below(20_000)));
    case 5:
      return Buffer.from(bytes.toString("utf8"), "utf16le");
    default:
      return Buffer.concat([before, Buffer.from(after.subarray(0, 1).map((byte) => byte ^ (1 << chance.below(8)))), after.subarray(1)]);
  }
}
