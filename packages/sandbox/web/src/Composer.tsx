import { useRef, useState, type ChangeEvent } from "react";
import type { Message } from "./api.ts";
import css from "./Composer.module.css";
import { Clip, Close, Send } from "./icons.tsx";

interface Props {
  replyTo: Message | undefined;
  onCancelReply: () => void;
  /** Answers undefined when it could not be sent. */
  onSend: (body: object) => Promise<object | undefined>;
}

const samples: [label: string, body: object][] = [
  ["Sample picture", { type: "image", image: {} }],
  ["Sample document", { type: "document", document: {} }],
  ["Sticker", { type: "sticker", sticker: {} }],
  ["Location", { type: "location", location: { latitude: 52.52, longitude: 13.405, name: "Depot", address: "4 Dock Rd" } }],
  ["Contact", { type: "contacts", contacts: [{ name: { formatted_name: "Ben", first_name: "Ben" }, phones: [{ phone: "+15550100145", wa_id: "15550100145", type: "CELL" }] }] }],
];

/** Where the owner of the phone writes and attaches. */
export function Composer({ replyTo, onCancelReply, onSend }: Props) {
  const [words, setWords] = useState("");
  const [attaching, setAttaching] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const clip = useRef<HTMLButtonElement>(null);
  const field = useRef<HTMLInputElement>(null);
  /** What was pressed goes with the menu, so its button takes the focus. */
  const closeMenu = () => {
    setAttaching(false);
    clip.current?.focus();
  };
  const attach = (body: object) => {
    closeMenu();
    void onSend(body);
  };
  const chosen = async ({ target }: ChangeEvent<HTMLInputElement>) => {
    const picked = target.files?.[0];
    target.value = "";
    if (!picked) return;
    const kind = ["image", "video", "audio"].find((each) => picked.type.startsWith(`${each}/`)) ?? "document";
    attach({ type: kind, [kind]: { data: await base64(picked), mime_type: picked.type || "application/octet-stream", filename: picked.name } });
  };
  const send = async () => {
    if (words.trim() === "") return;
    setWords("");
    // What could not be sent is not lost, unless its owner has begun anew meanwhile.
    if (!(await onSend({ type: "text", text: { body: words } }))) setWords((now) => now || words);
  };
  return (
    <div className={css.composer} role="presentation" onKeyDown={({ key }) => key === "Escape" && attaching && closeMenu()}>
      {replyTo && (
        <div className={css.quoting}>
          <span>{replyTo.shown.body ?? `(${replyTo.type})`}</span>
          <button
            type="button"
            onClick={() => {
              onCancelReply();
              field.current?.focus();
            }}
            aria-label="Do not quote"
          >
            <Close />
          </button>
        </div>
      )}
      {attaching && (
        <div className={css.menu}>
          {samples.map(([label, body]) => (
            <button key={label} type="button" onClick={() => attach(body)}>
              {label}
            </button>
          ))}
          <button type="button" onClick={() => file.current?.click()}>
            A file…
          </button>
        </div>
      )}
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <button ref={clip} type="button" onClick={() => setAttaching(!attaching)} aria-label="Attach" aria-expanded={attaching}>
          <Clip />
        </button>
        <input ref={field} value={words} onChange={(event) => setWords(event.target.value)} placeholder="Message" aria-label="Message" dir="auto" autoComplete="off" />
        <button type="submit" className={css.send} aria-label="Send" disabled={words.trim() === ""}>
          <Send />
        </button>
      </form>
      <input ref={file} type="file" hidden onChange={(event) => void chosen(event)} aria-label="File to send" />
    </div>
  );
}

function base64(file: Blob): Promise<string> {
  return new Promise((done, fail) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => done(String(reader.result).split(",")[1] ?? ""));
    reader.addEventListener("error", () => fail(new Error("The file could not be read.")));
    reader.readAsDataURL(file);
  });
}
