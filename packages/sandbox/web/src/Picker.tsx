import { useState } from "react";
import type { Message } from "./api.ts";
import { Close } from "./icons.tsx";
import css from "./Picker.module.css";

/** The sheet that a list message opens. */
export function Picker({ message, onPick, onClose }: { message: Message; onPick: (id: string) => void; onClose: () => void }) {
  const [picked, setPicked] = useState("");
  const { list } = message.shown;
  if (!list) return null;
  return (
    <form
      className={css.sheet}
      aria-label={list.button}
      onSubmit={(event) => {
        event.preventDefault();
        onPick(picked);
        onClose();
      }}
    >
      <header>
        <strong>{list.button}</strong>
        <button type="button" onClick={onClose} aria-label="Close the list">
          <Close />
        </button>
      </header>
      <div className={css.rows}>
        {list.sections.map((section) => (
          <fieldset key={section.title || section.rows[0]?.id}>
            {section.title && <legend>{section.title}</legend>}
            {section.rows.map((row) => (
              <label key={row.id}>
                <span>
                  {row.title}
                  {row.description && <small>{row.description}</small>}
                </span>
                <input type="radio" name="row" checked={picked === row.id} onChange={() => setPicked(row.id)} />
              </label>
            ))}
          </fieldset>
        ))}
      </div>
      <button type="submit" className={css.send} disabled={picked === ""}>
        Send
      </button>
    </form>
  );
}
