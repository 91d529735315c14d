/**
 * The sandbox's own template library, in the form in which Meta lists its own: the words are ours, the members and most of the words
 * in capitals are Meta's (WhatsApp Business Platform, "Template Library"). How Meta files appointments and one-time codes is not documented.
 */
import type { TemplateButton } from "@tincan/whatsapp";

export interface LibraryEntry {
  id: string;
  name: string;
  language: string;
  category: "UTILITY" | "AUTHENTICATION";
  topic?: string;
  usecase?: string;
  industry?: string[];
  header?: string;
  body: string;
  body_params: string[];
  body_param_types: string[];
  buttons: TemplateButton[];
}

/** An entry in one language; `labels` are those of its buttons. */
interface Words {
  header?: string;
  body: string;
  params: string[];
  labels?: string[];
}

type Entry = Pick<LibraryEntry, "name" | "topic" | "usecase"> & {
  category?: "AUTHENTICATION";
  industry?: string[];
  /** What each variable of the body takes. */
  types: string[];
  buttons?: ("URL" | "PHONE_NUMBER" | "QUICK_REPLY" | "OTP")[];
  words: Record<string, Words>;
};

const orders = { topic: "ORDER_MANAGEMENT", industry: ["E_COMMERCE"] };
const payments = { topic: "PAYMENTS", industry: ["E_COMMERCE", "FINANCIAL_SERVICES"] };

const entries: Entry[] = [
  {
    name: "order_confirmed", ...orders, usecase: "ORDER_CONFIRMATION", types: ["TEXT", "TEXT"], buttons: ["URL"],
    words: {
      en_US: { body: "Hello {{1}}, thank you for order {{2}}. It has reached us and is being packed.", params: ["Ada", "A-1042"], labels: ["See order"] },
      es: { body: "Hola, {{1}}: gracias por el pedido {{2}}. Lo hemos recibido y lo estamos preparando.", params: ["Ada", "A-1042"], labels: ["Ver pedido"] },
      de: { body: "Hallo {{1}}, danke für die Bestellung {{2}}. Sie ist angekommen und wird gepackt.", params: ["Ada", "A-1042"], labels: ["Bestellung sehen"] },
    },
  },
  {
    name: "delivery_on_the_way", ...orders, usecase: "SHIPMENT_CONFIRMATION", types: ["TEXT", "TEXT"],
    words: {
      en_US: { body: "Hello {{1}}, your parcel {{2}} left our warehouse and should reach you within three days.", params: ["Ada", "A-1042"] },
      es: { body: "Hola, {{1}}: tu paquete {{2}} salió de nuestro almacén y debería llegar en tres días.", params: ["Ada", "A-1042"] },
    },
  },
  {
    name: "delivery_today", ...orders, usecase: "DELIVERY_UPDATE", types: ["TEXT", "TEXT", "TEXT"], buttons: ["QUICK_REPLY", "QUICK_REPLY"],
    words: {
      en_US: { body: "Hello {{1}}, the driver brings order {{2}} today, most likely at {{3}}. Will somebody be at home?", params: ["Ada", "A-1042", "14:30"], labels: ["Yes", "No, another day"] },
      es: { body: "Hola, {{1}}: hoy te llevamos el pedido {{2}}, probablemente a las {{3}}. ¿Habrá alguien en casa?", params: ["Ada", "A-1042", "14:30"], labels: ["Sí", "No, otro día"] },
    },
  },
  {
    name: "delivery_missed", ...orders, usecase: "DELIVERY_FAILED", types: ["TEXT"], buttons: ["URL", "PHONE_NUMBER"],
    words: {
      en_US: { header: "We missed you", body: "Nobody was at home when we came with order {{1}}. Please choose another day, or call us.", params: ["A-1042"], labels: ["Choose a day", "Call us"] },
      es: { header: "No te encontramos", body: "No había nadie cuando llevamos el pedido {{1}}. Elige otro día o llámanos, por favor.", params: ["A-1042"], labels: ["Elegir un día", "Llamar"] },
    },
  },
  {
    name: "order_waiting", ...orders, usecase: "ORDER_PICK_UP", types: ["TEXT", "DATE"],
    words: {
      en_US: { body: "Your order {{1}} waits at the counter. We keep it until {{2}} for you.", params: ["A-1042", "2026-05-04"] },
      es: { body: "Tu pedido {{1}} te espera en el mostrador. Lo guardamos hasta el {{2}} para ti.", params: ["A-1042", "2026-05-04"] },
    },
  },
  {
    name: "order_cancelled", ...orders, usecase: "ORDER_OR_TRANSACTION_CANCEL", types: ["TEXT", "AMOUNT"],
    words: {
      en_US: { body: "Order {{1}} is cancelled, as you asked. You get {{2}} back within five days.", params: ["A-1042", "$48.00"] },
      es: { body: "El pedido {{1}} está cancelado, como pediste. Te devolvemos {{2}} en cinco días.", params: ["A-1042", "48,00 €"] },
    },
  },
  {
    name: "return_received", ...orders, usecase: "RETURN_CONFIRMATION", types: ["TEXT", "AMOUNT"],
    words: {
      en_US: { body: "What you sent back from order {{1}} has arrived. We refund {{2}} to the card you paid with.", params: ["A-1042", "$48.00"] },
      es: { body: "Ha llegado lo que devolviste del pedido {{1}}. Abonamos {{2}} en la tarjeta con la que pagaste.", params: ["A-1042", "48,00 €"] },
    },
  },
  {
    name: "payment_received", ...payments, usecase: "PAYMENT_CONFIRMATION", types: ["AMOUNT", "TEXT"], buttons: ["URL"],
    words: {
      en_US: { header: "Payment received", body: "We have received {{1}} for invoice {{2}}. Nothing is left to pay.", params: ["$48.00", "R-204"], labels: ["See receipt"] },
      es: { header: "Pago recibido", body: "Hemos recibido {{1}} por la factura {{2}}. No queda nada por pagar.", params: ["48,00 €", "R-204"], labels: ["Ver recibo"] },
      de: { header: "Zahlung erhalten", body: "Wir haben {{1}} für die Rechnung {{2}} erhalten. Es ist nichts mehr offen.", params: ["48,00 €", "R-204"], labels: ["Beleg sehen"] },
    },
  },
  {
    name: "invoice_due", ...payments, usecase: "PAYMENT_DUE_REMINDER", types: ["TEXT", "TEXT"],
    words: {
      en_US: { body: "Hello {{1}}, invoice {{2}} is due in five days. If you have paid it already, nothing is left to do.", params: ["Ada", "R-204"] },
      es: { body: "Hola, {{1}}: la factura {{2}} vence en cinco días. Si ya la pagaste, no tienes que hacer nada.", params: ["Ada", "R-204"] },
    },
  },
  {
    name: "appointment_tomorrow", topic: "EVENT_REMINDER", usecase: "APPOINTMENT_REMINDER", types: ["TEXT", "TEXT"], buttons: ["QUICK_REPLY", "QUICK_REPLY"],
    words: {
      en_US: { body: "Hello {{1}}, a reminder of your appointment tomorrow at {{2}}. Please tell us if you cannot come.", params: ["Ada", "10:30"], labels: ["I will be there", "I cannot come"] },
      es: { body: "Hola, {{1}}: te recordamos tu cita de mañana a las {{2}}. Avísanos si no puedes venir.", params: ["Ada", "10:30"], labels: ["Allí estaré", "No puedo ir"] },
    },
  },
  {
    name: "how_was_it", topic: "CUSTOMER_FEEDBACK", usecase: "FEEDBACK_SURVEY", industry: ["E_COMMERCE"], types: ["TEXT", "TEXT"], buttons: ["URL"],
    words: {
      en_US: { body: "Hello {{1}}, you have had {{2}} for a week now. Three short questions, if you have a minute.", params: ["Ada", "your new kettle"], labels: ["Answer"] },
      es: { body: "Hola, {{1}}: ya llevas una semana con {{2}}. Son tres preguntas cortas, si tienes un minuto.", params: ["Ada", "tu nueva tetera"], labels: ["Responder"] },
    },
  },
  {
    name: "sign_in_code", category: "AUTHENTICATION", types: ["TEXT"], buttons: ["OTP"],
    words: {
      en_US: { body: "*{{1}}* is your verification code.", params: ["493012"], labels: ["Copy code"] },
      es: { body: "*{{1}}* es tu código de verificación.", params: ["493012"], labels: ["Copiar código"] },
      de: { body: "*{{1}}* ist dein Bestätigungscode.", params: ["493012"], labels: ["Code kopieren"] },
    },
  },
];

const samples = { QUICK_REPLY: {}, URL: { url: "https://www.example.com/" }, PHONE_NUMBER: { phone_number: "+15550100100" }, OTP: { otp_type: "COPY_CODE" } };

/** Every entry in every language it has. */
export const libraryEntries: LibraryEntry[] = entries.flatMap(({ words, types, buttons = [], category, ...entry }, place) =>
  Object.entries(words).map(([language, { params, labels = [], ...text }], each): LibraryEntry => ({
    ...entry,
    id: String(1500200300400500n + BigInt(place * 10 + each)),
    language,
    category: category ?? "UTILITY",
    ...text,
    body_params: params,
    body_param_types: types,
    buttons: buttons.map((type, index) => ({ type, text: labels[index] ?? "", ...samples[type] }) as TemplateButton),
  })),
);
