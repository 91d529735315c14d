export * from "./messages.ts";
export * from "./errors.ts";
export { errorTable, templateSubcodes, type ErrorChannel, type ErrorEntry, type Responsible, type RetryClass } from "./error-table.ts";
export * from "./signature.ts";
export * from "./templates/types.ts";
export { templateDefinition, templateProblems, type TemplateDestination, type WrittenTemplate } from "./templates/authoring.ts";
export {
  libraryComponents, libraryDefinition, libraryProblems, readLibraryTemplate, type LibraryFilter, type LibraryInputs, type LibraryTemplate,
} from "./templates/library.ts";
export { validateTemplate } from "./templates/rules.ts";
export { type Problem } from "./templates/variable-rules.ts";
export * from "./templates/variables.ts";
export { checkSend } from "./templates/check-send.ts";
export * from "./accounts.ts";
export { createCloudApi, type CloudApi, type CloudApiSettings, type LibraryPage, type SentMessage, type TemplateDeletion, type TemplateFilter } from "./client.ts";
export { createAppApi, type AppApi, type AppApiSettings, type WebhookTarget } from "./app.ts";
export { type DownloadedMedia, type FileToUpload, type MediaSettings } from "./media.ts";
export { type GraphSettings } from "./graph.ts";
export { classifyNetworkError, MetaUnreachable, type NetworkFailure } from "./network.ts";
export * from "./send.ts";
export { parseWebhook } from "./webhook/parse.ts";
export { verifySubscription } from "./webhook/verify.ts";
export * from "./webhook/types.ts";
