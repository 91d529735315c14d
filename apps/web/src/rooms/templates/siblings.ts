import { queryOptions } from "@tanstack/react-query";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";

/** All languages of a template's name at its number, itself among them. */
export const siblingsQuery = (template: Pick<Template, "name" | "provider">) =>
  queryOptions({
    queryKey: ["templates", "languages", template.provider.id, template.name],
    queryFn: ({ signal }) => api.templates.list({ provider: template.provider.id, q: template.name, limit: 200 }, signal),
    select: ({ items }) => items.filter(({ name }) => name === template.name).sort((a, b) => a.language.localeCompare(b.language)),
  });
