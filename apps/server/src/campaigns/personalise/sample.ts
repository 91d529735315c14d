import { Filling } from "./filling.ts";
import type { LiquidText } from "./text.ts";

/** Fits every place: as an address, as text, and as a code of few characters. */
const SAMPLE = "http://a.bc";

/** A filling for nobody, to see what a message is made of: what is the same for everybody stands as it is, everything else is a sample. */
class SampleFilling extends Filling {
  override text(text: LiquidText, place: string, path: string): string {
    return text.isFixed ? super.text(text, place, path) : SAMPLE;
  }
}

export function sampleFilling(now: number): Filling {
  return new SampleFilling({ profile: {}, event: {}, coupon: SAMPLE }, now);
}
