/** Single values of a message: compiled from what the campaign says, filled and tidied for one person. */
import type { ButtonValue, CampaignValues, HeaderValue } from "@tincan/api";
import { templateLimits } from "@tincan/whatsapp/templates";
import { isWebAddress, linkUrl, type LinkOrigins } from "../../links/address.ts";
import { trackButton, trackText } from "../../links/track.ts";
import { withUtm, type Utm } from "../../links/utm.ts";
import type { Filling } from "./filling.ts";
import { LiquidFault, parseLiquid } from "./liquid.ts";
import type { LiquidText } from "./text.ts";

/** A value that cannot be compiled; `path` as in CampaignValues, such as `body[1]`. */
export class ValueFault extends Error {
  readonly path: string;

  constructor(path: string, message: string) {
    super(message);
    this.path = path;
  }
}

/** How addresses in values become links. */
export interface LinkRules {
  origins: LinkOrigins;
  /** Addresses become short links. */
  track: boolean;
  /** What addresses are marked with; null leaves them as they are. */
  utm: Utm | null;
}

export type Fill<T> = (filling: Filling) => T;

/** Meta: template components. */
const LONGEST_PAYLOAD = 256;
const LONGEST_ADDRESS = 2_000;
const LONGEST_TARGET = 4_000;
const LONGEST_FILENAME = 240;

export class ValueCompiler {
  /** Of `profile`, `event` and `coupon`, what the values compiled so far read. */
  readonly reads = new Set<string>();
  readonly #timeZone: string;
  readonly #rules: LinkRules;

  constructor(timeZone: string, rules: LinkRules) {
    this.#timeZone = timeZone;
    this.#rules = rules;
  }

  liquid(source: string, path: string): LiquidText {
    try {
      const text = parseLiquid(source, this.#timeZone);
      for (const root of text.reads) this.reads.add(root);
      return text;
    } catch (cause) {
      if (cause instanceof LiquidFault) throw new ValueFault(path, cause.message);
      throw cause;
    }
  }

  /** A text that may stay empty. */
  optional(source: string, path: string, longest: number): Fill<string> {
    const text = this.liquid(source, path);
    return (filling) => {
      // What it misses is nobody's loss.
      const missing = filling.missing.length;
      const filled = filling.fill(text);
      filling.missing.length = missing;
      filling.note(path);
      return filled.slice(0, longest);
    };
  }

  /** A value of a template's variable. `place` is how people call it, such as "variable 2", and `part` where its links are said to stand. */
  parameter(source: string, path: string, place: string, part: string): Fill<string> {
    const text = this.liquid(source, path);
    const { origins, track, utm } = this.#rules;
    const rewrites = track || utm !== null;
    const makeLink = (filling: Filling, url: string): string => {
      const target = marked(url, utm);
      return track && target.length <= LONGEST_TARGET ? linkUrl(origins, filling.link(target, part)) : target;
    };
    return (filling) => {
      const filled = tidy(filling.text(text, place, path));
      return rewrites && filled.includes("://") ? trackText(filled, (url) => makeLink(filling, url)) : filled;
    };
  }

  media(header: Extract<HeaderOf, { media: unknown }>, path: string, place: string): Fill<HeaderValue> {
    const { kind, media } = header;
    const { id, filename } = media;
    const address = id === undefined && media.link !== undefined ? this.#address(media.link, `${path}.media.link`, place) : undefined;
    const name = filename === undefined ? undefined : this.optional(filename, `${path}.media.filename`, LONGEST_FILENAME);
    return (filling) => ({ kind, media: { ...(id !== undefined && { id }), ...(address && { link: address(filling) }), ...(name && { filename: name(filling) }) } });
  }

  #address(source: string, path: string, place: string): Fill<string> {
    const text = this.liquid(source, path);
    return (filling) => {
      const url = filling.text(text, place, path).trim();
      if (url !== "" && (!isWebAddress(url) || url.length > LONGEST_ADDRESS)) filling.refuse(`"${url.slice(0, 80)}" is no web address (${place}).`, path);
      return url;
    };
  }

  /** `base` is the template's address of the button, if it has one. */
  button(button: ButtonOf, base: string | undefined, path: string, place: string): Fill<ButtonValue> {
    const { index } = button;
    if (button.kind === "url") return button.suffix === null ? this.#trackedButton(button, base ?? "", path, place) : this.#urlButton(button.suffix, index, base ?? "", path, place);
    const [source, longest] = button.kind === "quickReply" ? [button.payload, LONGEST_PAYLOAD] : [button.code, templateLimits.couponCode];
    const text = this.liquid(source, path);
    return (filling) => {
      const filled = filling.text(text, place, path).trim();
      if (filled.length > longest) filling.refuse(`The value of ${place} has more than ${longest} characters.`, path);
      return button.kind === "quickReply" ? { kind: "quickReply", index, payload: filled } : { kind: "copyCode", index, code: filled };
    };
  }

  #urlButton(source: string, index: number, base: string, path: string, place: string): Fill<ButtonValue> {
    const text = this.liquid(source, path);
    const { utm, origins } = this.#rules;
    const head = /^([^{}]*)\{\{[^{}]*\}\}$/.exec(base.trim())?.[1];
    const mark = utm !== null && head !== undefined && !trackButton(base, origins) ? markSuffix(head, utm) : undefined;
    return (filling) => {
      const suffix = filling.text(text, place, path).trim().replaceAll(/\s/g, "%20");
      const value = mark && suffix !== "" ? mark(suffix) : suffix;
      if (value.length > LONGEST_ADDRESS) filling.refuse(`The address of ${place} has more than 2,000 characters.`, path);
      return { kind: "url", index, suffix: value };
    };
  }

  #trackedButton({ index, target }: { index: number; target?: string | undefined }, base: string, path: string, place: string): Fill<ButtonValue> {
    const { origins, utm } = this.#rules;
    if (target === undefined) throw new ValueFault(path, "A tracked button needs the address it leads to.");
    if (!trackButton(base, origins)) {
      throw new ValueFault(path, `The template's button must lead to ${linkUrl(origins, "{{1}}")}, so that its clicks can be counted; it leads to ${base || "nowhere"}.`);
    }
    const text = this.liquid(target, path);
    return (filling) => {
      const url = marked(filling.text(text, place, path).trim(), utm);
      if (url !== "" && (!isWebAddress(url) || url.length > LONGEST_TARGET)) filling.refuse(`"${url.slice(0, 80)}" is no web address (${place}).`, path);
      return { kind: "url", index, suffix: filling.link(url, place) };
    };
  }
}

type HeaderOf = NonNullable<CampaignValues["header"]>;
type ButtonOf = NonNullable<CampaignValues["buttons"]>[number];

function marked(url: string, utm: Utm | null): string {
  return utm === null ? url : withUtm(url, utm);
}

/** Marks the end of an address that begins with `head`. One without a query or fragment gets what any such address gets. */
function markSuffix(head: string, utm: Utm): (suffix: string) => string {
  const plain = `${head}x`;
  const tail = /[?#]/.test(head) ? undefined : marked(plain, utm).slice(plain.length);
  return (suffix) => {
    if (tail !== undefined && !/[?#]/.test(suffix)) return suffix + tail;
    const whole = marked(head + suffix, utm);
    return whole.startsWith(head) ? whole.slice(head.length) : suffix;
  };
}

/** WhatsApp takes no line breaks, tabs or more than four spaces in a row in a value (132018). */
function tidy(text: string): string {
  if (!/[\n\r\t]| {5}/.test(text)) return text;
  return text.replaceAll(/\s+/g, (space) => (/[\n\r\t]/.test(space) ? " " : space.replaceAll(/ {5,}/g, "    ")));
}
