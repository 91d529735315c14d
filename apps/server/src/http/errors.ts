/**
 * Every error the HTTP API can answer, in one place. A code never changes its meaning; the sentences may be improved.
 * `who` can put it right: the user of this request, an admin of the workspace, whoever runs this server, or the provider.
 * Wire endpoints answer in their own contract's words and map from these where they share a cause.
 */
import type { ErrorBody, RawAnswer } from "@tincan/api";

interface ErrorKind {
  status: number;
  message: string;
  fix?: string;
  who: "user" | "admin" | "operator" | "provider" | "tincan";
}

const catalogue = {
  // The request itself
  invalid_input: { status: 400, message: "A value of the request cannot be used.", who: "user" },
  malformed_json: { status: 400, message: "The body is not valid JSON.", who: "user" },
  bad_request: { status: 400, message: "The request cannot be understood.", who: "user" },
  wrong_content_type: { status: 415, message: "This address does not take this kind of body.", fix: "Send JSON with the header Content-Type: application/json.", who: "user" },
  body_too_large: { status: 413, message: "The body is too large.", who: "user" },
  not_found: { status: 404, message: "There is nothing at this address.", fix: "Look at /api/docs for what there is.", who: "user" },
  too_many_requests: { status: 429, message: "Too many attempts.", fix: "Wait a minute and try again.", who: "user" },
  // Who is asking
  not_signed_in: { status: 401, message: "Sign in first, or send an API key.", fix: "Send the header Authorization: Bearer <api key>.", who: "user" },
  wrong_api_key: { status: 401, message: "This API key is not known.", fix: "Make a new one under Settings, API keys.", who: "admin" },
  not_allowed: { status: 403, message: "Your role does not allow this.", fix: "Ask an admin of the workspace.", who: "admin" },
  foreign_origin: { status: 403, message: "This request came from another site's page.", fix: "Open Tincan at its public address (PUBLIC_URL).", who: "operator" },
  no_workspace: { status: 403, message: "You are in no workspace.", fix: "Ask an admin to invite you.", who: "admin" },
  only_a_person: { status: 403, message: "This needs a signed-in person, not an API key.", who: "user" },
  // Accounts
  already_set_up: { status: 409, message: "This server has been set up already.", fix: "Sign in, or ask an admin to invite you.", who: "admin" },
  link_not_valid: { status: 404, message: "This link was used already or is too old.", fix: "Ask for a new one.", who: "admin" },
  wrong_password: { status: 403, message: "That is not the password of this account.", who: "user" },
  already_member: { status: 409, message: "This person is in the workspace already.", who: "user" },
  member_not_found: { status: 404, message: "There is no such member.", who: "user" },
  last_admin: { status: 409, message: "A workspace needs at least one admin.", fix: "Make somebody else an admin first.", who: "user" },
  api_key_not_found: { status: 404, message: "There is no such API key.", who: "user" },
  api_key_name_taken: { status: 409, message: "There is an API key of this name already.", who: "user" },
  demo_not_found: { status: 404, message: "This workspace holds no demo data.", who: "user" },
  workspace_not_found: { status: 404, message: "There is no such workspace among yours.", who: "user" },
  // Platform deployments and messages
  deployment_not_found: { status: 404, message: "There is no such platform deployment.", who: "user" },
  deployment_name_taken: { status: 409, message: "There is a platform deployment of this name already.", fix: "Choose another name.", who: "user" },
  message_not_found: { status: 404, message: "There is no such message.", who: "user" },
  // Where requests of ours may go
  address_not_allowed: {
    status: 400,
    message: "This address may not be used.",
    fix: "Use a public https address, or have the operator of this server name the host in TINCAN_ALLOWED_HOSTS.",
    who: "operator",
  },
  // Providers, templates, lanes
  provider_not_found: { status: 404, message: "There is no such provider.", who: "user" },
  provider_name_taken: { status: 409, message: "There is a provider of this name already.", fix: "Choose another nickname.", who: "user" },
  provider_number_taken: { status: 409, message: "This number is connected in this workspace already.", fix: "Change that provider, or remove it first.", who: "user" },
  provider_not_verified: { status: 422, message: "The number could not be verified at Meta, so nothing was saved.", who: "admin" },
  provider_of_other_kind: { status: 409, message: "This kind of provider cannot do that.", who: "user" },
  endpoint_not_verified: { status: 422, message: "The endpoint did not confirm within one second, so nothing was saved.", fix: "Compare the endpoint and its headers with what the provider gave you.", who: "provider" },
  provider_unreachable: { status: 502, message: "Meta could not be asked.", fix: "Try again in a few minutes; if it stays, verify the provider.", who: "provider" },
  provider_in_use: { status: 409, message: "Something still uses this provider.", fix: "Give it another provider first, or confirm that it goes with it.", who: "user" },
  provider_busy: { status: 409, message: "Messages of this provider are on their way right now.", fix: "Pause its lane, wait a moment, and try again.", who: "user" },
  signup_not_set_up: { status: 409, message: "Log in with Facebook is not set up on this server.", fix: "Connect the number by pasting its ids and token.", who: "operator" },
  signup_refused: { status: 422, message: "The login could not be turned into a connected number.", fix: "Open the login again and choose an account and a number.", who: "user" },
  template_not_found: { status: 404, message: "There is no such template.", who: "user" },
  template_exists: { status: 409, message: "There is a template of this name in this language already.", fix: "Choose another name, or change the one that is there.", who: "user" },
  template_invalid: { status: 422, message: "The template breaks a rule of WhatsApp.", who: "user" },
  template_refused: { status: 422, message: "Meta refused the template.", who: "user" },
  template_submitted_already: { status: 409, message: "The template was submitted already.", who: "user" },
  template_busy: { status: 409, message: "The template is being submitted or changed right now.", fix: "Try again in a minute.", who: "user" },
  template_not_editable: { status: 409, message: "Meta does not let this template be changed.", who: "user" },
  template_edit_limit: { status: 409, message: "Meta lets an approved template be edited once a day and ten times in 30 days.", who: "user" },
  template_not_paused: { status: 409, message: "The template is not paused.", who: "user" },
  template_not_deletable: { status: 409, message: "Meta has disabled this template; it cannot be deleted.", fix: "Archive it.", who: "user" },
  template_name_locked: { status: 409, message: "A template of this name was deleted, and Meta locks the name for 30 days.", fix: "Choose another name.", who: "user" },
  template_without_media_header: { status: 409, message: "The template has no header with a picture, video or document there.", who: "user" },
  template_values_invalid: { status: 422, message: "These values do not fit the template.", fix: "Compare them with the template's header, body and buttons.", who: "user" },
  template_not_sendable: { status: 409, message: "Only an approved template can be sent.", who: "user" },
  sample_not_taken: { status: 422, message: "The sample file cannot be used.", who: "user" },
  template_library_missing: { status: 409, message: "Only a number on Meta's Cloud API has a template library.", fix: "Choose another number, or write the template yourself.", who: "user" },
  template_library_unavailable: { status: 502, message: "Meta's template library could not be read.", fix: "Try again in a minute.", who: "provider" },
  template_library_entry_not_found: { status: 404, message: "Meta's library has no such template.", who: "user" },
  template_import_not_set_up: { status: 409, message: "This provider has no template import URL.", fix: "Enter it in the provider's settings.", who: "admin" },
  template_import_failed: { status: 502, message: "The provider's templates could not be read.", who: "provider" },
  template_import_not_found: { status: 404, message: "There is no such import, or it is older than an hour.", fix: "Ask the provider again.", who: "user" },
  template_import_outdated: { status: 409, message: "Templates changed since the difference was shown, so nothing was applied.", fix: "Ask the provider again.", who: "user" },
  provider_archived: { status: 409, message: "The provider is archived and sends nothing.", fix: "Take it out of the archive first.", who: "user" },
  no_test_recipient: { status: 422, message: "A test needs a number or a contact with a number.", who: "user" },
  lane_not_found: { status: 404, message: "There is no such lane.", who: "user" },
  // People
  contact_not_found: { status: 404, message: "There is no such contact.", who: "user" },
  contact_conflict: { status: 409, message: "Another person has this already.", fix: "Merge the two if they are one, or correct the value.", who: "user" },
  consent_kept_out: { status: 409, message: "This person had opted out when they were deleted earlier, and only they can undo it.", fix: "They opt in by writing a word such as START.", who: "user" },
  // Segments and lists
  segment_not_found: { status: 404, message: "There is no such segment.", who: "user" },
  segment_name_taken: { status: 409, message: "There is a segment of this name already.", fix: "Choose another name.", who: "user" },
  segment_in_use: { status: 409, message: "The segment is in use.", fix: "Take it out of what uses it first.", who: "user" },
  segment_too_slow: { status: 422, message: "Looking through everybody for this takes too long, so it was given up.", fix: "Ask about a shorter period or fewer properties of events.", who: "user" },
  list_not_found: { status: 404, message: "There is no such list.", who: "user" },
  list_name_taken: { status: 409, message: "There is a list of this name already.", fix: "Choose another name.", who: "user" },
  list_in_use: { status: 409, message: "The list is in use.", fix: "Take it out of what uses it first.", who: "user" },
  list_upload_not_found: { status: 404, message: "There is no such upload, or a later one took its place.", who: "user" },
  list_upload_ended: { status: 409, message: "This file is not being read any more.", who: "user" },
  // Imports
  import_not_found: { status: 404, message: "There is no such import.", who: "user" },
  import_file_unusable: { status: 422, message: "This file cannot be imported.", who: "user" },
  import_file_too_large: { status: 413, message: "This file is too large.", fix: "Split it, or have the operator of this server raise TINCAN_IMPORT_MAX_MB.", who: "user" },
  import_not_editable: { status: 409, message: "This import can no longer be changed or started.", fix: "Upload the file again to import it once more.", who: "user" },
  // Campaigns
  campaign_not_found: { status: 404, message: "There is no such campaign.", who: "user" },
  campaign_not_editable: { status: 409, message: "Only a draft can be changed.", fix: "Clone the campaign and change the copy.", who: "user" },
  campaign_incomplete: { status: 422, message: "The campaign cannot be launched yet.", who: "user" },
  campaign_wrong_state: { status: 409, message: "The campaign is not in a state for that.", who: "user" },
  campaign_unfinished: { status: 422, message: "The campaign is not finished enough for that yet.", who: "user" },
  coupon_pool_not_found: { status: 404, message: "There is no such pool of coupon codes.", who: "user" },
  coupon_pool_name_taken: { status: 409, message: "There is a pool of coupon codes of this name already.", fix: "Choose another name.", who: "user" },
  coupon_pool_in_use: { status: 409, message: "Campaigns still take codes from this pool.", fix: "Wait until they are over, or choose another pool there.", who: "user" },
  send_person_unknown: { status: 422, message: "The request does not say whom to send to.", fix: "Name a contact by its id, a phone number, or an identity.", who: "user" },
  send_not_allowed: { status: 409, message: "This person may not get this message.", who: "user" },
  send_key_reused: { status: 409, message: "This idempotency key was used for another message.", fix: "Use a new key for each message.", who: "user" },
  // Reports
  report_export_not_found: { status: 404, message: "There is no such export, or it has expired.", fix: "Export the campaign again.", who: "user" },
  report_export_not_done: { status: 409, message: "The export's file is not ready.", fix: "Wait until it is done.", who: "user" },
  report_export_over: { status: 409, message: "The export has ended already.", who: "user" },
  report_export_file_missing: { status: 404, message: "This server does not have the export's file.", fix: "Export the campaign again; servers that share a database need the same DATA_DIR.", who: "operator" },
  report_schedule_not_found: { status: 404, message: "There is no such scheduled report.", who: "user" },
  report_not_sent: { status: 502, message: "The report was not sent.", who: "user" },
  mail_not_set_up: { status: 409, message: "This server cannot send e-mail.", fix: "Have its operator set SMTP_URL and MAIL_FROM, or send the report to a webhook.", who: "operator" },
  // Links
  link_domain_not_verified: { status: 422, message: "This address does not lead to this server, so nothing was saved.", fix: "Point the domain at this server, with a certificate of its own, and try again.", who: "admin" },
  // This server
  database_unavailable: { status: 503, message: "The database does not answer.", fix: "Try again in a moment.", who: "operator" },
  internal: { status: 500, message: "Something went wrong on our side.", fix: "Try again; if it stays, look into the server's log.", who: "tincan" },
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof catalogue;

/** All of them, for the API's document. */
export function errorCatalogue(): { code: string; status: number; message: string; fix?: string }[] {
  return Object.entries(catalogue).map(([code, kind]: [string, ErrorKind]) => ({ code, status: kind.status, message: kind.message, ...(kind.fix !== undefined && { fix: kind.fix }) }));
}

/** What is particular about this occurrence: `detail` is a sentence put after the catalogue's (instead of it for `invalid_input`), `field` a path such as "webhooks.status". */
export interface ErrorDetails {
  field?: string;
  expected?: string;
  detail?: string;
  /** What an endpoint answered that was asked meanwhile. */
  answer?: RawAnswer;
}

/** `"webhooks.status" must be ….`, for a value that is not what was expected. */
function mustBe({ field, expected }: ErrorDetails): string | undefined {
  if (expected === undefined) return undefined;
  return `${field === undefined || field === "" ? "The body" : `"${field}"`} must be ${expected}.`;
}

/** What happened, in words. Of a value that cannot be used, what is particular says it all. */
function sentence(code: ErrorCode, details: ErrorDetails): string {
  const { message } = catalogue[code];
  if (code === "invalid_input") return details.detail ?? mustBe(details) ?? message;
  return details.detail === undefined ? message : `${message} ${details.detail}`;
}

/** Throw it anywhere in a request: it becomes the answer. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, details: ErrorDetails = {}, options?: ErrorOptions) {
    super(sentence(code, details), options);
    this.code = code;
    this.status = catalogue[code].status;
    this.details = details;
  }

  /** The body of the answer. */
  toBody(): ErrorBody {
    const kind: ErrorKind = catalogue[this.code];
    const { field, expected, answer } = this.details;
    return {
      error: {
        code: this.code,
        message: this.message,
        ...(field === undefined ? {} : { field }),
        ...(expected === undefined ? {} : { expected }),
        ...(kind.fix === undefined ? {} : { fix: kind.fix }),
        ...(answer === undefined ? {} : { answer }),
      },
    };
  }
}
