/** The rules of templates alone: no network, no Node, so that a page can check while somebody types. */
export { templateDefinition, templateProblems, type TemplateDestination, type WrittenButtonSetting, type WrittenTemplate } from "./authoring.ts";
export { libraryComponents, libraryProblems } from "./library.ts";
export { templateLimits } from "./limits.ts";
export { validateTemplate } from "./rules.ts";
export { templateLanguages } from "./types.ts";
export { type Problem } from "./variable-rules.ts";
export { fillVariables, templateVariables, variablesIn, type AnyTemplate, type ButtonNeed, type CardVariables, type HeaderNeed } from "./variables.ts";
