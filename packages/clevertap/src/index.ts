/* The string between the two cans: CleverTap's "Other (Generic)" WhatsApp provider contract. Tolerant in, strict out. */

export type { Parsed, ParseError } from "./parsed.ts";

export { sendCodes, callbackCodes, recordCodes, isSendCode, isCallbackCode } from "./codes.ts";
export type { SendCode, CallbackCode, RecordCode } from "./codes.ts";

export { parseSendRequest } from "./parse-send-request.ts";
export { buildSendRequest } from "./build-send-request.ts";
export type { WireSendRequest, WireComponent } from "./build-send-request.ts";
export type {
  SendRequest,
  TemplateRequest,
  FreeFormRequest,
  SendRequestDraft,
  TemplateDraft,
  FreeFormDraft,
  FreeFormContent,
  Header,
  FilledText,
  Button,
  ButtonKind,
  LimitedTimeOffer,
  Card,
  Place,
} from "./send-request.ts";
export { isVerificationProbe, isTrial, VERIFICATION_NAMESPACE, TRIAL_MSG_ID } from "./special-requests.ts";
export { dynamicUrlSuffix } from "./dynamic-url.ts";
export { normaliseLanguage } from "./language.ts";
export { toE164 } from "./phone.ts";
export { isStorableJson } from "./storable.ts";

export { buildSuccess, buildFailure, buildServerFailure, buildMessageAnswer, parseSendAnswer } from "./answer.ts";
export type { SuccessAnswer, FailureAnswer, ReceivedAnswer, SendOutcome } from "./answer.ts";

export { parseStatusCallback, buildStatusCallback } from "./status-callback.ts";
export type { StatusReport, StatusDraft, StatusBatch, WireStatusCallback, WireStatus } from "./status-callback.ts";

export { parseInboundCallback, buildInboundCallback } from "./inbound-callback.ts";
export type { InboundMessage, InboundDraft, InboundContent, WireInboundCallback } from "./inbound-callback.ts";

export { parseTemplatePage, buildTemplatePage } from "./template-page.ts";
export type {
  TemplatePage,
  ReceivedTemplatePage,
  ImportedTemplate,
  ImportedComponent,
  ImportedButton,
  WireTemplatePage,
} from "./template-page.ts";

export { parseUpload, buildUpload, buildUploadAnswer, buildUploadRefusal, parseUploadAnswer, unprocessedRecord, parseDateValue, buildDateValue, uploadLimits } from "./upload.ts";
export type { UploadRecord, ProfileRecord, EventRecord, UploadBatch, UnprocessedRecord, UploadAnswer, UploadOutcome } from "./upload.ts";

export { parseSubscribe, buildSubscribe } from "./subscribe.ts";
export type { SubscriptionChange, SubscriptionBatch } from "./subscribe.ts";
