/** What a person who started the server reads: where to go, and how to get in. */
export interface Announcement {
  publicUrl: string;
  /** Null when the sandbox is off. */
  phonesUrl: string | null;
  /** A demo's one-time link; "set up" when nobody has an account yet; "sign in" otherwise. */
  entrance: { kind: "link"; url: string } | { kind: "set up" } | { kind: "sign in" };
}

export function announcement({ publicUrl, phonesUrl, entrance }: Announcement): string {
  const lines = [
    ["Dashboard", publicUrl],
    ...(phonesUrl === null ? [] : [["Phones", phonesUrl]]),
    ["API docs", `${publicUrl}/api/docs`],
    entrance.kind === "link" ? ["Sign in", `${entrance.url}  (works once)`] : entrance.kind === "set up" ? ["Set up", `${publicUrl}/setup`] : ["Sign in", `${publicUrl}/sign-in`],
  ];
  return `\nTincan is running. Stop it with Ctrl-C.\n\n${lines.map(([name = "", value]) => `  ${name.padEnd(10)} ${value}`).join("\n")}\n\n`;
}
