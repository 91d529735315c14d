import type { LibraryTemplate, LibraryTemplateInput } from "@tincan/api";
import { variablesIn } from "@tincan/whatsapp/templates";

/** What somebody has typed: for each button by its place, and for a one-time code. */
export interface EntryInputs {
  urls: Record<number, string>;
  urlExamples: Record<number, string>;
  phones: Record<number, string>;
  minutes: number | "";
  advice: boolean;
}

export const noInputs: EntryInputs = { urls: {}, urlExamples: {}, phones: {}, minutes: "", advice: false };

type Added = Pick<LibraryTemplateInput, "buttons" | "body">;

/** What is typed as the server takes it; what is still empty is left out, so that a preview shows the entry's own sample. */
export function inputsOf(entry: LibraryTemplate, { urls, urlExamples, phones, minutes, advice }: EntryInputs): Added {
  const buttons = entry.buttons.flatMap(({ type }, index): NonNullable<Added["buttons"]> => {
    const [url, urlExample, phoneNumber] = [urls, urlExamples, phones].map((typed) => typed[index]?.trim() ?? "");
    if (type === "URL" && url) return [{ index, url, ...(urlExample && variablesIn(url).length > 0 ? { urlExample } : {}) }];
    return type === "PHONE_NUMBER" && phoneNumber ? [{ index, phoneNumber }] : [];
  });
  if (entry.category !== "AUTHENTICATION") return { buttons };
  return { buttons, body: { addSecurityRecommendation: advice, ...(minutes === "" ? {} : { codeExpirationMinutes: minutes }) } };
}
