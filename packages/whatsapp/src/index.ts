export * from "./messages.ts";
export * from "./errors.ts";
export { errorTable, templateSubcodes, type ErrorChannel, type ErrorEntry, type Responsible, type RetryClass } from "./error-table.ts";
export * from "./signature.ts";
export * from "./templates/types.ts";
export { validateTemplate } from "./templates/rules.ts";
export { type Problem } from "./templates/variable-rules.ts";
export * from "./templates/variables.ts";
export { checkSend } from "./templates/check-send.ts";
