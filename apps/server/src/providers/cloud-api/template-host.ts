/** A number's templates at Meta, behind the interface by which the templates' floor knows it. */
import { createCloudApi, MetaError, MetaUnreachable, templateDefinition, type CloudApi, type LibraryTemplateDefinition, type TemplateComponent, type TemplateDefinition, type TemplateEdit as MetaEdit } from "@tincan/whatsapp";
import type { Dispatcher } from "undici";
import type { Database } from "../../database/connection.ts";
import type { Secrets } from "../../database/secrets.ts";
import { ApiError, type ErrorCode } from "../../http/errors.ts";
import { whyNoAnswer } from "../../http/no-answer.ts";
import type { CreatedAtHost, OpenTemplateHost, TemplateHost } from "../../templates/host.ts";
import { findProvider, openNumber, type CloudApiNumber } from "../store.ts";
import { remoteTemplate } from "../upkeep.ts";

export interface TemplateHostDeps {
  db: Database;
  secrets: Secrets;
  /** For calls of Meta's Graph API, through the guarded connector. */
  graph: Dispatcher;
}

export function openTemplateHost(deps: TemplateHostDeps): OpenTemplateHost {
  return async (workspaceId, providerId) => {
    const row = await findProvider(deps.db, workspaceId, providerId);
    const number = row && openNumber(row, deps.secrets);
    return number ? templateHost(number, deps.graph) : null;
  };
}

function templateHost(number: CloudApiNumber, dispatcher: Dispatcher): TemplateHost {
  const { settings, secrets, wabaId } = number;
  const api: CloudApi = createCloudApi({ baseUrl: settings.baseUrl, version: settings.version, accessToken: secrets.accessToken, appSecret: secrets.appSecret, dispatcher });
  const create = (template: TemplateDefinition | LibraryTemplateDefinition): Promise<CreatedAtHost> =>
    told(async () => {
      const { id, status, category } = await api.createTemplate(wabaId, template);
      return { remoteId: String(id), status, category };
    });
  return {
    // The validator has judged it; Meta's types name the same members.
    create: (template) => create(templateDefinition(template) as unknown as TemplateDefinition),
    library: (filter) => told(() => api.templateLibrary(filter), "template_library_unavailable"),
    createFromLibrary: create,
    edit: (remoteId, { components, category, parameterFormat, timeToLiveSeconds }) =>
      told(async () => {
        const edit: MetaEdit = {
          ...(components && { components: components as unknown as TemplateComponent[] }),
          ...(category !== undefined && { category: category as TemplateDefinition["category"] }),
          ...(parameterFormat && { parameter_format: parameterFormat }),
          ...(timeToLiveSeconds !== undefined && { message_send_ttl_seconds: timeToLiveSeconds }),
        };
        await api.editTemplate(remoteId, edit);
      }),
    read: (remoteId) => told(async () => remoteTemplate(await api.template(remoteId))),
    find: (name, language) =>
      told(async () => {
        for await (const each of api.listTemplates(wabaId, { name, language })) if (each.name === name && each.language === language) return remoteTemplate(each);
        return null;
      }),
    unpause: (remoteId) =>
      told(async () => {
        await api.unpauseTemplate(remoteId);
      }),
    remove: (name, id) =>
      told(async () => {
        await api.deleteTemplate(wabaId, { name, id });
      }),
    uploadSample: (file) =>
      told(() => {
        if (settings.appId === undefined) throw new ApiError("sample_not_taken", { detail: "The Facebook app behind this number is not known yet; verify the provider first." });
        return api.uploadSample(settings.appId, { bytes: file.bytes, mimeType: file.mimeType, filename: file.filename });
      }),
  };
}

const codes: Record<number, ErrorCode> = { 2388023: "template_name_locked", 2388024: "template_exists", 2388039: "template_not_editable" };

/** Meta's refusals in the words of our catalogue. */
async function told<T>(call: () => Promise<T>, refused: ErrorCode = "template_refused"): Promise<T> {
  try {
    return await call();
  } catch (cause) {
    if (cause instanceof MetaUnreachable) throw new ApiError("provider_unreachable", { detail: `${whyNoAnswer(cause)}.` }, { cause });
    if (!(cause instanceof MetaError)) throw cause;
    const { code, subcode, userTitle, userMessage, details } = cause.info;
    const detail = [...new Set([userTitle, userMessage ?? details ?? cause.explanation.meaning].filter((each) => each !== undefined))].join(": ");
    const known = codes[subcode ?? code] ?? codes[code];
    if (known) throw new ApiError(known, { detail }, { cause });
    if (cause.retry === "ambiguous" || code === -1 || code === 190) throw new ApiError("provider_unreachable", { detail: cause.message }, { cause });
    throw new ApiError(refused, { detail }, { cause });
  }
}
