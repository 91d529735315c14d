import type { ButtonSetting, TemplateComponent } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import { wordKey } from "./consent-words.ts";

/** Ids of the inbound messages that press a button which their template names as its marketing opt-out. One statement. */
export async function optOutPresses(tx: Database, workspaceId: string, messages: readonly InboundMessage[]): Promise<Set<string>> {
  const presses = messages.filter((message) => message.content.choice && message.replyTo);
  if (presses.length === 0) return new Set();
  const sent = new Map((await findButtons.run(tx, [workspaceId, presses.map((message) => message.replyTo!.messageId)])).map((row) => [row.message_id, row]));
  return new Set(
    presses.flatMap((message) => {
      const template = sent.get(message.replyTo!.messageId);
      return template && isOptOut(template, message.content.choice!) ? [message.id] : [];
    }),
  );
}

function isOptOut({ button_settings, components }: ButtonsRow, { payload, text }: { payload: string; text: string }): boolean {
  return button_settings.some(({ index, card, optOut, payload: own }) => {
    if (optOut !== true) return false;
    const place = card === undefined ? components : (partOf(components, "CAROUSEL")?.cards?.[card]?.components ?? []);
    return (own !== undefined && own === payload) || saysTheSame(partOf(place, "BUTTONS")?.buttons?.[index]?.text ?? "", text);
  });
}

function partOf(components: readonly TemplateComponent[], type: string): TemplateComponent | undefined {
  return components.find((component) => component.type.toUpperCase() === type);
}

/** A label of emoji alone has no key: those are told apart as they are. */
function saysTheSame(label: string, pressed: string): boolean {
  return (label !== "" && label === pressed) || (wordKey(label) !== "" && wordKey(label) === wordKey(pressed));
}

interface ButtonsRow {
  message_id: string;
  button_settings: ButtonSetting[];
  components: TemplateComponent[];
}

/** Few messages are presses, and few of their templates have such a button. */
const findButtons = statement<ButtonsRow>(
  "consent_find_buttons",
  `with sent as (
     select m.id, m.provider_id, m.template, c.content ->> 'language' as language
     from messages m join message_contents c on c.workspace_id = $1 and c.message_id = m.id
     where m.workspace_id = $1 and m.id = any ($2::uuid[]) and c.message_id = any ($2::uuid[]) and m.template is not null
   )
   select s.id as message_id, t.button_settings, t.components
   from sent s join templates t on t.workspace_id = $1 and t.provider_id = s.provider_id and t.name = s.template and t.language = s.language
   where t.button_settings <> '[]'::jsonb`,
);
