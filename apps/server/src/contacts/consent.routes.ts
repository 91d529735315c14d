import { ConsentSettings, ConsentWords, ConsentWordsInput } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { DatabaseHandle } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import { readConsentSettings, saveConsentSettings, saveConsentWords } from "./consent-settings.ts";
import { wordKey } from "./consent-words.ts";

const tags = ["People"];

/** The words that opt people out and in, and what they are answered. */
export function consentRoutes({ database: { db } }: { database: DatabaseHandle }): RoutePlugin {
  const read = { permission: "contacts.read" } as const;
  const write = { permission: "contacts.write" } as const;
  const target = (workspaceId: string, name: string) => ({ kind: "consent", id: workspaceId, name });

  return async (app) => {
    app.get("/consent-words", { config: read, schema: { tags, summary: "List the consent words", response: { 200: ConsentWords } } }, async ({ actor }) => (await readConsentSettings(db, actor.workspaceId)).words);

    app.put(
      "/consent-words",
      { config: write, schema: { tags, summary: "Replace the consent words", body: ConsentWordsInput, response: { 200: ConsentWords } } },
      async ({ actor, body: { words } }) => {
        const seen = new Map<string, number>();
        for (const [i, { word, language }] of (words ?? []).entries()) {
          const key = wordKey(word);
          const field = `words[${i}].word`;
          if (key === "") throw new ApiError("invalid_input", { field, expected: "letters or digits", detail: `"${word}" has neither letters nor digits.` });
          if (seen.has(`${key} ${language}`)) throw new ApiError("invalid_input", { field, expected: "a word that is not listed already", detail: `"${word}" is listed twice.` });
          seen.set(`${key} ${language}`, i);
        }
        await db.transaction().execute(async (tx) => {
          await saveConsentWords(tx, actor.workspaceId, words);
          await audit(tx, actor, { action: "consent.words_changed", target: target(actor.workspaceId, "Consent words"), detail: { words: words?.length ?? "built-in" } });
          await tellOnCommit(tx, actor.workspaceId, "contacts");
        });
        return (await readConsentSettings(db, actor.workspaceId)).words;
      },
    );

    app.get("/consent-settings", { config: read, schema: { tags, summary: "Show the consent settings", response: { 200: ConsentSettings } } }, async ({ actor }) =>
      (await readConsentSettings(db, actor.workspaceId)).settings,
    );

    app.put(
      "/consent-settings",
      { config: write, schema: { tags, summary: "Change the consent settings", body: ConsentSettings, response: { 200: ConsentSettings } } },
      async ({ actor, body }) => {
        await db.transaction().execute(async (tx) => {
          await saveConsentSettings(tx, actor.workspaceId, body);
          await audit(tx, actor, { action: "consent.settings_changed", target: target(actor.workspaceId, "Consent settings"), detail: { reply: body.reply, defaultCountry: body.defaultCountry } });
          await tellOnCommit(tx, actor.workspaceId, "contacts");
        });
        return (await readConsentSettings(db, actor.workspaceId)).settings;
      },
    );
  };
}
