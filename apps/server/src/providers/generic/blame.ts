/**
 * Whether an answer that would stop the lane is about one message alone. The contract calls HTTP 403 a bad request in one place
 * (CleverTap: Generic WhatsApp, response), and some providers answer 404 for a template that they lack: one such message at the head of the lane
 * would keep all others from leaving, for ever.
 *
 * So the endpoint is asked the contract's verification request, with the same headers. When it confirms, address and credentials are right: the
 * message is tried again with growing gaps and fails in the end, and the others go on.
 */
import { Agent, type buildConnector } from "undici";
import type { Outcome } from "../../lanes/work.ts";
import type { Sender } from "../send.ts";
import type { GenericProvider } from "./stored.ts";
import { verifyEndpoint } from "./verify.ts";

export function blamingMessages(sender: Sender, provider: Pick<GenericProvider, "settings" | "secrets">, connect: buildConnector.connector): Sender {
  const agent = new Agent({ connections: 1, connect });
  let asking: Promise<boolean> | undefined;
  /** One question at a time, for all that were answered meanwhile. */
  const isConfirmed = (): Promise<boolean> => (asking ??= verifyEndpoint(provider, agent).then(({ ok }) => ok).finally(() => (asking = undefined)));

  return {
    send: async (message, signal): Promise<Outcome> => {
      const outcome = await sender.send(message, signal);
      // Without a status nobody was reached.
      if (outcome.kind !== "laneDown" || outcome.httpStatus === undefined || !(await isConfirmed())) return outcome;
      const { httpStatus, answer } = outcome;
      const error = { ...outcome.error, title: "The provider does not take this message, though it confirms its endpoint and the headers" };
      return { kind: "retry", pace: "backOff", error, httpStatus, answer };
    },
    close: async () => {
      await sender.close();
      await agent.close();
    },
  };
}
