/** The words by which people opt out and in by themselves, and what they are answered: built in, until a workspace has its own. */
import type { ConsentReply, ConsentScope, ConsentState, ConsentWord } from "@tincan/api";
import { fold } from "./search-words.ts";

const words = (language: string, state: ConsentState, category: ConsentScope, ...list: string[]): ConsentWord[] => list.map((word) => ({ word, state, category, language }));

export const builtInWords: readonly ConsentWord[] = [
  ...words("en", "out", "all", "STOP", "UNSUBSCRIBE", "OPT OUT", "OPTOUT", "STOP ALL"),
  ...words("en", "out", "marketing", "Stop promotions", "Stop promos", "Stop promo", "Stop marketing"),
  ...words("en", "in", "all", "START", "SUBSCRIBE", "OPT IN", "OPTIN", "UNSTOP"),
  ...words("en", "in", "marketing", "Start promotions"),
  ...words("hi", "out", "all", "बंद करो", "बंद करें", "रोको", "रोकें", "सदस्यता समाप्त करें", "band karo"),
  ...words("hi", "in", "all", "शुरू करो", "शुरू करें", "सदस्यता लें", "shuru karo"),
  ...words("es", "out", "all", "PARAR", "BAJA", "darme de baja", "cancelar suscripción"),
  ...words("es", "in", "all", "ALTA", "suscribirme", "suscribir"),
  ...words("pt", "out", "all", "PARAR", "SAIR", "cancelar inscrição", "descadastrar"),
  ...words("pt", "in", "all", "inscrever", "quero receber", "VOLTAR A RECEBER"),
  ...words("fr", "out", "all", "ARRÊT", "ARRÊTER", "désabonner", "se désabonner", "désinscription"),
  ...words("fr", "in", "all", "abonner", "s'abonner", "m'abonner"),
  ...words("de", "out", "all", "STOPP", "abmelden", "abbestellen"),
  ...words("de", "in", "all", "anmelden", "abonnieren"),
  ...words("ar", "out", "all", "توقف", "إيقاف", "إلغاء الاشتراك"),
  ...words("ar", "in", "all", "ابدأ", "اشترك", "اشتراك"),
  ...words("id", "out", "all", "BERHENTI", "berhenti berlangganan"),
  ...words("id", "in", "all", "MULAI", "berlangganan", "langganan"),
];

export const builtInReplies: readonly ConsentReply[] = [
  { language: "en", out: "You will get no more of these messages. Send START to get them again.", in: "You are subscribed. Send STOP at any time to end it." },
  { language: "hi", out: "अब आपको ये संदेश नहीं मिलेंगे। फिर से पाने के लिए START भेजें।", in: "आपकी सदस्यता शुरू हो गई है। बंद करने के लिए कभी भी STOP भेजें।" },
  { language: "es", out: "No recibirá más estos mensajes. Envíe ALTA para volver a recibirlos.", in: "Su suscripción está activa. Envíe BAJA cuando quiera para cancelarla." },
  { language: "pt", out: "Você não receberá mais estas mensagens. Envie START para voltar a recebê-las.", in: "Sua inscrição está ativa. Envie SAIR quando quiser para cancelar." },
  { language: "fr", out: "Vous ne recevrez plus ces messages. Envoyez START pour les recevoir à nouveau.", in: "Vous êtes abonné. Envoyez STOP à tout moment pour arrêter." },
  { language: "de", out: "Sie erhalten diese Nachrichten nicht mehr. Mit START erhalten Sie sie wieder.", in: "Sie sind angemeldet. Mit STOPP melden Sie sich jederzeit ab." },
  { language: "ar", out: "لن تصلك هذه الرسائل بعد الآن. أرسل START لاستقبالها مجددًا.", in: "تم تفعيل اشتراكك. أرسل STOP في أي وقت لإيقافه." },
  { language: "id", out: "Anda tidak akan menerima pesan ini lagi. Kirim MULAI untuk menerimanya kembali.", in: "Anda sudah berlangganan. Kirim BERHENTI kapan saja untuk berhenti." },
];

/** What may stand around or inside a word without changing it: punctuation, symbols, emoji, underscores of a payload. */
const AROUND = /[\p{P}\p{S}\p{C}\ufe0f\u200d]+/gu;

/** The form in which words are compared: case, accents, punctuation and repeated spaces do not count. */
export function wordKey(text: string): string {
  return fold(text).replaceAll(AROUND, " ").replaceAll(/\s+/g, " ").trim();
}

export type WordBook = ReadonlyMap<string, readonly ConsentWord[]>;

export function wordBook(list: readonly ConsentWord[]): WordBook {
  return Map.groupBy(list, (word) => wordKey(word.word));
}

/** The word that a text is, and nothing but it; of words that several languages share, the one of the person's language. */
export function findWord(book: WordBook, text: string, language: string | null): ConsentWord | undefined {
  const found = book.get(wordKey(text));
  return found?.find((word) => sameLanguage(word.language, language)) ?? found?.[0];
}

/** The confirmation in the person's language, else in the word's, else the first; undefined when there is none to send. */
export function replyFor(replies: readonly ConsentReply[], state: ConsentState, language: string | null, wordLanguage: string): string | undefined {
  const reply = [language, wordLanguage].map((wanted) => replies.find((each) => sameLanguage(each.language, wanted))).find((each) => each !== undefined) ?? replies[0];
  return reply?.[state] || undefined;
}

function sameLanguage(a: string, b: string | null): boolean {
  return b !== null && a.split(/[-_]/)[0]!.toLowerCase() === b.split(/[-_]/)[0]!.toLowerCase();
}
