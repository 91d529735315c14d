/** Digits in groups for the eye; the value itself stays as the wires have it. */
export function displayNumber(number: string): string {
  const digits = number.replace(/\D/g, "");
  if (digits.length < 8) return number;
  if (digits.startsWith("1") && digits.length === 11) return `+1 ${digits.slice(1, 4)} ${digits.slice(4, 7)} ${digits.slice(7)}`;
  if (digits.startsWith("91") && digits.length === 12) return `+91 ${digits.slice(2, 7)} ${digits.slice(7)}`;
  return `+${digits}`;
}
