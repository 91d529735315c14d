/** From one message to several and back, without losing what was written. */
import type { CampaignProblem, Content, Template, Variant } from "@tincan/api";
import { type Draft, steps, stepOf } from "./draft.ts";
import { fitted } from "./values.ts";

const letters = ["A", "B", "C"];

/** The first template of a campaign, or another one in place of a variant's. */
export function withTemplate(content: Content | undefined, index: number, template: Template): Content {
  const chosen = { name: template.name, language: template.language };
  if (!content) return { mode: "single", variants: [{ key: "A", template: chosen, values: fitted(template) }] };
  return withVariant(content, index, { template: chosen, values: fitted(template, content.variants[index]?.values) });
}

export function withVariant<C extends Content>(content: C, index: number, part: Partial<Variant>): C {
  return { ...content, variants: content.variants.map((variant, i) => (i === index ? { ...variant, ...part } : variant)) };
}

const evenly = (count: number): number[] => Array.from({ length: count }, (_, i) => Math.floor(100 / count) + (i < 100 % count ? 1 : 0));

const plain = ({ template, values }: Variant) => ({ template, values });

/** Another mode begins with the first variant, which the others are copies of. */
export function withMode(content: Content, mode: Content["mode"], property: string): Content {
  const [first] = content.variants;
  if (!first || mode === content.mode) return content;
  if (mode === "single") return { mode, variants: [{ key: "A", ...plain(first) }] };
  if (mode === "ab") return { mode, variants: ["A", "B"].map((key, i) => ({ key, ...plain(content.variants[i] ?? first), share: 50 })) };
  return { mode, property, variants: [{ key: "1", ...plain(first), equals: "" }, { key: "default", ...plain(first) }] };
}

/** One more variant, a copy of the first: in a test with the shares evened out, in a split before the default. */
export function withOneMore(content: Content): Content {
  const [first] = content.variants;
  if (!first || content.mode === "single") return content;
  if (content.mode === "ab") {
    const shares = evenly(content.variants.length + 1);
    const key = letters.find((letter) => !content.variants.some((variant) => variant.key === letter)) ?? "C";
    return { ...content, variants: [...content.variants, { key, ...plain(first) }].map((variant, i) => ({ ...variant, share: shares[i] ?? 0 })) };
  }
  const values = content.variants.filter(({ equals }) => equals !== undefined);
  const rest = content.variants.filter(({ equals }) => equals === undefined);
  const key = String(Math.max(0, ...values.map((variant) => Number(variant.key) || 0)) + 1);
  return { ...content, variants: [...values, { key, ...plain(first), equals: "" }, ...rest] };
}

export function without(content: Content, index: number): Content {
  const variants = content.variants.filter((_, i) => i !== index);
  if (content.mode !== "ab") return { ...content, variants } as Content;
  const shares = evenly(variants.length);
  return { ...content, variants: variants.map((variant, i) => ({ ...variant, share: shares[i] ?? 0 })) };
}

/** How a variant is called: its letter, or whose it is. */
export function variantName(content: Content, { key, equals }: Variant): string {
  if (content.mode === "single") return "Message";
  if (content.mode === "ab") return `Variant ${key}`;
  return equals === undefined ? "All others" : equals === "" ? "For a value" : `For “${equals}”`;
}

/** Where a problem is: the step, and in the step that has several messages, which of them. */
export function placeOf(problem: CampaignProblem, { content }: Draft): string {
  const label = steps.find(({ key }) => key === stepOf(problem))?.label ?? "";
  const [, index] = /^content\.variants\[(\d+)\]/.exec(problem.path) ?? [];
  const variant = index === undefined ? undefined : content?.variants[Number(index)];
  return content && variant && content.mode !== "single" ? `${label}, ${variantName(content, variant)}` : label;
}
