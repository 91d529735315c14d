/** Filling texts that say plainly what they want, without Liquid and as Liquid would. */
import { textOf, type Findings, type LiquidText, type Scope } from "./text.ts";

const PLAIN = /^\s*(profile|event)(?:\.([A-Za-z_][A-Za-z0-9_-]*)|\[\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*\])\s*(?:\|\s*default:\s*(?:"([^"\\]*)"|'([^'\\]*)')\s*)?$/;
/** Liquid's own words, which mean something else than a property of that name. */
const SPECIAL = new Set(["size", "first", "last"]);

interface Read {
  of: "profile" | "event" | "coupon";
  key: string;
  fallback: string | undefined;
  name: string;
}

/** For a text of nothing but plain outputs, a way to fill it without Liquid; undefined for any other. */
export function fillPlainly(source: string): LiquidText["fill"] | undefined {
  if (source.includes("{%") || source.includes("{{-") || source.includes("-}}")) return undefined;
  const pieces: (string | Read)[] = [];
  for (const part of source.split(/(\{\{[^{}]*\}\})/)) {
    if (!part.startsWith("{{")) {
      if (part.includes("{{")) return undefined;
      if (part !== "") pieces.push(part);
      continue;
    }
    const inside = part.slice(2, -2);
    const name = inside.split("|", 1)[0]!.trim();
    if (name === "coupon" && inside.trim() === name) {
      pieces.push({ of: "coupon", key: "", fallback: undefined, name });
      continue;
    }
    const found = PLAIN.exec(inside);
    const key = found?.slice(2, 5).find((text) => text !== undefined);
    if (!found || key === undefined || SPECIAL.has(key)) return undefined;
    pieces.push({ of: found[1] as "profile" | "event", key, fallback: found[5] ?? found[6], name });
  }
  return (scope, findings) => {
    let text = "";
    for (const piece of pieces) text += typeof piece === "string" ? piece : read(piece, scope, findings);
    return text;
  };
}

function read({ of, key, fallback, name }: Read, scope: Scope, findings: Findings): string {
  let value: unknown = scope.coupon;
  if (of !== "coupon") value = Object.hasOwn(scope[of], key) ? scope[of][key] : undefined;
  if (fallback !== undefined) {
    const isEmpty = value === undefined || value === null || value === false || value === "" || (Array.isArray(value) && value.length === 0);
    return isEmpty ? fallback : textOf(value);
  }
  const text = textOf(value);
  if (text === "") findings.missing.push(name);
  return text;
}
