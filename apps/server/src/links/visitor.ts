/** Who opened a link: a person or a robot, and with what kind of browser. Nothing finer is kept. */
import type { IncomingHttpHeaders } from "node:http";

/** Every browser begins so; libraries and most robots (WhatsApp/2, facebookexternalhit, TelegramBot, curl) do not. */
const BROWSER = /^(mozilla|opera|ucweb)\//i;
/** Robots that begin like a browser. CUBOT makes phones. */
const ROBOT =
  /(?<!\bcu)bot|crawl|spider|slurp|preview|prerender|headless|phantomjs|lighthouse|scanner|monitoring|uptime|facebookexternalhit|facebookcatalog|meta-external|google-|-google|googleother|google favicon|iframely|embedly|vkshare|ms-office|python|curl|wget|http-?client/i;

/** Whether an opened link is a click: somebody went there, and no program that draws a preview or looks ahead. */
export function isPerson(headers: IncomingHttpHeaders): boolean {
  const agent = headers["user-agent"] ?? "";
  if (!BROWSER.test(agent) || ROBOT.test(agent)) return false;
  const purpose = ["purpose", "sec-purpose", "x-purpose", "x-moz"].map((name) => headers[name]).join(" ");
  return !/prefetch|preview|prerender/i.test(purpose);
}

const browsers: [RegExp, string][] = [
  [/FBA[NV]|FB_IAB/, "Facebook"],
  [/Instagram/, "Instagram"],
  [/\bEdg(e|A|iOS)?\//, "Edge"],
  [/\bOPR\/|Opera/, "Opera"],
  [/SamsungBrowser/, "Samsung Internet"],
  [/UCBrowser|UCWEB/, "UC Browser"],
  [/YaBrowser/, "Yandex Browser"],
  [/MiuiBrowser/, "Mi Browser"],
  [/Firefox|FxiOS/, "Firefox"],
  [/Chrome|CriOS|Chromium/, "Chrome"],
  [/Safari/, "Safari"],
];

const systems: [RegExp, string][] = [
  [/Android/, "Android"],
  [/KAIOS/i, "KaiOS"],
  [/iPhone|iPod/, "iPhone"],
  [/iPad/, "iPad"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Macintosh/, "Mac"],
  [/Linux/, "Linux"],
];

/** The family of a browser in words of ours, such as "Chrome on Android". */
export function agentFamily(userAgent: string): string {
  const browser = named(browsers, userAgent) ?? "Other browser";
  const system = named(systems, userAgent);
  return system === undefined ? browser : `${browser} on ${system}`;
}

function named(families: [RegExp, string][], userAgent: string): string | undefined {
  return families.find(([pattern]) => pattern.test(userAgent))?.[1];
}
