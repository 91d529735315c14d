import type { ConsentReply, ConsentSettings, ConsentWord, ConsentWords } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { builtInReplies, builtInWords } from "./consent-words.ts";

/** What a workspace has set about consent, the built-in values standing in for what it has not. */
export async function readConsentSettings(db: Database, workspaceId: string): Promise<{ settings: ConsentSettings; words: ConsentWords }> {
  const [row] = await read.run(db, [workspaceId]);
  return {
    settings: { defaultCountry: row?.default_country ?? null, reply: row?.reply ?? true, replies: row?.replies ?? [...builtInReplies] },
    words: { words: row?.words ?? [...builtInWords], custom: row?.words != null },
  };
}

/** Null brings the built-in words back. */
export async function saveConsentWords(tx: Database, workspaceId: string, words: ConsentWord[] | null): Promise<void> {
  await saveWords.run(tx, [workspaceId, words === null ? null : JSON.stringify(words)]);
}

export async function saveConsentSettings(tx: Database, workspaceId: string, { defaultCountry, reply, replies }: ConsentSettings): Promise<void> {
  await saveSettings.run(tx, [workspaceId, defaultCountry, reply, JSON.stringify(replies)]);
}

const read = statement<{ default_country: string | null; words: ConsentWord[] | null; reply: boolean; replies: ConsentReply[] | null }>(
  "consent_read_settings",
  `select default_country, words, reply, replies from consent_settings where workspace_id = $1`,
);

const saveWords = statement(
  "consent_save_words",
  `insert into consent_settings (workspace_id, words) values ($1, $2::jsonb) on conflict (workspace_id) do update set words = excluded.words`,
);

const saveSettings = statement(
  "consent_save_settings",
  `insert into consent_settings (workspace_id, default_country, reply, replies) values ($1, $2, $3, $4::jsonb)
   on conflict (workspace_id) do update set default_country = excluded.default_country, reply = excluded.reply, replies = excluded.replies`,
);
