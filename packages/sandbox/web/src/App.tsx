import { useEffect, useState, type FormEvent } from "react";
import { call, type PhoneInfo, type State } from "./api.ts";
import css from "./App.module.css";
import { Mark, Moon, Plus, Sliders } from "./icons.tsx";
import { useKept, useLoaded } from "./loaded.ts";
import { Panel } from "./Panel.tsx";
import { Phone } from "./Phone.tsx";

const mostOpen = 12;

/** All phones of the sandbox, side by side. */
export function App() {
  const { value: state, trouble: offline } = useLoaded<State>("/state", () => true);
  const { value: phones } = useLoaded<{ items: PhoneInfo[]; total: number }>("/phones?limit=100", ({ topics }) => topics.includes("phones"));
  const [open, setOpen] = useKept<string[] | null>("phones", null);
  const [dark, setDark] = useKept("dark", globalThis.matchMedia("(prefers-color-scheme: dark)").matches);
  const [panel, setPanel] = useState(false);
  const [trouble, setTrouble] = useState("");
  const known = new Set(phones?.items.map(({ digits }) => digits));
  const shown = (open ?? phones?.items.slice(0, 2).map(({ digits }) => digits) ?? []).filter((digits) => known.has(digits));

  useEffect(() => {
    document.documentElement.dataset["theme"] = dark ? "dark" : "light";
  }, [dark]);
  useEffect(() => {
    if (trouble === "") return;
    const timer = setTimeout(() => setTrouble(""), 6000);
    return () => clearTimeout(timer);
  }, [trouble]);

  const toggle = (digits: string) => setOpen(shown.includes(digits) ? shown.filter((each) => each !== digits) : [...shown, digits].slice(-mostOpen));
  const add = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const digits = String(new FormData(form).get("digits"));
    try {
      const phone = await call<PhoneInfo>("POST", "/phones", { digits });
      form.reset();
      if (!shown.includes(phone.digits)) setOpen([...shown, phone.digits].slice(-mostOpen));
    } catch (error) {
      setTrouble(error instanceof Error ? error.message : String(error));
    }
  };

  return (
    <div className={css.page}>
      <header className={css.top}>
        <Mark />
        <h1>Phones</h1>
        <span className={css.number}>{state?.numbers[0]?.shown}</span>
        <Webhook state={state} />
        <button type="button" onClick={() => setDark(!dark)} aria-label={dark ? "Light colours" : "Dark colours"}>
          <Moon />
        </button>
        <button type="button" onClick={() => setPanel(!panel)} aria-label="Behaviour" aria-expanded={panel}>
          <Sliders />
        </button>
      </header>
      {offline && <p className={css.trouble} role="status">The sandbox does not answer. This page goes on by itself when it is back.</p>}
      {trouble && (
        <p className={css.trouble} role="alert">
          {trouble}
        </p>
      )}
      <div className={css.body}>
        <nav className={css.list} aria-label="Phones">
          <form onSubmit={(event) => void add(event)}>
            <input name="digits" type="tel" required placeholder="+1 555 010 0123" aria-label="Number of a new phone" />
            <button type="submit" aria-label="Add the phone">
              <Plus />
            </button>
          </form>
          <ul>
            {phones?.items.map((phone) => (
              <li key={phone.digits}>
                <button type="button" aria-pressed={shown.includes(phone.digits)} onClick={() => toggle(phone.digits)}>
                  <span>
                    <strong>{phone.name}</strong>
                    <small>{phone.last?.text || `+${phone.digits}`}</small>
                  </span>
                  {phone.unread > 0 && <b aria-label={`${phone.unread} unread`}>{phone.unread}</b>}
                </button>
              </li>
            ))}
          </ul>
          {phones && phones.total > phones.items.length && <p>{phones.total.toLocaleString()} phones; the latest are listed.</p>}
        </nav>
        <main className={css.phones}>
          {shown.map((digits) => (
            <Phone key={digits} digits={digits} state={state} onClose={() => toggle(digits)} onTrouble={setTrouble} />
          ))}
          {phones && shown.length === 0 && <p className={css.empty}>Choose a phone, or add one by its number. Whatever is sent to it through the API shows here.</p>}
        </main>
        {panel && <Panel state={state} onClose={() => setPanel(false)} onTrouble={setTrouble} />}
      </div>
    </div>
  );
}

function Webhook({ state }: { state: State | undefined }) {
  const { url, waitingForRetry = 0, subscribed } = state?.webhook ?? {};
  const [look, words] = !url || !subscribed ? [css.idle, "No webhook"] : waitingForRetry > 0 ? [css.bad, "Webhook refused"] : [css.good, "Webhook connected"];
  return (
    <span className={css.webhook} title={url ?? "Nobody hears what happens here yet"}>
      <i className={look} />
      <span>{words}</span>
    </span>
  );
}
