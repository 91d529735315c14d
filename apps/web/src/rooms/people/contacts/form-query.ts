import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../api.ts";

/** What the form has to know: the properties people have, with their types, and the country numbers are read in. */
export const formQuery = queryOptions({
  queryKey: ["contacts", "form"],
  queryFn: async ({ signal }) => {
    const [properties, settings] = await Promise.all([api.contacts.properties(signal), api.consent.settings(signal)]);
    return { known: properties.items, defaultCountry: settings.defaultCountry ?? "" };
  },
});
