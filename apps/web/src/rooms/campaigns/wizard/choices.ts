/** What the wizard lets one choose from. */
import { queryOptions, useQuery } from "@tanstack/react-query";
import type { CouponPool, SegmentFields } from "@tincan/api";
import { api } from "../../../api.ts";
import { FOUND_AT_ONCE, type Named, type Source, withoutNote } from "../../../pieces/found.ts";
import type { PickerField } from "../../../pieces/ValuePicker.tsx";

const poolChoice = ({ id, name, free }: CouponPool): Named => ({ id, name: `${name} (${free.toLocaleString()} left)` });

/** Pools of coupon codes by name. */
export const poolSource: Source = {
  key: ["campaigns", "coupon-pools"],
  find: async (q, signal) => {
    const { items, next } = await api.couponPools.list({ q: withoutNote(q), limit: FOUND_AT_ONCE }, signal);
    return { items: items.map(poolChoice), next };
  },
  get: async (id, signal) => poolChoice(await api.couponPools.get(id, signal)),
  gone: "a pool that is gone",
};

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
