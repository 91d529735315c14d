import type { EmbeddedSignupInput } from "@tincan/api";

/*
 * "Log in with Facebook": Meta's Embedded Signup in a window of its own. It ends in one of two ways, and we take either: the dialog posts the
 * ids to the window that opened it (`WA_EMBEDDED_SIGNUP`), and it leads back to our return page with the code. The return page tells the
 * waiting page over a broadcast channel, because browsers cut the line between a window and its opener when the site between them changes.
 */

export type SignupReturn = Pick<EmbeddedSignupInput, "code" | "wabaId" | "phoneNumberId" | "state">;

const channelName = "tincan-facebook-login";

interface Told {
  kind: "returned";
  result: SignupReturn | { error: string };
}
interface Taken {
  kind: "taken";
}

function say(channel: BroadcastChannel, message: Told | Taken): void {
  // A broadcast channel reaches pages of this origin only, so it takes no target.
  // oxlint-disable-next-line unicorn/require-post-message-target-origin
  channel.postMessage(message);
}

const digits = (value: unknown): string | undefined => (typeof value === "string" && /^\d+$/.test(value) ? value : undefined);

/** What the return page's address says. */
export function readReturn(query: string): SignupReturn | { error: string } {
  const given = new URLSearchParams(query);
  const code = given.get("code");
  if (!code) return { error: given.get("error_description") ?? given.get("error") ?? "The login was closed before it was finished." };
  const state = given.get("state");
  const wabaId = digits(given.get("waba_id"));
  const phoneNumberId = digits(given.get("phone_number_id"));
  return { code, ...(wabaId ? { wabaId } : {}), ...(phoneNumberId ? { phoneNumberId } : {}), ...(state ? { state } : {}) };
}

/** The ids out of a message of Meta's dialog; undefined for any other message. */
export function readDialogMessage(data: unknown): { wabaId?: string; phoneNumberId?: string; code?: string } | undefined {
  let message: unknown = data;
  if (typeof data === "string") {
    try {
      message = JSON.parse(data);
    } catch {
      return undefined;
    }
  }
  if (typeof message !== "object" || message === null || !("type" in message) || message.type !== "WA_EMBEDDED_SIGNUP") return undefined;
  const inner = "data" in message && typeof message.data === "object" && message.data !== null ? (message.data as Record<string, unknown>) : {};
  const wabaId = digits(inner["waba_id"]);
  const phoneNumberId = digits(inner["phone_number_id"]);
  const code = typeof inner["code"] === "string" ? inner["code"] : undefined;
  return { ...(wabaId ? { wabaId } : {}), ...(phoneNumberId ? { phoneNumberId } : {}), ...(code ? { code } : {}) };
}

/** Told by the return page. True when a waiting page took over, so that this window may close. */
export function tellWaitingPage(result: Told["result"]): Promise<boolean> {
  const channel = new BroadcastChannel(channelName);
  return new Promise((resolve) => {
    const settle = (taken: boolean) => {
      clearTimeout(timer);
      channel.close();
      resolve(taken);
    };
    const timer = setTimeout(() => settle(false), 700);
    channel.addEventListener("message", ({ data }: MessageEvent<Told | Taken>) => {
      if (data.kind === "taken") settle(true);
    });
    say(channel, { kind: "returned", result });
  });
}

/** Waits for the login's end, whichever way it comes. `dialogOrigin` is the only other site whose messages are believed. Returns how to stop waiting. */
export function awaitReturn(dialogOrigin: string, onReturn: (result: Told["result"]) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  let ids: Partial<SignupReturn> = {};
  channel.addEventListener("message", ({ data }: MessageEvent<Told | Taken>) => {
    if (data.kind !== "returned") return;
    say(channel, { kind: "taken" });
    onReturn("error" in data.result ? data.result : { ...ids, ...data.result });
  });
  const hear = (event: MessageEvent<unknown>) => {
    if (event.origin !== dialogOrigin) return;
    const told = readDialogMessage(event.data);
    if (!told) return;
    const { code, ...found } = told;
    ids = { ...ids, ...found };
    if (code) onReturn({ ...ids, code });
  };
  window.addEventListener("message", hear);
  return () => {
    channel.close();
    window.removeEventListener("message", hear);
  };
}
