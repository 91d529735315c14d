/**
 * How long and how many the parts of a template may be, at most unless the name says otherwise. Texts are counted in characters,
 * addresses and phone numbers in UTF-16 units, as Meta's forms count them.
 *
 * Source: Meta, "Template components", "Limited-time offer", "Media card carousel" and "Authentication" templates.
 */
export const templateLimits = {
  name: 512,
  header: 60,
  body: 1024,
  /** Body of a limited-time offer. */
  offerBody: 600,
  cardBody: 160,
  footer: 60,
  offerText: 16,
  /** Emoji in one body. */
  emoji: 10,
  cardsLeast: 2,
  cardsMost: 10,
  /** Minutes until a one-time code ends, as its footer says. */
  codeMinutes: 90,
  buttons: 10,
  cardButtons: 2,
  buttonText: 25,
  /** Of a quick reply; WhatsApp cuts it there. */
  payload: 128,
  /** Quick replies that opt out of marketing. */
  optOutButtons: 1,
  url: 2000,
  phone: 20,
  /**
   * Of a copy-code button, in a template and in a send. Meta's page "Limited-time offer" says 15, its page "Template components" 20: what is
   * written here keeps to the lower, what is judged as Meta judges it to the higher.
   */
  couponCode: 15,
  couponCodeAtMeta: 20,
  /** Apps that a one-tap button names. */
  apps: 5,
  /** Exactly so many characters. */
  signatureHash: 11,
} as const;
