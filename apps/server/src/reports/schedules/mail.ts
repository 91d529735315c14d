/** E-mail through the operator's own server. */
import type { MailSettings } from "../../settings.ts";

export interface Mail {
  to: string[];
  subject: string;
  text: string;
  html: string;
}

const PATIENCE_MS = 15_000;

/** Sends one message to all of its recipients; throws when the server takes it for none of them, or not for all. */
export async function sendMail({ url, from }: MailSettings, mail: Mail): Promise<void> {
  // Loaded when there is something to send: few servers ever do.
  const { createTransport } = await import("nodemailer");
  const transport = createTransport({
    url, connectionTimeout: PATIENCE_MS, greetingTimeout: PATIENCE_MS, socketTimeout: PATIENCE_MS, dnsTimeout: PATIENCE_MS,
    // Nothing in a message may name a file or an address to be read.
    disableFileAccess: true, disableUrlAccess: true,
  });
  try {
    const { rejected } = await transport.sendMail({ from, ...mail });
    if (rejected.length > 0) throw new Error(`the mail server refused ${rejected.map(String).join(", ")}`);
  } finally {
    transport.close();
  }
}
