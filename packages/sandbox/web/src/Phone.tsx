import { useLayoutEffect, useRef, useState } from "react";
import { call, type Message, type PhoneInfo, type Pressed, type State } from "./api.ts";
import { Bubble } from "./Bubble.tsx";
import { Composer } from "./Composer.tsx";
import { Close } from "./icons.tsx";
import { useLoaded } from "./loaded.ts";
import css from "./Phone.module.css";
import { Picker } from "./Picker.tsx";

interface Props {
  digits: string;
  state: State | undefined;
  onClose: () => void;
  onTrouble: (message: string) => void;
}

/** One person's phone: the conversation with the business's number, and what its owner can do. */
export function Phone({ digits, state, onClose, onTrouble }: Props) {
  const concerns = (changed: { phones: string[]; topics: string[] }) => changed.phones.includes(digits) || (changed.phones.length >= 300 && changed.topics.includes("phones"));
  const { value: phone, reload: reloadPhone } = useLoaded<PhoneInfo>(`/phones/${digits}`, concerns);
  const { value: messages = [] } = useLoaded<Message[]>(`/phones/${digits}/messages`, concerns);
  const [quoting, setQuoting] = useState("");
  const [picking, setPicking] = useState<Message>();
  const log = useRef<HTMLDivElement>(null);
  const byId = new Map(messages.map((message) => [message.id, message]));
  const waiting = messages.filter(({ direction, status, type }) => direction === "in" && type !== "reaction" && ["accepted", "sent", "held"].includes(status)).length;
  const arrived = messages.filter((message) => message.type !== "reaction" && (message.direction === "out" || ["delivered", "read", "played", "failed"].includes(message.status)));
  const unread = arrived.filter(({ direction, status }) => direction === "in" && status === "delivered").length;
  const newest = arrived.at(-1)?.id;
  const stopped = (phone?.stopped.length ?? 0) > 0;
  const number = state?.numbers[0];

  useLayoutEffect(() => {
    if (newest && log.current) log.current.scrollTop = log.current.scrollHeight;
  }, [newest]);

  /** Undefined when it was refused, which is said. */
  const act = async <T extends object>(method: string, path: string, body?: unknown): Promise<T | undefined> => {
    try {
      return (await call<T | undefined>(method, `/phones/${digits}${path}`, body)) ?? ({} as T);
    } catch (error) {
      onTrouble(error instanceof Error ? error.message : String(error));
      return undefined;
    }
  };
  const read = () => {
    if (unread > 0) void act("POST", "/read");
  };
  const reply = async (body: object) => {
    read();
    setQuoting("");
    const sent = await act<Pressed>("POST", "/messages", { ...(byId.has(quoting) && { replyTo: quoting }), ...body });
    if (!sent) setQuoting((now) => now || quoting);
    return sent;
  };

  return (
    <section className={css.phone} aria-label={`Phone of ${phone?.name ?? digits}`}>
      <header className={css.owner}>
        <div>
          <strong>{phone?.name ?? `+${digits}`}</strong>
          <small>+{digits}</small>
        </div>
        <button type="button" className={stopped ? css.warm : ""} onClick={() => void act("POST", stopped ? "/opt-in" : "/opt-out")}>
          {stopped ? "Allow offers" : "Stop offers"}
        </button>
        <button type="button" className={phone?.reachable === false ? css.warm : ""} onClick={() => void act("PATCH", "", { reachable: phone?.reachable === false }).then(reloadPhone)}>
          {phone?.reachable === false ? "Turn on" : "Turn off"}
        </button>
        <button type="button" className={css.icon} onClick={onClose} aria-label="Put this phone away">
          <Close />
        </button>
      </header>
      <div className={css.screen}>
        <div className={css.business}>
          <span className={css.avatar}>{number?.verifiedName[0] ?? "T"}</span>
          <div>
            <strong>{number?.verifiedName ?? "Business"}</strong>
            <small>{phone?.typing ? "typing…" : (number?.shown ?? "")}</small>
          </div>
        </div>
        <div className={css.messages} role="log" aria-label="Conversation" ref={log}>
          {arrived.length === 0 && <p className={css.empty}>No messages yet. Write something, or send to +{digits} through the API.</p>}
          {arrived.map((message) =>
            message.status === "failed" ? (
              <p key={message.id} className={css.failed}>
                A {message.type} message did not arrive. {message.error?.code}: {message.error?.title}
              </p>
            ) : (
              <Bubble
                key={message.id}
                message={message}
                quoted={message.replyTo ? byId.get(message.replyTo) : undefined}
                onPress={(button) => reply({ type: "button", button, replyTo: message.id })}
                onPickFrom={() => setPicking(message)}
                onReply={() => setQuoting(message.id)}
                onReact={(emoji) => void act("POST", "/messages", { type: "reaction", reaction: { message_id: message.id, emoji } })}
              />
            ),
          )}
          {waiting > 0 && <p className={css.waiting}>{waiting === 1 ? "1 message on its way" : `${waiting} messages on their way`}</p>}
        </div>
        {unread > 0 && (
          <button type="button" className={css.unread} onClick={read}>
            {unread} unread: mark as read
          </button>
        )}
        <Composer replyTo={byId.get(quoting)} onCancelReply={() => setQuoting("")} onSend={reply} />
        {picking && <Picker message={picking} onClose={() => setPicking(undefined)} onPick={(id) => reply({ type: "list", list: { id }, replyTo: picking.id })} />}
      </div>
    </section>
  );
}
