import { type ReactNode, useState } from "react";
import type { Bubble, BubbleHeader } from "./bubble.ts";
import { FormattedText } from "./FormattedText.tsx";
import { headerSign, Sign, Ticks } from "./icons.tsx";
import classes from "./PhonePreview.module.css";

/*
 * A chat as WhatsApp shows it. Free of the dashboard's own pieces, so that it can be used wherever a message has to be seen.
 */

export interface PreviewMessage {
  id: string;
  bubble: Bubble;
  /** `out`: what this side sent, on the right with ticks; `in`: what the other side sent. */
  side: "in" | "out";
  /** Clock time as text, e.g. "10:42". */
  time?: string;
  ticks?: "waiting" | "sent" | "delivered" | "read" | "failed";
}

function Media({ header }: { header: Extract<BubbleHeader, { kind: "image" | "video" | "document" | "audio" | "sticker" }> }) {
  const [broken, setBroken] = useState(false);
  if (header.kind === "document") {
    return (
      <div className={classes.document}>
        <Sign name="document" size={26} />
        <span>{header.filename ?? header.url?.split("/").pop() ?? "Document"}</span>
      </div>
    );
  }
  if ((header.kind === "image" || header.kind === "sticker") && header.url && !broken) {
    return <img src={header.url} alt="" className={classes.picture} data-kind={header.kind} onError={() => setBroken(true)} referrerPolicy="no-referrer" />;
  }
  return (
    <div className={classes.placeholder} data-kind={header.kind}>
      <Sign name={headerSign(header.kind)} size={header.kind === "audio" ? 22 : 34} />
      <span>{header.filename ?? header.kind}</span>
    </div>
  );
}

function Header({ header }: { header: BubbleHeader }) {
  if (header.kind === "text") {
    return (
      <div className={classes.headline}>
        <FormattedText text={header.text} />
      </div>
    );
  }
  if (header.kind !== "location") return <Media header={header} />;
  return (
    <div>
      <div className={classes.placeholder} data-kind="location">
        <Sign name="pin" size={34} />
        {header.latitude ? (
          <span>
            {header.latitude}, {header.longitude}
          </span>
        ) : (
          <span>location</span>
        )}
      </div>
      {header.name || header.address ? (
        <div className={classes.place}>
          <strong>{header.name}</strong>
          <span>{header.address}</span>
        </div>
      ) : null}
    </div>
  );
}

function Offer({ offer }: { offer: NonNullable<Bubble["offer"]> }) {
  return (
    <div className={classes.offer}>
      <span className={classes.offerSign}>
        <Sign name="gift" size={20} />
      </span>
      <div>
        <strong dir="auto">{offer.text}</strong>
        {offer.expiresAtMs ? <div className={classes.offerEnd}>Ends {new Date(offer.expiresAtMs).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" })}</div> : null}
        {offer.code ? <div className={classes.offerCode}>Code {offer.code}</div> : null}
      </div>
    </div>
  );
}

function Shape({ bubble, foot }: { bubble: Bubble; foot?: ReactNode }) {
  return (
    <>
      {bubble.header ? <Header header={bubble.header} /> : null}
      {bubble.offer ? <Offer offer={bubble.offer} /> : null}
      {bubble.text || bubble.footer || foot ? (
        <div className={classes.words}>
          {bubble.text ? <FormattedText text={bubble.text} /> : null}
          {bubble.footer ? <div dir="auto" className={classes.footer}>{bubble.footer}</div> : null}
          {foot}
        </div>
      ) : null}
      {bubble.buttons.length > 0 ? (
        <div className={classes.buttons}>
          {bubble.buttons.map((button, index) => (
            // Two buttons may bear the same text: their place is their identity.
            // oxlint-disable-next-line react/no-array-index-key
            <div key={index} className={classes.button} title={button.detail}>
              {button.kind === "other" ? null : <Sign name={button.kind} size={16} />}
              <bdi>{button.text}</bdi>
            </div>
          ))}
        </div>
      ) : null}
    </>
  );
}

/** One chat: `title` is who one is talking to. */
export function PhonePreview({ title, messages }: { title: string; messages: PreviewMessage[] }) {
  return (
    <figure className={classes.phone} aria-label={`Preview of the chat with ${title}`}>
      <div className={classes.bar}>
        <span className={classes.face} aria-hidden="true">
          {/^\p{L}/u.test(title.trim()) ? title.trim().charAt(0).toUpperCase() : <Sign name="person" size={17} />}
        </span>
        <span className={classes.title}>{title}</span>
      </div>
      <div className={classes.chat}>
        {messages.map((message) => (
          <div key={message.id} className={classes.row} data-side={message.side}>
            <div className={classes.bubble}>
              <Shape
                bubble={message.bubble}
                foot={
                  message.time || message.ticks ? (
                    <div className={classes.meta}>
                      {message.time}
                      {message.ticks ? <Ticks state={message.ticks} /> : null}
                    </div>
                  ) : null
                }
              />
            </div>
            {message.bubble.cards ? (
              // Scrolled sideways, also by keyboard.
              // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
              <ul className={classes.cards} tabIndex={0} aria-label="Cards">
                {message.bubble.cards.map((card, index) => (
                  // oxlint-disable-next-line react/no-array-index-key
                  <li key={index} className={classes.card}>
                    <Shape bubble={card} />
                  </li>
                ))}
              </ul>
            ) : null}
          </div>
        ))}
      </div>
    </figure>
  );
}
