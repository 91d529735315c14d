/** What the wizard lets one choose from, read once and shared by its steps. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { SegmentFields, Template } from "@tincan/api";
import { api } from "../../../api.ts";
import type { PickerField } from "../../../pieces/ValuePicker.tsx";

/** The approved templates of a number, as far as one list goes. */
export const approvedTemplates = (provider: string | undefined) =>
  queryOptions({
    queryKey: ["templates", "approved", provider],
    queryFn: ({ signal }) => api.templates.list({ provider, status: "APPROVED", limit: 200 }, signal),
    enabled: provider !== undefined,
  });

export const keyOfTemplate = ({ name, language }: Pick<Template, "name" | "language">): string => `${name} ${language}`;

const fieldsQuery = queryOptions({ queryKey: ["segments", "fields"], queryFn: ({ signal }) => api.segments.fields(signal), staleTime: 60_000 });

export function useFields(): SegmentFields | undefined {
  return useQuery(fieldsQuery).data;
}

const standard: [key: string, label: string][] = [
  ["name", "Name"],
  ["phone", "Phone"],
  ["email", "E-mail"],
  ["identity", "Identity"],
  ["language", "Language"],
  ["timeZone", "Time zone"],
];

/** What a text may be filled with; of an event only where the campaign waits for one. */
export function pickerFields(fields: SegmentFields | undefined, event: string | undefined): PickerField[] {
  const own = fields?.properties.map(({ key }): PickerField => ({ root: "profile", key, label: key })) ?? [];
  const done = fields?.events.find(({ name }) => name === event)?.properties.map(({ key }): PickerField => ({ root: "event", key, label: key })) ?? [];
  return [...standard.map(([key, label]): PickerField => ({ root: "profile", key, label })), ...own, ...done];
}
