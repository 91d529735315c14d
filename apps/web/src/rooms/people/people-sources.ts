import { api } from "../../api.ts";
import { FOUND_AT_ONCE, type Source } from "../../pieces/found.ts";

/** Saved segments that are in use, by name. */
export const segmentSource: Source = {
  key: ["segments", "choice"],
  find: (q, signal) => api.segments.list({ q, sort: "name", limit: FOUND_AT_ONCE }, signal),
  get: (id, signal) => api.segments.get(id, signal),
  gone: "a segment that is gone",
};

/** Custom lists by name. */
export const listSource: Source = {
  key: ["segments", "lists", "choice"],
  find: (q, signal) => api.lists.list({ q, sort: "name", limit: FOUND_AT_ONCE }, signal),
  get: (id, signal) => api.lists.get(id, signal),
  gone: "a list that is gone",
};
