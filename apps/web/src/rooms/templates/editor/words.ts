import { templateLanguages } from "@tincan/whatsapp/templates";
import type { ButtonKind, Category, HeaderFormat, Shape } from "./draft.ts";

export const categories: { value: Category; label: string; meaning: string }[] = [
  { value: "MARKETING", label: "Marketing", meaning: "Offers, news, invitations: anything that wants to sell or remind." },
  { value: "UTILITY", label: "Utility", meaning: "About something the person has done or asked for, such as an order. Meta moves it to marketing when it sells." },
  { value: "AUTHENTICATION", label: "Authentication", meaning: "One-time codes. The words are Meta's own." },
];

export const shapes: { value: Shape; label: string }[] = [
  { value: "basic", label: "Basic" },
  { value: "offer", label: "Limited-time offer" },
  { value: "carousel", label: "Carousel" },
];

export const headerWords: Record<HeaderFormat, string> = {
  NONE: "No header",
  TEXT: "Text",
  IMAGE: "Image",
  VIDEO: "Video",
  DOCUMENT: "Document",
  LOCATION: "Location",
  KEPT: "As it is at Meta",
};

export const buttonWords: Record<ButtonKind, string> = {
  QUICK_REPLY: "Quick reply",
  OPT_OUT: "Marketing opt-out",
  URL: "Link",
  PHONE_NUMBER: "Phone call",
  COPY_CODE: "Copy code",
  KEPT: "As it is at Meta",
};

/** Files Meta takes as a header: types, and bytes at most. */
export const fileRules: Partial<Record<HeaderFormat, { accept: string; most: number; words: string }>> = {
  IMAGE: { accept: "image/jpeg,image/png", most: 5_000_000, words: "JPEG or PNG, 5 MB at most" },
  VIDEO: { accept: "video/mp4,video/3gpp", most: 16_000_000, words: "MP4 or 3GPP, 16 MB at most" },
  DOCUMENT: { accept: "application/pdf", most: 100_000_000, words: "PDF, 100 MB at most" },
};

const names = new Intl.DisplayNames(["en"], { type: "language" });

/** `pt_BR` → "Brazilian Portuguese (pt_BR)". */
export function languageWords(code: string): string {
  try {
    const name = names.of(code.replaceAll("_", "-"));
    return name && name !== code ? `${name} (${code})` : code;
  } catch {
    return code;
  }
}

/** Meta's languages by name, and `present` when it is none of them. */
export const languageChoices = (present: string): { value: string; label: string }[] =>
  [...new Set([...templateLanguages, ...(present ? [present] : [])])]
    .map((value) => ({ value, label: languageWords(value) }))
    .sort((a, b) => a.label.localeCompare(b.label, "en"));
