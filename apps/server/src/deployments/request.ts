/**
 * What a platform's request means, decided without a query: refused, only to be answered, or a message to store.
 * The refusals' codes are the contract's (CleverTap: Generic WhatsApp, error codes): 2001 the template or its values, 2002 the
 * number, 2004 anything else: what is malformed, and everything while the provider is archived. CleverTap counts a message as sent once
 * it is accepted, so one that would wait for nobody knows how long is refused instead, with the reason.
 */
import { isUtf8 } from "node:buffer";
import { isTrial, isVerificationProbe, parseSendRequest, type SendCode, type SendRequest } from "@tincan/clevertap";
import type { MessageContent } from "@tincan/api";
import { isPhoneNumber } from "../contacts/phone.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Category, NewMessage } from "../ledger/types.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import { fitTemplate, freeFormContent } from "./content.ts";
import type { KnownDeployment } from "./directory.ts";
import { findTemplate } from "./known-template.ts";

export type Verdict =
  | { kind: "store"; message: NewMessage }
  /** A probe or a trial that passes: success, and nothing is sent. */
  | { kind: "answer" }
  | { kind: "refuse"; code: SendCode; message: string };

/** Judges one request. The registry's list for the deployment's provider must have been loaded. */
export function judge(body: Buffer, deployment: KnownDeployment, registry: TemplateRegistry): Verdict {
  if (!isUtf8(body)) return refuse(2004, "body: expected UTF-8 text");
  const text = body.toString("utf8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(2004, body.length === 0 ? "body: expected a JSON object, found nothing" : "body: expected a JSON object, found text that is not JSON");
  }
  const parsed = parseSendRequest(json);
  if (!parsed.ok) return refuse(sendCode(parsed.error.code), parsed.error.message);
  return judgeRequest(parsed.value, text, deployment, registry);
}

function judgeRequest(request: SendRequest, text: string, deployment: KnownDeployment, registry: TemplateRegistry): Verdict {
  if (deployment.archivedProvider !== null) return refuse(2004, `The provider ${deployment.archivedProvider} of this deployment is archived and sends nothing; take it out of the archive first.`);
  if (isVerificationProbe(request)) return { kind: "answer" };
  const trial = deployment.trialPolicy === "check" && isTrial(request);
  // A template is saved with a dummy number, so a trial's is not looked at.
  const recipient = request.toE164;
  if (!trial && (recipient === null || !isPhoneNumber(recipient))) return refuse(2002, `to: ${request.to.slice(0, 40).toWellFormed()} is not a phone number with its country code`);

  if (request.kind === "freeForm") return { kind: "store", message: newMessage(request, text, deployment, freeFormContent(request), "service") };
  const template = findTemplate(registry, deployment.workspaceId, deployment.providerId, request.template.name, request.template.language);
  if (typeof template === "string") return refuse(2001, template);
  const fitted = fitTemplate(request, template);
  if (!fitted.ok) return refuse(2001, fitted.message);
  if (trial) return { kind: "answer" };
  return { kind: "store", message: newMessage(request, text, deployment, fitted.content, template.category) };
}

function newMessage(request: SendRequest, text: string, deployment: KnownDeployment, content: MessageContent, category: Category): NewMessage {
  return {
    id: uuidv7(),
    providerId: deployment.providerId,
    originKind: "deployment",
    originId: deployment.id,
    externalId: request.msgId,
    recipient: request.toE164!,
    category,
    content,
    request: text,
  };
}

function refuse(code: SendCode, message: string): Verdict {
  return { kind: "refuse", code, message };
}

function sendCode(code: number): SendCode {
  return code === 2001 || code === 2002 ? code : 2004;
}
