import { useState } from "react";
import type { Message, Pressed } from "./api.ts";
import type { ShownButton, ShownPart } from "../../src/phones/shown-message.ts";
import css from "./Bubble.module.css";
import { Formatted } from "./formatted.tsx";
import { Call, Copy, LinkOut, ListIcon, Reply, Smile, Ticks } from "./icons.tsx";
import { ContactCards, Media, Offer, Place } from "./pieces.tsx";

export type Press = (button: { index: number; card?: number }) => Promise<Pressed | undefined>;

interface Props {
  message: Message;
  quoted: Message | undefined;
  onPress: Press;
  onPickFrom: () => void;
  onReply: () => void;
  onReact: (emoji: string) => void;
}

const emojis = ["👍", "❤️", "😂", "😮", "🙏"];
const ticksMean: Record<string, string> = {
  accepted: "accepted", held: "held by Meta for quality assessment", sent: "sent", delivered: "delivered", read: "read", played: "played", failed: "failed",
};

export function Bubble({ message, quoted, onPress, onPickFrom, onReply, onReact }: Props) {
  const { shown, direction, type } = message;
  const [reacting, setReacting] = useState(false);
  const reactions = Object.values(message.reactions ?? {});
  const wide = type === "template" || type === "interactive" || shown.media !== undefined || shown.location !== undefined;
  return (
    <div className={`${css.row} ${direction === "out" ? css.mine : ""}`}>
      <div className={`${css.stack} ${wide ? css.wide : ""}`}>
        <div className={css.bubble}>
          {quoted && <div className={css.quoted}><Formatted text={quoted.shown.body ?? `(${quoted.type})`} /></div>}
          <Part part={shown} offer={shown.offer} />
          {shown.media && <Media media={shown.media} />}
          {shown.location && <Place place={shown.location} />}
          {shown.contacts && <ContactCards contacts={shown.contacts} />}
          {!shown.header && shown.media && shown.body && <Words text={shown.body} />}
          <div className={css.meta}>
            <time dateTime={message.at}>{new Date(message.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}</time>
            <Ticks status={message.status} label={`${direction === "in" ? "The business sees: " : ""}${ticksMean[message.status]}`} />
          </div>
        </div>
        {shown.buttons && <Buttons buttons={shown.buttons} onPress={onPress} />}
        {shown.list && (
          <div className={css.buttons}>
            <button type="button" onClick={onPickFrom}>
              <ListIcon /> {shown.list.button}
            </button>
          </div>
        )}
        {shown.cards && (
          <ul className={css.cards} aria-label="Cards">
            {shown.cards.map((card, index) => (
              <li key={`${message.id}:${index}`} className={css.card}>
                <Part part={card} offer={undefined} />
                {card.buttons && <Buttons buttons={card.buttons} onPress={({ index: button }) => onPress({ index: button, card: index })} />}
              </li>
            ))}
          </ul>
        )}
        {reactions.length > 0 && <div className={css.reactions}>{reactions.join(" ")}</div>}
      </div>
      <div className={css.actions}>
        <button type="button" onClick={onReply} aria-label="Reply to this message">
          <Reply />
        </button>
        <button type="button" onClick={() => setReacting(!reacting)} aria-label="React to this message" aria-expanded={reacting}>
          <Smile />
        </button>
        {reacting && (
          <div className={css.emojis}>
            {emojis.map((emoji) => (
              <button
                key={emoji}
                type="button"
                onClick={() => {
                  setReacting(false);
                  onReact(message.reactions?.phone === emoji ? "" : emoji);
                }}
              >
                {emoji}
              </button>
            ))}
          </div>
        )}
      </div>
    </div>
  );
}

/** Header, offer, body and footer of a message or of one card. A picture's caption comes after the picture. */
function Part({ part, offer }: { part: ShownPart & { media?: unknown }; offer: { text: string; expiresAt?: number; code?: string } | undefined }) {
  const { header, body, footer } = part;
  return (
    <>
      {header && "text" in header && <div className={css.header}>{header.text}</div>}
      {header && "media" in header && <Media media={header.media} />}
      {header && "location" in header && <Place place={header.location} />}
      {offer && <Offer offer={offer} />}
      {body !== undefined && body !== "" && !part.media && <Words text={body} />}
      {footer && <div className={css.footer}>{footer}</div>}
    </>
  );
}

function Words({ text }: { text: string }) {
  return (
    <div className={css.words}>
      <Formatted text={text} />
    </div>
  );
}

const buttonIcons: Partial<Record<ShownButton["kind"], typeof Reply>> = { reply: Reply, url: LinkOut, copy: Copy, call: Call };

function Buttons({ buttons, onPress }: { buttons: ShownButton[]; onPress: Press }) {
  const [note, setNote] = useState("");
  const press = async (button: ShownButton) => {
    const result = await onPress({ index: button.index });
    if (result?.copied !== undefined) {
      await navigator.clipboard?.writeText(result.copied).catch(() => undefined);
      setNote(`Copied ${result.copied}`);
    } else if (result?.called !== undefined) setNote(`Would call ${result.called}`);
  };
  return (
    <div className={css.buttons}>
      {buttons.map((button) => {
        const Sign = buttonIcons[button.kind];
        const inside = (
          <>
            {Sign && <Sign />} {button.text}
          </>
        );
        return button.kind === "url" ? (
          <a key={button.index} href={button.url} target="_blank" rel="noreferrer">
            {inside}
          </a>
        ) : (
          <button key={button.index} type="button" onClick={() => void press(button)}>
            {inside}
          </button>
        );
      })}
      {note && <output className={css.note}>{note}</output>}
    </div>
  );
}
