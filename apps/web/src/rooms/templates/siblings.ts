import { queryOptions } from "@tanstack/react-query";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";

/** All languages of a template's name at its number, itself among them, those in the archive too. */
export const siblingsQuery = ({ id, name, provider }: Pick<Template, "id" | "name" | "provider">) =>
  queryOptions({
    queryKey: ["templates", "languages", provider.id, name],
    queryFn: ({ signal }) => api.templates.languages(id, signal),
    select: ({ items }) => items,
  });
