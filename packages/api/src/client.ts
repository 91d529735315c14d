import type { ApiKey, ApiKeyCreated, ApiKeyInput } from "./api-key.ts";
import type { AuditEntry, AuditQuery } from "./audit.ts";
import type {
  Campaign,
  CampaignDecision,
  CampaignInput,
  CampaignPatch,
  CampaignQuery,
  CampaignSettings,
  CampaignSummary,
} from "./campaign.ts";
import type { CampaignFunnel, CampaignPeopleQuery, CampaignPerson, CampaignPreview, CampaignPreviewInput } from "./campaign-people.ts";
import type { ConsentInput, ConsentSettings, ConsentWords, ConsentWordsInput, DoNotDisturbInput } from "./consent.ts";
import type {
  ContactList, ContactListDetail, ContactListInput, ContactListMembersChanged, ContactListMembersInput, ContactListPatch, ContactListQuery, ContactListUpload, ContactListUploadQuery,
} from "./contact-list.ts";
import type {
  Contact,
  ContactInput,
  ContactMerge,
  ContactPatch,
  ContactProperty,
  ContactSaved,
  ContactQuery,
  ContactsDelete,
  ContactsDeleted,
  TimelineItem,
  TimelineQuery,
} from "./contact.ts";
import type { CouponCodesAdded, CouponCodesInput, CouponPool, CouponPoolInput } from "./coupon.ts";
import type { DemoData } from "./demo.ts";
import type {
  Callback,
  CallbackQuery,
  CallbackReplayInput,
  CallbackReplayResult,
  Deployment,
  DeploymentInput,
  DeploymentPatch,
  DeploymentQuery,
  TestRequestInput,
  TestRequestResult,
} from "./deployment.ts";
import type { ErrorBody, RawAnswer } from "./error.ts";
import type { EventsInput, EventsResult } from "./event.ts";
import type { Import, ImportPatch, ImportQuery, ImportSummary } from "./import.ts";
import type { LaneStatus } from "./lane.ts";
import type { LinkSettings, LinkSettingsInput, MessageLinks } from "./link.ts";
import type { List, ListQuery } from "./list.ts";
import type { Invitation, InvitationAccept, Member, MemberInvite, MemberInvited, MemberPatch } from "./member.ts";
import type { Message, MessageQuery, MessageSummary, Trace } from "./message.ts";
import type { Overview } from "./overview.ts";
import type {
  EmbeddedSignupConfig,
  EmbeddedSignupInput,
  GenericProvider,
  Provider,
  ProviderHealth,
  ProviderInput,
  ProviderPatch,
  ProviderQuery,
  ProviderReadiness,
  ProviderRemoval,
  ProviderUses,
  RotateCallbackUrlsInput,
  TemplateSyncResult,
} from "./provider.ts";
import type {
  BestHours, BestHoursQuery, CampaignReport, CampaignReportQuery, OverviewReport, OverviewReportQuery, RateCard, ReportExport, ReportExportInput, ReportSchedule, ReportScheduleInput,
} from "./report.ts";
import type {
  Audience, AudienceCount, AudienceSampleQuery, Segment, SegmentCloneInput, SegmentDetail, SegmentFields, SegmentInput, SegmentListQuery, SegmentPatch,
} from "./segment.ts";
import type { SendInput, SendResult } from "./send.ts";
import type { Session, SetupInput, SetupState, SwitchWorkspaceInput } from "./session.ts";
import type {
  MediaSample,
  ProviderTestInput,
  Template,
  TemplateCloneInput,
  TemplateImportApply,
  TemplateImportInput,
  TemplateImportPreview,
  TemplateImportResult,
  TemplateInput,
  TemplatePatch,
  TemplateQuery,
  TemplateTestInput,
  TestResult,
} from "./template.ts";
import type { LibraryQuery, LibraryTemplate, LibraryTemplateInput, LibraryTemplateResult } from "./template-library.ts";
import type { Workspace, WorkspaceInput, WorkspacePatch } from "./workspace.ts";

/** A refused request: the server's own words, or ours when it could not be reached (`status` 0, code `unreachable`). */
export class ApiFailure extends Error {
  readonly status: number;
  readonly code: string;
  readonly field: string | undefined;
  readonly expected: string | undefined;
  readonly fix: string | undefined;
  readonly answer: RawAnswer | undefined;

  constructor(status: number, error: ErrorBody["error"]) {
    super(error.message);
    this.name = "ApiFailure";
    this.status = status;
    this.code = error.code;
    this.field = error.field;
    this.expected = error.expected;
    this.fix = error.fix;
    this.answer = error.answer;
  }
}

/** `baseUrl`: the server's address without a path; empty in a page it serves itself, where the session cookie is enough. */
export interface ClientOptions {
  baseUrl?: string;
  apiKey?: string;
  fetch?: typeof fetch;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Query = Record<string, string | number | boolean | undefined>;
interface CallOptions {
  query?: Query | undefined;
  body?: unknown;
  signal?: AbortSignal | undefined;
}

function queryString(query: Query = {}): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) if (value !== undefined && value !== "") given.set(key, String(value));
  return given.size === 0 ? "" : `?${given}`;
}

function isErrorBody(value: unknown): value is ErrorBody {
  if (typeof value !== "object" || value === null || !("error" in value)) return false;
  const { error } = value;
  return typeof error === "object" && error !== null && "code" in error && "message" in error;
}

async function failureOf(response: Response): Promise<ApiFailure> {
  const body: unknown = await response.json().catch(() => undefined);
  if (isErrorBody(body)) return new ApiFailure(response.status, body.error);
  return new ApiFailure(response.status, {
    code: "unexpected_answer",
    message: `The server answered ${response.status} without saying why.`,
    fix: "Try again. If it stays, look into the server's log.",
  });
}

/** The management API as functions, one per endpoint, named as the endpoints are. Every failure is thrown as an `ApiFailure`. */
export function createClient(options: ClientOptions = {}) {
  const send = options.fetch ?? fetch;

  async function call<T>(method: Method, path: string, { query, body, signal }: CallOptions = {}): Promise<T> {
    const headers: Record<string, string> = { accept: "application/json" };
    if (options.apiKey) headers["authorization"] = `Bearer ${options.apiKey}`;
    const isForm = body instanceof FormData;
    // A form names its own type, with the boundary between its parts.
    if (body !== undefined && !isForm) headers["content-type"] = "application/json";
    let response: Response;
    try {
      response = await send(`${options.baseUrl ?? ""}/api/v1${path}${queryString(query)}`, {
        method,
        headers,
        credentials: "same-origin",
        ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
        ...(signal ? { signal } : {}),
      });
    } catch (cause) {
      if (signal?.aborted) throw cause;
      throw new ApiFailure(0, { code: "unreachable", message: "The server did not answer.", fix: "Check that Tincan is running and try again." });
    }
    if (!response.ok) throw await failureOf(response);
    // The server validates its answers with the schema that T comes from.
    return (response.status === 204 ? undefined : await response.json()) as T;
  }

  const get = <T>(path: string, signal?: AbortSignal, query?: Query) => call<T>("GET", path, { query, signal });
  const post = <T>(path: string, body: unknown = {}) => call<T>("POST", path, { body });
  const put = <T>(path: string, body: unknown) => call<T>("PUT", path, { body });
  const patch = <T>(path: string, body: unknown) => call<T>("PATCH", path, { body });
  const remove = (path: string, query?: Query) => call<void>("DELETE", path, { query });
  const at = (id: string) => encodeURIComponent(id);

  return {
    setup: {
      get: (signal?: AbortSignal) => get<SetupState>("/setup", signal),
      run: (input: SetupInput) => post<Session>("/setup", input),
    },
    session: {
      get: (signal?: AbortSignal) => get<Session>("/session", signal),
      switchWorkspace: (input: SwitchWorkspaceInput) => post<Session>("/session/workspace", input),
    },
    workspace: {
      get: (signal?: AbortSignal) => get<Workspace>("/workspace", signal),
      update: (input: WorkspacePatch) => patch<Workspace>("/workspace", input),
      create: (input: WorkspaceInput) => post<Workspace>("/workspaces", input),
    },
    demo: {
      get: (signal?: AbortSignal) => get<DemoData>("/demo", signal),
      /** Removes what the demo start made: its number, and all that came of it. */
      remove: () => remove("/demo"),
    },
    members: {
      list: (query?: ListQuery, signal?: AbortSignal) => get<List<Member>>("/members", signal, query),
      invite: (input: MemberInvite) => post<MemberInvited>("/members", input),
      update: (id: string, input: MemberPatch) => patch<Member>(`/members/${at(id)}`, input),
      remove: (id: string) => remove(`/members/${at(id)}`),
    },
    invitations: {
      get: (token: string, signal?: AbortSignal) => get<Invitation>(`/invitations/${at(token)}`, signal),
      accept: (token: string, input: InvitationAccept) => post<Session>(`/invitations/${at(token)}`, input),
    },
    apiKeys: {
      list: (query?: ListQuery, signal?: AbortSignal) => get<List<ApiKey>>("/api-keys", signal, query),
      create: (input: ApiKeyInput) => post<ApiKeyCreated>("/api-keys", input),
      remove: (id: string) => remove(`/api-keys/${at(id)}`),
    },
    audit: {
      list: (query?: AuditQuery, signal?: AbortSignal) => get<List<AuditEntry>>("/audit", signal, query),
    },
    providers: {
      list: (query?: ProviderQuery, signal?: AbortSignal) => get<List<Provider>>("/providers", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Provider>(`/providers/${at(id)}`, signal),
      create: (input: ProviderInput) => post<Provider>("/providers", input),
      update: (id: string, input: ProviderPatch) => patch<Provider>(`/providers/${at(id)}`, input),
      remove: (id: string, query?: ProviderRemoval) => remove(`/providers/${at(id)}`, query),
      uses: (id: string, signal?: AbortSignal) => get<ProviderUses>(`/providers/${at(id)}/uses`, signal),
      archive: (id: string) => post<Provider>(`/providers/${at(id)}/archive`),
      unarchive: (id: string) => post<Provider>(`/providers/${at(id)}/unarchive`),
      rotateCallbackUrls: (id: string, input: RotateCallbackUrlsInput) => post<GenericProvider>(`/providers/${at(id)}/rotate-callback-urls`, input),
      readiness: (id: string, signal?: AbortSignal) => get<ProviderReadiness>(`/providers/${at(id)}/readiness`, signal),
      health: (id: string, signal?: AbortSignal) => get<ProviderHealth>(`/providers/${at(id)}/health`, signal),
      verify: (id: string) => post<ProviderHealth>(`/providers/${at(id)}/verify`),
      test: (id: string, input: ProviderTestInput) => post<TestResult>(`/providers/${at(id)}/test`, input),
      syncTemplates: (id: string) => post<TemplateSyncResult>(`/providers/${at(id)}/sync-templates`),
      embeddedSignupConfig: (signal?: AbortSignal) => get<EmbeddedSignupConfig>("/providers/embedded-signup/config", signal),
      embeddedSignup: (input: EmbeddedSignupInput) => post<Provider>("/providers/embedded-signup", input),
    },
    lanes: {
      list: (signal?: AbortSignal) => get<List<LaneStatus>>("/lanes", signal),
      pause: (id: string) => post<LaneStatus>(`/lanes/${at(id)}/pause`),
      resume: (id: string) => post<LaneStatus>(`/lanes/${at(id)}/resume`),
    },
    links: {
      ofMessage: (messageId: string, signal?: AbortSignal) => get<MessageLinks>("/links", signal, { messageId }),
      settings: (signal?: AbortSignal) => get<LinkSettings>("/link-settings", signal),
      setSettings: (input: LinkSettingsInput) => put<LinkSettings>("/link-settings", input),
    },
    deployments: {
      list: (query?: DeploymentQuery, signal?: AbortSignal) => get<List<Deployment>>("/deployments", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Deployment>(`/deployments/${at(id)}`, signal),
      create: (input: DeploymentInput) => post<Deployment>("/deployments", input),
      update: (id: string, input: DeploymentPatch) => patch<Deployment>(`/deployments/${at(id)}`, input),
      remove: (id: string) => remove(`/deployments/${at(id)}`),
      rotateToken: (id: string) => post<Deployment>(`/deployments/${at(id)}/rotate-token`),
      testRequest: (id: string, input: TestRequestInput) => post<TestRequestResult>(`/deployments/${at(id)}/test-request`, input),
      callbacks: (id: string, query?: CallbackQuery, signal?: AbortSignal) =>
        get<List<Callback>>(`/deployments/${at(id)}/callbacks`, signal, query),
      replayCallbacks: (id: string, input: CallbackReplayInput) =>
        post<CallbackReplayResult>(`/deployments/${at(id)}/callbacks/replay`, input),
    },
    templates: {
      list: (query?: TemplateQuery, signal?: AbortSignal) => get<List<Template>>("/templates", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Template>(`/templates/${at(id)}`, signal),
      languages: (id: string, signal?: AbortSignal) => get<List<Template>>(`/templates/${at(id)}/languages`, signal),
      create: (input: TemplateInput) => post<Template>("/templates", input),
      update: (id: string, input: TemplatePatch) => patch<Template>(`/templates/${at(id)}`, input),
      submit: (id: string) => post<Template>(`/templates/${at(id)}/submit`),
      /** Asks Meta to let a paused template be sent again. */
      unpause: (id: string) => post<Template>(`/templates/${at(id)}/unpause`),
      archive: (id: string) => post<Template>(`/templates/${at(id)}/archive`),
      unarchive: (id: string) => post<Template>(`/templates/${at(id)}/unarchive`),
      clone: (id: string, input: TemplateCloneInput) => post<Template>(`/templates/${at(id)}/clone`, input),
      remove: (id: string) => remove(`/templates/${at(id)}`),
      /** Uploads a header's sample; `card` is the zero-based card it stands on. */
      addMediaSample: (id: string, file: Blob, card?: number) => {
        const body = new FormData();
        body.append("file", file);
        return call<MediaSample>("POST", `/templates/${at(id)}/media-sample`, { body, query: { card } });
      },
      /** Meta's ready-made templates, and making templates of them. */
      library: (query: LibraryQuery, signal?: AbortSignal) => get<List<LibraryTemplate>>("/templates/library", signal, query),
      createFromLibrary: (input: LibraryTemplateInput) => post<LibraryTemplateResult>("/templates/library", input),
      previewImport: (input: TemplateImportInput) => post<TemplateImportPreview>("/templates/import", input),
      applyImport: (input: TemplateImportApply) => post<TemplateImportResult>("/templates/import/apply", input),
      test: (id: string, input: TemplateTestInput) => post<TestResult>(`/templates/${at(id)}/test`, input),
    },
    messages: {
      list: (query?: MessageQuery, signal?: AbortSignal) => get<List<MessageSummary>>("/messages", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Message>(`/messages/${at(id)}`, signal),
      trace: (id: string, signal?: AbortSignal) => get<Trace>(`/messages/${at(id)}/trace`, signal),
    },
    contacts: {
      list: (query?: ContactQuery, signal?: AbortSignal) => get<List<Contact>>("/contacts", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Contact>(`/contacts/${at(id)}`, signal),
      create: (input: ContactInput) => post<ContactSaved>("/contacts", input),
      update: (id: string, input: ContactPatch) => patch<Contact>(`/contacts/${at(id)}`, input),
      remove: (id: string) => remove(`/contacts/${at(id)}`),
      removeMany: (input: ContactsDelete) => post<ContactsDeleted>("/contacts/delete", input),
      merge: (id: string, input: ContactMerge) => post<Contact>(`/contacts/${at(id)}/merge`, input),
      timeline: (id: string, query?: TimelineQuery, signal?: AbortSignal) => get<List<TimelineItem>>(`/contacts/${at(id)}/timeline`, signal, query),
      setConsent: (id: string, input: ConsentInput) => put<Contact>(`/contacts/${at(id)}/consent`, input),
      setDoNotDisturb: (id: string, input: DoNotDisturbInput) => put<Contact>(`/contacts/${at(id)}/do-not-disturb`, input),
      properties: (signal?: AbortSignal) => get<List<ContactProperty>>("/contact-properties", signal),
    },
    consent: {
      words: (signal?: AbortSignal) => get<ConsentWords>("/consent-words", signal),
      setWords: (input: ConsentWordsInput) => put<ConsentWords>("/consent-words", input),
      settings: (signal?: AbortSignal) => get<ConsentSettings>("/consent-settings", signal),
      setSettings: (input: ConsentSettings) => put<ConsentSettings>("/consent-settings", input),
    },
    segments: {
      list: (query?: SegmentListQuery, signal?: AbortSignal) => get<List<Segment>>("/segments", signal, query),
      get: (id: string, signal?: AbortSignal) => get<SegmentDetail>(`/segments/${at(id)}`, signal),
      create: (input: SegmentInput) => post<Segment>("/segments", input),
      people: (id: string, query?: ListQuery, signal?: AbortSignal) => get<List<Contact>>(`/segments/${at(id)}/people`, signal, query),
      update: (id: string, input: SegmentPatch) => patch<Segment>(`/segments/${at(id)}`, input),
      clone: (id: string, input: SegmentCloneInput) => post<Segment>(`/segments/${at(id)}/clone`, input),
      archive: (id: string) => post<Segment>(`/segments/${at(id)}/archive`),
      unarchive: (id: string) => post<Segment>(`/segments/${at(id)}/unarchive`),
      remove: (id: string) => remove(`/segments/${at(id)}`),
      /** Counts a saved segment and remembers the count. */
      recount: (id: string) => post<Segment>(`/segments/${at(id)}/count`),
      fields: (signal?: AbortSignal) => get<SegmentFields>("/segments/fields", signal),
      /** Of an audience that need not be saved. */
      count: (audience: Audience, signal?: AbortSignal) => call<AudienceCount>("POST", "/segments/count", { body: audience, signal }),
      sample: (audience: Audience, query?: AudienceSampleQuery, signal?: AbortSignal) => call<List<Contact>>("POST", "/segments/sample", { body: audience, query, signal }),
    },
    lists: {
      list: (query?: ContactListQuery, signal?: AbortSignal) => get<List<ContactList>>("/lists", signal, query),
      get: (id: string, signal?: AbortSignal) => get<ContactListDetail>(`/lists/${at(id)}`, signal),
      create: (input: ContactListInput) => post<ContactList>("/lists", input),
      update: (id: string, input: ContactListPatch) => patch<ContactList>(`/lists/${at(id)}`, input),
      remove: (id: string) => remove(`/lists/${at(id)}`),
      members: (id: string, query?: ListQuery, signal?: AbortSignal) => get<List<Contact>>(`/lists/${at(id)}/members`, signal, query),
      addMembers: (id: string, input: ContactListMembersInput) => post<ContactListMembersChanged>(`/lists/${at(id)}/members`, input),
      removeMembers: (id: string, input: ContactListMembersInput) => post<ContactListMembersChanged>(`/lists/${at(id)}/members/remove`, input),
      cancelUpload: (id: string, uploadId: string) => post<ContactListUpload>(`/lists/${at(id)}/uploads/${at(uploadId)}/cancel`),
      upload: (id: string, file: Blob, query: ContactListUploadQuery) => {
        const body = new FormData();
        body.append("file", file);
        return call<ContactListUpload>("POST", `/lists/${at(id)}/upload`, { body, query });
      },
    },
    imports: {
      list: (query?: ImportQuery, signal?: AbortSignal) => get<List<ImportSummary>>("/imports", signal, query),
      get: (id: string, signal?: AbortSignal) => get<Import>(`/imports/${at(id)}`, signal),
      update: (id: string, input: ImportPatch) => patch<Import>(`/imports/${at(id)}`, input),
      dryRun: (id: string) => post<Import>(`/imports/${at(id)}/dry-run`),
      start: (id: string) => post<Import>(`/imports/${at(id)}/start`),
      cancel: (id: string) => post<Import>(`/imports/${at(id)}/cancel`),
    },
    campaigns: {
      list: (query?: CampaignQuery, signal?: AbortSignal) => get<List<CampaignSummary>>("/campaigns", signal, query),
      labels: (signal?: AbortSignal) => get<List<string>>("/campaigns/labels", signal),
      get: (id: string, signal?: AbortSignal) => get<Campaign>(`/campaigns/${at(id)}`, signal),
      create: (input: CampaignInput) => post<Campaign>("/campaigns", input),
      update: (id: string, input: CampaignPatch) => patch<Campaign>(`/campaigns/${at(id)}`, input),
      remove: (id: string) => remove(`/campaigns/${at(id)}`),
      clone: (id: string) => post<Campaign>(`/campaigns/${at(id)}/clone`),
      launch: (id: string) => post<Campaign>(`/campaigns/${at(id)}/launch`),
      approve: (id: string) => post<Campaign>(`/campaigns/${at(id)}/approve`),
      reject: (id: string, input: CampaignDecision) => post<Campaign>(`/campaigns/${at(id)}/reject`, input),
      pause: (id: string) => post<Campaign>(`/campaigns/${at(id)}/pause`),
      resume: (id: string) => post<Campaign>(`/campaigns/${at(id)}/resume`),
      stop: (id: string) => post<Campaign>(`/campaigns/${at(id)}/stop`),
      archive: (id: string) => post<Campaign>(`/campaigns/${at(id)}/archive`),
      unarchive: (id: string) => post<Campaign>(`/campaigns/${at(id)}/unarchive`),
      funnel: (id: string) => post<CampaignFunnel>(`/campaigns/${at(id)}/funnel`),
      people: (id: string, query?: CampaignPeopleQuery, signal?: AbortSignal) => get<List<CampaignPerson>>(`/campaigns/${at(id)}/people`, signal, query),
      preview: (input: CampaignPreviewInput) => post<CampaignPreview>("/campaigns/preview", input),
      settings: (signal?: AbortSignal) => get<CampaignSettings>("/campaign-settings", signal),
      setSettings: (input: CampaignSettings) => put<CampaignSettings>("/campaign-settings", input),
    },
    couponPools: {
      list: (query?: ListQuery, signal?: AbortSignal) => get<List<CouponPool>>("/coupon-pools", signal, query),
      get: (id: string, signal?: AbortSignal) => get<CouponPool>(`/coupon-pools/${at(id)}`, signal),
      create: (input: CouponPoolInput) => post<CouponPool>("/coupon-pools", input),
      rename: (id: string, input: CouponPoolInput) => patch<CouponPool>(`/coupon-pools/${at(id)}`, input),
      remove: (id: string) => remove(`/coupon-pools/${at(id)}`),
      addCodes: (id: string, input: CouponCodesInput) => post<CouponCodesAdded>(`/coupon-pools/${at(id)}/codes`, input),
    },
    reports: {
      campaign: (id: string, query?: CampaignReportQuery, signal?: AbortSignal) => get<CampaignReport>(`/reports/campaigns/${at(id)}`, signal, query),
      overview: (query: OverviewReportQuery, signal?: AbortSignal) => get<OverviewReport>("/reports/overview", signal, query),
      bestHours: (query?: BestHoursQuery, signal?: AbortSignal) => get<BestHours>("/reports/best-hours", signal, query),
    },
    /** The file of a finished one is at `/report-exports/:id/file`. */
    reportExports: {
      list: (query?: ListQuery, signal?: AbortSignal) => get<List<ReportExport>>("/report-exports", signal, query),
      get: (id: string, signal?: AbortSignal) => get<ReportExport>(`/report-exports/${at(id)}`, signal),
      create: (input: ReportExportInput) => post<ReportExport>("/report-exports", input),
      cancel: (id: string) => post<ReportExport>(`/report-exports/${at(id)}/cancel`),
    },
    reportSchedules: {
      list: (query?: ListQuery, signal?: AbortSignal) => get<List<ReportSchedule>>("/report-schedules", signal, query),
      create: (input: ReportScheduleInput) => post<ReportSchedule>("/report-schedules", input),
      /** Replaces it. */
      update: (id: string, input: ReportScheduleInput) => put<ReportSchedule>(`/report-schedules/${at(id)}`, input),
      remove: (id: string) => remove(`/report-schedules/${at(id)}`),
      /** Sends it now, beside its times. */
      send: (id: string) => post<ReportSchedule>(`/report-schedules/${at(id)}/send`),
    },
    rateCard: {
      get: (signal?: AbortSignal) => get<RateCard>("/rate-card", signal),
      set: (input: RateCard) => put<RateCard>("/rate-card", input),
    },
    /** One template to one person, who becomes a contact if nobody knows them. */
    send: (input: SendInput) => post<SendResult>("/send", input),
    events: { record: (input: EventsInput) => post<EventsResult>("/events", input) },
    overview: { get: (signal?: AbortSignal) => get<Overview>("/overview", signal) },
  };
}

export type Client = ReturnType<typeof createClient>;
