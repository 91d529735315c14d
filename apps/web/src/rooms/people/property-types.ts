/** The types a custom property may have, for a choice. */
export const propertyTypeChoice = [
  { value: "text", label: "Text" },
  { value: "number", label: "Number" },
  { value: "boolean", label: "Yes or no" },
  { value: "date", label: "Date" },
  { value: "list", label: "List" },
] as const;
