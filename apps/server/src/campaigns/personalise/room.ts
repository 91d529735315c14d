import type { TextValue } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp";

/**
 * Whether a template's text with these values has no more characters than it may (Meta: template components; 132005). Adding lengths up is
 * enough for nearly everybody; only what may be too long is put together and counted.
 */
export function roomIn(template: string, most: number): (values: readonly TextValue[]) => boolean {
  const variable = /\{\{([^{}]*)\}\}/g;
  const names = variablesIn(template);
  const fixed = template.replaceAll(variable, "").length;
  const times = names.map((name) => [...template.matchAll(variable)].filter((match) => match[1]!.trim() === name).length);
  return (values) => {
    let length = fixed;
    for (const [i, { name, text }] of values.entries()) length += text.length * (times[name === undefined ? i : names.indexOf(name)] ?? 1);
    if (length <= most) return true;
    const filled = template.replaceAll(variable, (whole, written: string) => {
      const name = written.trim();
      const place = names.indexOf(name);
      return (values.find((value) => value.name === name) ?? values[place])?.text ?? whole;
    });
    return [...filled].length <= most;
  };
}
