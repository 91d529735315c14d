/**
 * Reading, explaining and writing Meta's error envelope.
 *
 * Source: Meta, Graph API "Handling errors" and WhatsApp Cloud API "Error codes". Decide on the code, then the subcode,
 * then `is_transient`; never on HTTP status or text.
 */
import { asBoolean, asNumber, asObject, asText, defined } from "./json.ts";
import { errorTable, templateSubcodes, type ErrorEntry, type RetryClass } from "./error-table.ts";

/** An error as Meta wrote it, with the HTTP status it came with. */
export interface MetaErrorInfo {
  httpStatus: number;
  /** -1 when the answer held no readable code. */
  code: number;
  subcode?: number;
  /** `OAuthException`, `GraphMethodException` or `FacebookApiException`. */
  type: string;
  /** Usually `(#code) title`. */
  message: string;
  /** `error_data.details`: what exactly was wrong. */
  details?: string;
  /** For template creation: title and sentence meant for people, and the fields to blame. */
  userTitle?: string;
  userMessage?: string;
  blameFields?: string[][];
  isTransient?: boolean;
  fbtraceId?: string;
}

/** The JSON that travels. `error_subcode`, `is_transient` and the user texts are optional in Meta's answers. */
export interface MetaErrorBody {
  error: {
    message: string;
    type: string;
    code: number;
    error_subcode?: number;
    is_transient?: boolean;
    error_user_title?: string;
    error_user_msg?: string;
    error_data?: { messaging_product?: "whatsapp"; details?: string; blame_field_specs?: string[][] };
    fbtrace_id?: string;
  };
}

export interface ErrorExplanation extends ErrorEntry {
  code: number;
  subcode?: number;
  /** False when the code is in no table and the answer is the general one. */
  known: boolean;
}

const ranges: { from: number; to: number; like: number; title: string; meaning: string }[] = [
  { from: 201, to: 299, like: 200, title: "API Permission", meaning: "The permission this call needs was not granted, or was taken away." },
  { from: 138000, to: 138999, like: 138000, title: "Calling error", meaning: "A WhatsApp call could not be made or changed." },
  { from: 139000, to: 139999, like: 139000, title: "Flow or block list error", meaning: "A Flow or the list of blocked people refused the change." },
  { from: 147000, to: 147999, like: 135000, title: "Username error", meaning: "The business's username could not be read or changed." },
];

const bySubcode: Record<string, Partial<ErrorEntry>> = {
  "100/33": {
    meaning: "The object does not exist, or the token may not see it: check the id and the token's access to the account.",
    who: "admin",
  },
  "190/460": { title: "Access token is no longer valid", meaning: "The access token ended because its owner changed the password." },
  "190/463": { title: "Access token has expired", meaning: "The access token has expired; connect the number again." },
  "190/467": { title: "Invalid access token", meaning: "The access token is not valid; connect the number again." },
};

const unknownError: ErrorEntry = {
  title: "Unknown error",
  meaning: "Meta answered with a code that is not documented.",
  who: "developer",
  retry: "never",
  clevertapCode: 1009,
  httpStatus: 400,
  channel: "either",
};

/** What a code means, who can act, and whether the send may be repeated. Always answers, whatever the code. */
export function explainError(code: number, subcode?: number): ErrorExplanation {
  const named = defined({ code, subcode });
  const template = templateSubcodes[code] ?? (code === 100 && subcode !== undefined ? templateSubcodes[subcode] : undefined);
  if (template) return { ...errorTable[100]!, ...template, who: "marketer", ...named, known: true };
  const entry = errorTable[code];
  if (entry) return { ...entry, ...bySubcode[`${code}/${subcode}`], ...named, known: true };
  const range = ranges.find((each) => code >= each.from && code <= each.to);
  if (range) return { ...errorTable[range.like]!, title: range.title, meaning: range.meaning, ...named, known: true };
  return { ...unknownError, ...named, known: false };
}

/**
 * Whether a refused send may be repeated. A documented code decides; otherwise anything that may have been carried out
 * (a server fault, a time-out at a gateway, `is_transient`) is `ambiguous`.
 */
export function retryClassOf(error: Pick<MetaErrorInfo, "code" | "subcode" | "httpStatus" | "isTransient">): RetryClass {
  const explained = explainError(error.code, error.subcode);
  if (explained.known) return explained.retry;
  if (error.httpStatus === 429) return "backOff";
  if (error.httpStatus >= 500 || error.httpStatus === 408 || error.httpStatus < 400 || error.isTransient === true) return "ambiguous";
  return "never";
}

/**
 * The code of CleverTap's generic delivery report (1000 to 1010) for an error of Meta. A parameter error that is about the
 * recipient's number is 1002 (bad phone number) instead of 1001 (bad template parameters).
 */
export function clevertapCodeOf(error: Pick<MetaErrorInfo, "code" | "subcode" | "details" | "message">): number {
  if (error.code === 100 || error.code === 131009) {
    const about = `${error.message} ${error.details ?? ""}`;
    if (/\b(param(eter)?\s+'?to\b|recipient|phone number)/i.test(about) && !/phone[_ ]number[_ ]id/i.test(about)) return 1002;
  }
  return explainError(error.code, error.subcode).clevertapCode;
}

/**
 * Makes an error as Meta would: the message is `(#code) title` unless given, status and title come from the table.
 * Used by everything that speaks Meta's side of the wire.
 */
export function metaError(
  code: number,
  options: Partial<Pick<MetaErrorInfo, "details" | "subcode" | "message" | "type" | "httpStatus" | "userTitle" | "userMessage">> = {},
): MetaErrorInfo {
  const explained = explainError(code, options.subcode);
  const { subcode, details, userTitle, userMessage, type = "OAuthException", httpStatus = explained.httpStatus } = options;
  const message = options.message ?? `(#${code}) ${errorTable[code]?.title ?? explained.title}`;
  return defined({ httpStatus, code, subcode, type, message, details, userTitle, userMessage });
}

/** The wire form of an error. `fbtraceId` is used when the error carries none of its own. */
export function errorBody(error: MetaErrorInfo, fbtraceId?: string): MetaErrorBody {
  const messagingProduct = error.details === undefined ? undefined : ("whatsapp" as const);
  const data = defined({ messaging_product: messagingProduct, details: error.details, blame_field_specs: error.blameFields });
  return {
    error: defined({
      message: error.message,
      type: error.type,
      code: error.code,
      error_data: Object.keys(data).length === 0 ? undefined : data,
      error_subcode: error.subcode,
      is_transient: error.isTransient,
      error_user_title: error.userTitle,
      error_user_msg: error.userMessage,
      fbtrace_id: error.fbtraceId ?? fbtraceId,
    }),
  };
}

/**
 * Reads an error answer, whatever its form. An answer that is not Meta's envelope (a proxy's page, an empty body) gives
 * code -1 and the beginning of the text as its message.
 */
export function readError(httpStatus: number, body: unknown): MetaErrorInfo {
  const error = asObject(asObject(body)?.["error"]);
  if (!error) {
    const text = typeof body === "string" ? body.slice(0, 200) : JSON.stringify(body)?.slice(0, 200);
    return { httpStatus, code: -1, type: "", message: text || `HTTP ${httpStatus} without a readable body` };
  }
  const data = asObject(error["error_data"]);
  const blame = data?.["blame_field_specs"];
  return defined({
    httpStatus,
    code: asNumber(error["code"]) ?? -1,
    subcode: asNumber(error["error_subcode"]),
    type: asText(error["type"]) ?? "",
    message: asText(error["message"]) ?? `HTTP ${httpStatus}`,
    details: asText(data?.["details"]) ?? asText(error["error_data"]),
    userTitle: asText(error["error_user_title"]),
    userMessage: asText(error["error_user_msg"]),
    blameFields: Array.isArray(blame) ? blame.filter(Array.isArray).map((path) => path.map(String)) : undefined,
    isTransient: asBoolean(error["is_transient"]),
    fbtraceId: asText(error["fbtrace_id"]),
  });
}

/** An answer of Meta that refuses the request. */
export class MetaError extends Error {
  override readonly name = "MetaError";
  readonly info: MetaErrorInfo;
  readonly explanation: ErrorExplanation;
  readonly retry: RetryClass;

  constructor(info: MetaErrorInfo) {
    super(info.details === undefined ? info.message : `${info.message}: ${info.details}`);
    this.info = info;
    this.explanation = explainError(info.code, info.subcode);
    this.retry = retryClassOf(info);
  }
}
