/** Digits and a point alone. */
const PLAIN = /^-?\d+(\.\d+)?$/;

/** Degrees as a wire takes them: 1e-7 is 0.0000001. What is no number is left as it is. */
export function plainDegrees(degrees: string | number): string {
  const text = String(degrees);
  if (PLAIN.test(text)) return text;
  const value = Number(text);
  if (text.trim() === "" || !Number.isFinite(value)) return text;
  // Twenty digits are more than a small number has; larger ones are written without an exponent anyway.
  return String(value).includes("e") ? value.toFixed(20).replace(/\.?0+$/, "") : String(value);
}
