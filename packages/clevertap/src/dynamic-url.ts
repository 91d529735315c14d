/**
 * The part of a dynamic URL that goes into the template's variable. The request's text is normally just that, but may be
 * the whole URL, or still hold the variable's own mark.
 *
 * @param text the button's value as received: `t/42`, `https://example.com/t/42` or `https://example.com/{{1}}`
 * @param templateUrl the URL the template was approved with: `https://example.com/{{1}}`
 * @returns the suffix; empty when the text holds no value at all
 */
export function dynamicUrlSuffix(text: string, templateUrl: string): string {
  const open = templateUrl.indexOf("{{");
  if (open < 0) return text;
  const close = templateUrl.indexOf("}}", open);
  const prefix = templateUrl.slice(0, open);
  const tail = close < 0 ? "" : templateUrl.slice(close + 2);
  let suffix = text;
  if (prefix !== "" && suffix.startsWith(prefix)) {
    suffix = suffix.slice(prefix.length);
    if (tail !== "" && suffix.endsWith(tail)) suffix = suffix.slice(0, -tail.length);
  }
  return suffix.replaceAll("{{1}}", "");
}
