/** Templates to choose from: found while one types, and known by name and language, as campaigns and requests name them. */
import { queryOptions, useQueries } from "@tanstack/react-query";
import type { Template } from "@tincan/api";
import { api } from "../../api.ts";
import { FOUND_AT_ONCE, type Named, type Source, withoutNote } from "../../pieces/found.ts";

type TemplateRef = Pick<Template, "name" | "language">;

interface TemplateChoice extends Named {
  template: Template;
}

export const keyOfTemplate = ({ name, language }: TemplateRef): string => `${name} ${language}`;

function choiceOf(key: string): Named {
  const end = key.lastIndexOf(" ");
  return { id: key, name: `${key.slice(0, end)} (${key.slice(end + 1)})` };
}

/** The approved templates of a number, by their keys. */
export const approvedTemplates = (provider: string | undefined): Source<TemplateChoice> => ({
  key: ["templates", "approved", provider ?? ""],
  find: async (q, signal) => {
    if (provider === undefined) return { items: [], next: null };
    const { items, next } = await api.templates.list({ provider, status: "APPROVED", q: withoutNote(q), limit: FOUND_AT_ONCE }, signal);
    return { items: items.map((template) => ({ ...choiceOf(keyOfTemplate(template)), template })), next };
  },
  get: (key) => Promise.resolve(choiceOf(key)),
  gone: "a template that is gone",
});

/** A template of a number, whatever its status; null when it has none of this name in this language. */
export const templateNamed = (provider: string | undefined, { name, language }: TemplateRef) =>
  queryOptions({
    queryKey: ["templates", "named", provider, name, language],
    queryFn: async ({ signal }) => (await api.templates.list({ provider, name, language, limit: 1 }, signal)).items[0] ?? null,
    enabled: provider !== undefined,
  });

/** Those of them that are there, as far as they are read by now. */
export function useTemplatesNamed(provider: string | undefined, refs: readonly TemplateRef[]): Template[] {
  const each = new Map(refs.map((ref) => [keyOfTemplate(ref), ref]));
  return useQueries({
    queries: [...each.values()].map((ref) => templateNamed(provider, ref)),
    combine: (results) => results.flatMap(({ data }) => data ?? []),
  });
}
