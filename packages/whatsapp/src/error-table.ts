/**
 * What Meta's error codes mean, as data.
 *
 * Source: Meta, WhatsApp Cloud API "Error codes"; the HTTP status is approximate by nature (Meta prints it no longer), so
 * nothing may be decided on it. `title` is the text after `(#code) ` in Meta's own message. Code ranges and subcodes are
 * in {@link explainError}.
 */

/** Who can do something about an error. */
export type Responsible =
  /** changes the template, the content or the audience */
  | "marketer"
  /** changes the account, its payment, number, permissions or token */
  | "admin"
  /** nobody but Meta; it passes or stays */
  | "meta"
  /** the person written to */
  | "recipient"
  /** whoever wrote the request */
  | "developer";

/**
 * Whether the same send may be repeated.
 * - `never`: it would be refused again.
 * - `backOff`: refused before processing for pace; repeat after a growing pause, the whole number slows down.
 * - `pairBackOff`: the same, for this recipient alone (4^n seconds).
 * - `later`: only after hours or after somebody acted.
 * - `ambiguous`: the message may have gone out; Meta has no idempotency key, so a repeat can double it.
 */
export type RetryClass = "never" | "backOff" | "pairBackOff" | "later" | "ambiguous";

/** Where the code is seen: in the answer, in a `failed` status, in either, or on an inbound message. */
export type ErrorChannel = "answer" | "status" | "either" | "inbound";

export interface ErrorEntry {
  title: string;
  meaning: string;
  who: Responsible;
  retry: RetryClass;
  /** Error code of CleverTap's generic delivery report, 1000 to 1010. */
  clevertapCode: number;
  /** Status Meta uses when the error is the answer to a request. */
  httpStatus: number;
  channel: ErrorChannel;
}

type Row = [
  title: string, meaning: string, who: Responsible, retry: RetryClass, clevertapCode: number, httpStatus: number, channel?: ErrorChannel,
];

const rows: Record<number, Row> = {
  // The Graph API itself
  0: ["AuthException", "Meta could not authenticate the app's user; the access token is not usable.", "admin", "never", 1000, 401],
  1: ["API Unknown", "Meta failed without saying why. The request may or may not have been carried out.", "meta", "ambiguous", 1009, 400],
  2: [
    "API Service", "A Meta service was down for a moment. The request may or may not have been carried out.", "meta", "ambiguous", 1009, 503,
  ],
  3: ["API Method", "The app lacks the capability or permission for this call.", "admin", "never", 1009, 500],
  4: ["API Too Many Calls", "The app reached its hourly limit of API calls.", "developer", "backOff", 1009, 400],
  10: ["Permission Denied", "The permission this call needs was not granted, or was taken away.", "admin", "never", 1000, 403],
  33: ["Parameter value is not valid", "The business phone number has been deleted.", "admin", "never", 1009, 400],
  100: ["Invalid parameter", "A parameter is missing, misspelt or not supported.", "developer", "never", 1001, 400],
  104: ["An access token is required", "The request carried no access token.", "admin", "never", 1000, 401],
  190: ["Access token has expired", "The access token is invalid or has expired; connect the number again.", "admin", "never", 1000, 401],
  200: ["API Permission", "The token has no permission for this object.", "admin", "never", 1000, 403],
  368: [
    "Temporarily blocked for policies violations",
    "Meta blocked the account for a time because it broke a policy.", "admin", "later", 1009, 403,
  ],
  470: [
    "Message failed to send because more than 24 hours have passed since the customer last replied",
    "The 24-hour window is closed; only a template can be sent. (Older code for 131047.)", "marketer", "never", 1008, 400, "either",
  ],
  803: ["Some of the aliases you requested do not exist", "No object has this id.", "admin", "never", 1009, 404],
  80007: ["Rate limit issues", "The WhatsApp Business Account reached its rate limit.", "developer", "backOff", 1004, 400],

  // Sending
  130403: [
    "Business has blocked this user", "The business blocked this person; unblock them to write again.", "admin", "never", 1009, 400, "either",
  ],
  130429: ["Rate limit hit", "Messages were sent faster than the number's throughput allows.", "developer", "backOff", 1004, 400, "either"],
  130472: [
    "User's number is part of an experiment",
    "Meta withheld a marketing message because the person is in one of its experiments.", "meta", "never", 1010, 400, "status",
  ],
  130497: [
    "Business account is restricted from messaging users in this country",
    "The account may not write to people in this country.", "admin", "never", 1009, 403, "status",
  ],
  131000: [
    "Something went wrong", "Meta failed for an unknown reason. The message may have gone out.", "meta", "ambiguous", 1009, 500, "either",
  ],
  131005: ["Access denied", "The token lacks a permission, or the app demands a signed request.", "admin", "never", 1000, 403],
  131008: ["Required parameter is missing", "A value the request or the template needs was not given.", "developer", "never", 1001, 400],
  131009: [
    "Parameter value is not valid", "A value is of the wrong kind, or the phone number is not usable.", "developer", "never", 1001, 400, "either",
  ],
  131016: [
    "Service unavailable", "A Meta service was down for a moment. The message may have gone out.", "meta", "ambiguous", 1009, 500, "either",
  ],
  131021: [
    "Recipient cannot be sender", "The message was addressed to the business's own number.", "marketer", "never", 1009, 400, "either",
  ],
  131026: [
    "Message undeliverable",
    "The number is not on WhatsApp, uses a very old app, or has not accepted WhatsApp's terms.", "recipient", "never", 1005, 400, "status",
  ],
  131030: [
    "Recipient phone number not in allowed list",
    "This is a test number, and the recipient is not on its list of allowed numbers.", "admin", "never", 1002, 400,
  ],
  131031: [
    "Business Account has been locked",
    "The account is locked for a policy violation, or the PIN did not match.", "admin", "later", 1009, 403,
  ],
  131037: [
    "WhatsApp provided number needs display name approval before message can be sent",
    "The number's display name must be approved before it can send.", "admin", "never", 1009, 400,
  ],
  131042: [
    "Business eligibility payment issue", "Something is wrong with the account's payment method or credit line.", "admin", "later", 1009, 400, "either",
  ],
  131044: [
    "Business eligibility payment issue", "Calls are refused because of the account's payment method.", "admin", "later", 1009, 400, "either",
  ],
  131045: ["Incorrect certificate", "The number is not registered correctly; register it again.", "admin", "never", 1009, 500, "either"],
  131047: [
    "Re-engagement message",
    "More than 24 hours have passed since the person last wrote; only a template can be sent.", "marketer", "never", 1008, 400, "either",
  ],
  131048: [
    "Spam rate limit hit",
    "Too many of this number's messages were blocked or reported as spam; sending is limited for a time.", "marketer", "later", 1004, 400, "either",
  ],
  131049: [
    "This message was not delivered to maintain healthy ecosystem engagement",
    "Meta limits how many marketing messages a person gets. Wait at least 24 hours before trying again.", "meta", "later", 1010, 400, "status",
  ],
  131050: [
    "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages on WhatsApp from your business",
    "The person stopped marketing messages from this business; record it and do not send more.", "recipient", "never", 1006, 400, "status",
  ],
  131051: ["Unsupported message type", "This kind of message is not supported.", "developer", "never", 1007, 400, "either"],
  131052: ["Media download error", "Media that a person sent could not be downloaded.", "recipient", "never", 1009, 400, "inbound"],
  131053: [
    "Media upload error",
    "Meta could not fetch or accept the media: look at the link, its type and its size.", "marketer", "never", 1009, 400, "either",
  ],
  131055: [
    "Method not allowed", "Only marketing templates can be sent through the Marketing Messages API.", "developer", "never", 1009, 400,
  ],
  131056: [
    "(Business Account, Consumer Account) pair rate limit hit",
    "Too many messages to one person in a short time; others are not affected.", "developer", "pairBackOff", 1004, 400, "either",
  ],
  131057: ["Account in maintenance mode", "The account is being upgraded, usually for less than a minute.", "meta", "backOff", 1009, 500],
  131058: [
    "hello_world templates can only be sent from public test numbers", "Use a template of your own.", "marketer", "never", 1009, 400,
  ],
  131060: [
    "This message is unavailable", "The content of an inbound message is no longer available.", "meta", "never", 1009, 400, "inbound",
  ],
  131062: [
    "Business-scoped user ID recipients are not supported for this message",
    "An authentication template with a code button needs a phone number as its recipient.", "developer", "never", 1009, 400,
  ],
  131063: [
    "Marketing templates are disabled on Cloud API",
    "This account sends marketing templates through the Marketing Messages API only.", "admin", "never", 1009, 400,
  ],
  131064: [
    "Messaging limit reached due to template classification violations",
    "Templates were put in the wrong category too often; sending is limited.", "marketer", "later", 1009, 400,
  ],

  // Templates and Flows
  132000: [
    "Number of parameters does not match the expected number of params",
    "The template needs another number of values than were given.", "marketer", "never", 1001, 400,
  ],
  132001: [
    "Template name does not exist in the translation",
    "No approved template has this name in this language.", "marketer", "never", 1001, 404,
  ],
  132005: ["Hydrated text too long", "With its values filled in, the text of the template is too long.", "marketer", "never", 1001, 400],
  132007: ["Template format character policy violated", "The content breaks one of WhatsApp's policies.", "marketer", "never", 1001, 400],
  132008: ["Parameter value is not valid", "A template value is not valid.", "marketer", "never", 1001, 400],
  132012: [
    "Parameter format does not match format in the created template",
    "A value is of another kind than the template expects.", "marketer", "never", 1001, 400,
  ],
  132015: ["Template is paused", "Meta paused the template for low quality.", "marketer", "later", 1001, 400, "either"],
  132016: ["Template is disabled", "Meta disabled the template for good after several pauses.", "marketer", "never", 1001, 400],
  132018: [
    "There's an issue with the parameters in your template",
    "A template value breaks a rule, such as a line break or more than four spaces in a row.", "marketer", "never", 1001, 400,
  ],
  132068: ["Flow is in blocked state", "The Flow is blocked; mend it and publish it again.", "developer", "never", 1009, 400],
  132069: [
    "Flow is in throttled state", "The Flow had too many errors and is limited to 10 messages an hour.", "developer", "later", 1009, 400,
  ],

  // The phone number
  133000: ["Incomplete deregistration", "An earlier attempt to deregister the number did not finish.", "admin", "never", 1009, 500],
  133004: ["Server temporarily unavailable", "Meta's registration service was down for a moment.", "meta", "backOff", 1009, 503],
  133005: ["Two-step verification PIN mismatch", "The two-step verification PIN is wrong.", "admin", "never", 1009, 400],
  133006: [
    "Phone number re-verification needed", "The number must be verified again before it is registered.", "admin", "never", 1009, 400,
  ],
  133008: [
    "Too many two-step verification PIN guesses", "The PIN was guessed too often; wait for the time given.", "admin", "later", 1009, 400,
  ],
  133009: ["Two-step verification PIN guessed too fast", "Wait a little before the next PIN.", "admin", "later", 1009, 400],
  133010: ["Phone number not registered", "The number is not registered on the Cloud API.", "admin", "never", 1009, 400],
  133015: [
    "Please wait a few minutes before attempting to register this phone number", "Register again after five minutes.", "admin", "later", 1009, 400,
  ],
  133016: [
    "Account register deregister rate limit exceeded", "At most 10 registrations of a number in 72 hours.", "admin", "later", 1009, 400,
  ],

  // Payments, Marketing Messages, the rest
  134011: ["WhatsApp Payments terms of service has not been accepted", "Accept the payments terms first.", "admin", "never", 1009, 400],
  134100: [
    "Only marketing messages supported", "The Marketing Messages API takes marketing templates only.", "developer", "never", 1009, 400,
  ],
  134101: [
    "Template is not ready", "A new template is still being made ready for the Marketing Messages API, up to 10 minutes.", "meta", "later", 1009, 400,
  ],
  134102: ["Template unavailable", "The template cannot be used with the Marketing Messages API.", "marketer", "never", 1009, 500],
  135000: ["Generic user error", "Something in the request is wrong and Meta does not say what.", "developer", "never", 1009, 400],
  136024: ["Request code failed", "The verification code could not be sent; try again later.", "admin", "later", 1009, 400],
  137000: ["Identity key mismatch", "The person's identity changed since it was last confirmed.", "developer", "never", 1009, 400],
  138000: ["Calling not enabled", "Calling is not switched on for this number.", "admin", "never", 1009, 400],
  138001: ["Receiver uncallable", "The person cannot be called.", "recipient", "never", 1009, 400],
  138006: ["No approved call permission from the recipient", "The person has not allowed calls.", "recipient", "never", 1009, 400],
  139000: ["Blocked by Integrity", "The Flow cannot be published or sent for integrity reasons.", "admin", "never", 1009, 400],
  139001: ["Flow can't be updated", "A published Flow cannot be changed.", "developer", "never", 1009, 400],
  139002: ["Publishing Flow in invalid state", "The Flow is not in a state in which it can be published.", "developer", "never", 1009, 400],
  139003: ["Deprecating Flow in invalid state", "The Flow cannot be retired in its present state.", "developer", "never", 1009, 400],
  139004: ["Deleting Flow in invalid state", "Only a draft Flow can be deleted.", "developer", "never", 1009, 400],
  139100: [
    "Failed to block/unblock some users", "Some of the people named could not be blocked or unblocked.", "admin", "never", 1009, 400,
  ],
  139101: ["Blocklist limit reached", "The list of blocked people is full.", "admin", "never", 1009, 400],
  139102: [
    "Blocklist concurrent update", "The list of blocked people was being changed by another request.", "developer", "later", 1009, 400,
  ],
  139103: ["Internal error", "Meta failed while changing the list of blocked people.", "meta", "later", 1009, 400],
  2494100: ["Phone number in maintenance", "The number is being upgraded, usually for less than a minute.", "meta", "backOff", 1009, 400],
};

/** Every code Meta documents one by one. Look up with {@link explainError}, which also knows ranges and subcodes. */
export const errorTable: Readonly<Record<number, Readonly<ErrorEntry>>> = Object.freeze(
  Object.fromEntries(
    Object.entries(rows).map(([code, [title, meaning, who, retry, clevertapCode, httpStatus, channel = "answer"]]) => [
      code,
      Object.freeze({ title, meaning, who, retry, clevertapCode, httpStatus, channel }),
    ]),
  ),
);

type TemplateSubcode = { title: string; meaning: string };

/** Subcodes of code 100 that creating or editing a template answers; Meta's pages print some of them as codes. */
export const templateSubcodes: Readonly<Record<number, Readonly<TemplateSubcode>>> = Object.freeze({
  2388019: { title: "Message template limit exceeded", meaning: "The account has as many templates as it may have." },
  2388023: { title: "Message template language is being deleted", meaning: "A template of this name was deleted; the name is locked for 30 days." },
  2388024: { title: "Content in this language already exists", meaning: "There is already a template of this name in this language." },
  2388039: { title: "Message template can't be edited", meaning: "The template's present status does not allow this change." },
  2388040: { title: "Character limit exceeded", meaning: "A field is too long." },
  2388043: { title: "Message template components are invalid", meaning: "A component lacks something it needs, such as an example." },
  2388046: { title: "Message template name is invalid", meaning: "A name has lowercase letters, digits and underscores only." },
  2388047: { title: "Message header format is incorrect", meaning: "The header breaks a rule." },
  2388072: { title: "Message body format is incorrect", meaning: "The body breaks a rule." },
  2388073: { title: "Message footer format is incorrect", meaning: "The footer breaks a rule." },
  2388155: { title: "Name of a sample template", meaning: "This name belongs to one of Meta's sample templates." },
  2388293: { title: "Parameters/words ratio exceeds limit", meaning: "The text has too many variables for its length." },
  2388299: { title: "Leading or trailing parameters are not allowed", meaning: "The text begins or ends with a variable." },
});
