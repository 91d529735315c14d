import type { TextValue } from "@tincan/api";
import { fillVariables, variablesIn } from "@tincan/whatsapp";

/**
 * Whether a template's text with these values has no more characters than it may (Meta: template components; 132005). Adding lengths up is
 * enough for nearly everybody; only what may be too long is put together and counted.
 */
export function roomIn(template: string, most: number): (values: readonly TextValue[]) => boolean {
  const names = variablesIn(template);
  const times = names.map(() => 0);
  const fixed = fillVariables(template, (name) => {
    times[names.indexOf(name)]!++;
    return "";
  }).length;
  return (values) => {
    let length = fixed;
    for (const [i, { name, text }] of values.entries()) length += text.length * (times[name === undefined ? i : names.indexOf(name)] ?? 1);
    if (length <= most) return true;
    const filled = fillVariables(template, (name) => (values.find((value) => value.name === name) ?? values[names.indexOf(name)])?.text);
    return [...filled].length <= most;
  };
}
