/**
 * The provider turns out to have a template that somebody is still writing here. The provider's takes the name; the draft keeps its words, its id
 * and what belongs to it, and goes on under a free name. One that says the same becomes the provider's, and is not kept twice. The audit log tells
 * of each that got another name: the hourly sync has nobody else to tell.
 */
import type { SetAsideDraft, TemplateComponent } from "@tincan/api";
import { audit, systemActor } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { sameWords } from "./field-changes.ts";

interface ListedTemplate {
  name: string;
  language: string;
  status: string;
  components: TemplateComponent[];
}

/** @param askedAt when the list was asked for: a draft that was saved since is left alone until the next list */
export async function setDraftsAside(
  tx: Database, workspaceId: string, providerId: string, listed: readonly ListedTemplate[], now: Date, askedAt?: Date,
): Promise<SetAsideDraft[]> {
  const approved = listed.filter(({ status }) => status !== "DRAFT");
  const drafts = await find.run(tx, [workspaceId, providerId, approved.map(({ name }) => name), approved.map(({ language }) => language), askedAt ?? null]);
  const moved: SetAsideDraft[] = [];
  for (const { id, name, language, components } of drafts) {
    const theirs = approved.find((each) => each.name === name && each.language === language)!;
    if (sameWords(components, theirs.components)) continue;
    const [renamed] = await rename.run(tx, [workspaceId, id, listed.map((each) => each.name), now]);
    if (!renamed) continue;
    moved.push({ id, name, language, keptAs: renamed.name });
    await audit(tx, systemActor(workspaceId, "Tincan"), { action: "template.draft_set_aside", target: { kind: "template", id, name: `${name} (${language})` }, detail: { keptAs: renamed.name } });
  }
  return moved;
}

const find = statement<{ id: string; name: string; language: string; components: TemplateComponent[] }>(
  "templates_drafts_listed",
  `select t.id, t.name, t.language, t.components
   from templates t join unnest($3::text[], $4::text[]) as i (name, language) on i.name = t.name and i.language = t.language
   where t.workspace_id = $1 and t.provider_id = $2 and t.status = 'DRAFT' and t.remote_id is null and ($5::timestamptz is null or t.updated_at < $5)
   order by t.name, t.language for update of t`,
);

/** The first name that is free and not listed: order_ready_draft, order_ready_draft_2 and so on. Names have 512 characters at most. */
const rename = statement<{ name: string }>(
  "templates_set_draft_aside",
  `update templates t set updated_at = $4::timestamptz, name_locked_until = null, name = (
     select free.name from generate_series(1, 1000) n
     cross join lateral (select left(t.name, 500) || '_draft' || case when n > 1 then '_' || n else '' end as name) free
     where free.name <> all ($3::text[]) and not exists (
       select from templates o where o.workspace_id = $1 and o.provider_id = t.provider_id and o.name = free.name and o.language = t.language)
     order by n limit 1)
   where t.workspace_id = $1 and t.id = $2
   returning t.name`,
);
