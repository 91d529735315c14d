/**
 * Client for one access token of Meta's Cloud API and Business Management API.
 *
 * Sources: Meta, "Messages", "Media", "Templates", "Phone numbers", "Embedded Signup" references. Every method throws
 * {@link MetaError} when Meta refuses and {@link MetaUnreachable} when no answer came.
 */
import type { BusinessAccount, CreatedTemplate, MediaInfo, PhoneNumber, SubscribedApp } from "./accounts.ts";
import { MetaError } from "./errors.ts";
import { callGraph, exchange, nextCursor, pages, type GraphCall, type Query } from "./graph.ts";
import { asList, asObject, defined } from "./json.ts";
import { digestInHex, downloadFrom, mediaForm, uploadSample, type DownloadedMedia, type FileToUpload, type MediaSettings } from "./media.ts";
import type { MarketingSendBody, MarkReadBody, SendBody } from "./messages.ts";
import { readSendAnswer, type Submitted } from "./send.ts";
import { appSecretProof } from "./signature.ts";
import { readLibraryTemplate, type LibraryFilter, type LibraryTemplate } from "./templates/library.ts";
import type { LibraryTemplateDefinition, ListedTemplate, TemplateDefinition, TemplateEdit } from "./templates/types.ts";

export interface CloudApiSettings extends MediaSettings {
  accessToken: string;
  /** When given, every call is signed with `appsecret_proof`. */
  appSecret?: string;
}

export interface TemplateFilter {
  fields?: string[];
  limit?: number;
  /** Meta matches names that contain this: compare exactly afterwards. */
  name?: string;
  language?: string;
  category?: string;
  status?: string;
}

/** All translations of a name, one template, or up to 100 ids at once (all or nothing). */
export type TemplateDeletion = { name: string; id?: string } | { ids: string[] };

export interface SentMessage extends Submitted {
  /** HTTP status and parsed body of the answer. */
  status: number;
  body: unknown;
}

/** `next` is the cursor of the following page, undefined on the last. */
export interface LibraryPage {
  items: LibraryTemplate[];
  next: string | undefined;
}

export type CloudApi = ReturnType<typeof createCloudApi>;

const phoneNumberFields = [
  "id", "display_phone_number", "verified_name", "quality_rating", "code_verification_status", "name_status", "status", "throughput",
  "whatsapp_business_manager_messaging_limit", "health_status", "webhook_configuration",
];
const templateFields = [
  "id", "name", "language", "status", "category", "parameter_format", "components", "sub_category", "previous_category", "correct_category",
  "rejected_reason", "quality_score", "message_send_ttl_seconds", "last_updated_time",
];
const accountFields = ["id", "name", "currency", "timezone_id", "account_review_status", "business_verification_status"];

/** An id as one segment of a path. */
const at = encodeURIComponent;

/** A client for one token. Holds no connection of its own; closing `dispatcher` is the caller's business. */
export function createCloudApi(settings: CloudApiSettings) {
  const authorization = `Bearer ${settings.accessToken}`;
  const proof = settings.appSecret ? appSecretProof(settings.accessToken, settings.appSecret) : undefined;
  const signed = (each: GraphCall): GraphCall => ({
    ...each,
    query: { ...each.query, appsecret_proof: proof },
    headers: { authorization, ...each.headers },
  });
  // The answer's members are Meta's; the types given here name those that its reference promises.
  const call = async <Answer>(each: GraphCall) => (await callGraph(settings, signed(each))) as Answer;
  const get = <Answer>(path: string, query?: Query) => call<Answer>({ method: "GET", path, query });
  const post = <Answer>(path: string, body?: object) => call<Answer>({ method: "POST", path, body });
  const remove = (path: string, query?: Query) => call<{ success: boolean }>({ method: "DELETE", path, query });

  async function sendTo(edge: string, phoneNumberId: string, body: SendBody | MarketingSendBody): Promise<SentMessage> {
    const { status, text } = await exchange(settings, signed({ method: "POST", path: `${at(phoneNumberId)}/${edge}`, body }));
    const answer = readSendAnswer(status, text);
    if (answer.kind === "refused") throw new MetaError(answer.error);
    return { ...answer, status, body: JSON.parse(text) };
  }

  const mediaInfo = (mediaId: string, phoneNumberId?: string) => get<MediaInfo>(at(mediaId), { phone_number_id: phoneNumberId });

  return {
    /** Sends a message of any type. Accepted is not delivered. */
    send: (phoneNumberId: string, body: SendBody) => sendTo("messages", phoneNumberId, body),

    /** Sends a marketing template through the Marketing Messages API. */
    sendMarketing: (phoneNumberId: string, body: MarketingSendBody) => sendTo("marketing_messages", phoneNumberId, body),

    /** Marks an inbound message and all before it as read; with `typing` shows that an answer is being written, at most 25 s. */
    async markRead(phoneNumberId: string, messageId: string, options: { typing?: boolean } = {}): Promise<void> {
      const body: MarkReadBody = { messaging_product: "whatsapp", status: "read", message_id: messageId };
      if (options.typing) body.typing_indicator = { type: "text" };
      await post(`${at(phoneNumberId)}/messages`, body);
    },

    /** Uploads a file to send; answers its media id, good for 30 days. */
    async uploadMedia(phoneNumberId: string, file: FileToUpload): Promise<string> {
      return (await post<{ id: string }>(`${at(phoneNumberId)}/media`, mediaForm(file))).id;
    },

    /** Address, type and size of a file; the address is good for 5 minutes. */
    mediaInfo,

    /**
     * The bytes of a file that was uploaded or came in. `knownUrl` is the address out of a webhook; when it has expired,
     * or is not given, a new one is asked for.
     */
    async downloadMedia(mediaId: string, knownUrl?: string): Promise<DownloadedMedia> {
      if (knownUrl !== undefined) {
        try {
          return await downloadFrom(settings, authorization, knownUrl);
        } catch (error) {
          if (!(error instanceof MetaError) || ![401, 403, 404, 410].includes(error.info.httpStatus)) throw error;
        }
      }
      const { url, sha256 } = await mediaInfo(mediaId);
      return defined({ ...(await downloadFrom(settings, authorization, url)), sha256: digestInHex(sha256) });
    },

    deleteMedia: (mediaId: string, phoneNumberId?: string) => remove(at(mediaId), { phone_number_id: phoneNumberId }),

    /** Uploads a sample for a template's media header; answers the handle for `example.header_handle`. */
    uploadSample: (appId: string, file: FileToUpload) => uploadSample(call, settings.accessToken, appId, file),

    createTemplate: (wabaId: string, template: TemplateDefinition | LibraryTemplateDefinition) =>
      post<CreatedTemplate>(`${at(wabaId)}/message_templates`, template),

    /** One page of Meta's own ready-made templates; the same for every account. That it is paged as other lists are is not documented. */
    async templateLibrary(filter: LibraryFilter & { limit?: number; after?: string | undefined } = {}): Promise<LibraryPage> {
      const page = asObject(await get("message_template_library", { ...filter }));
      return { items: asList(page?.["data"]).flatMap((each) => readLibraryTemplate(each) ?? []), next: nextCursor(page) };
    },

    /** All templates of an account, page after page. */
    listTemplates: (wabaId: string, filter: TemplateFilter = {}) =>
      pages<ListedTemplate>((after) => get(`${at(wabaId)}/message_templates`, { limit: 100, fields: templateFields, ...filter, after })),

    template: (templateId: string, fields: string[] = templateFields) => get<ListedTemplate>(at(templateId), { fields }),

    /** `components` replaces all of them. Allowed for approved, rejected and paused templates. */
    editTemplate: (templateId: string, edit: TemplateEdit) => post<{ success: boolean }>(at(templateId), edit),

    /** Deletes templates. An approved name stays locked for 30 days. */
    deleteTemplate: (wabaId: string, which: TemplateDeletion) =>
      remove(`${at(wabaId)}/message_templates`, "ids" in which ? { hsm_ids: JSON.stringify(which.ids) } : { name: which.name, hsm_id: which.id }),

    unpauseTemplate: (templateId: string) => post<{ success: boolean }>(`${at(templateId)}/unpause`),

    phoneNumber: (phoneNumberId: string, fields: string[] = phoneNumberFields) => get<PhoneNumber>(at(phoneNumberId), { fields }),

    /** All numbers of an account. */
    phoneNumbers: (wabaId: string) =>
      pages<PhoneNumber>((after) => get(`${at(wabaId)}/phone_numbers`, { fields: phoneNumberFields, limit: 100, after })),

    businessAccount: (wabaId: string, fields: string[] = accountFields) => get<BusinessAccount>(at(wabaId), { fields }),

    /** Registers the number on the Cloud API and sets its two-step PIN. At most 10 times in 72 hours. */
    register: (phoneNumberId: string, pin: string) =>
      post<{ success: boolean }>(`${at(phoneNumberId)}/register`, { messaging_product: "whatsapp", pin }),

    deregister: (phoneNumberId: string) => post<{ success: boolean }>(`${at(phoneNumberId)}/deregister`),

    /** Has the token's app receive the account's webhooks; `override` sends its message webhooks to another address. */
    subscribeApp: (wabaId: string, override?: { callbackUrl: string; verifyToken: string }) =>
      post<{ success: boolean }>(
        `${at(wabaId)}/subscribed_apps`,
        override && { override_callback_uri: override.callbackUrl, verify_token: override.verifyToken },
      ),

    async subscribedApps(wabaId: string): Promise<SubscribedApp[]> {
      return (await get<{ data: SubscribedApp[] }>(`${at(wabaId)}/subscribed_apps`)).data;
    },

    unsubscribeApp: (wabaId: string) => remove(`${at(wabaId)}/subscribed_apps`),
  };
}
