import { useState } from "react";
import { call, type Behaviour, type RecordedRequest, type State } from "./api.ts";
import { Close } from "./icons.tsx";
import { useLoaded } from "./loaded.ts";
import css from "./Panel.module.css";

interface Props {
  state: State | undefined;
  onClose: () => void;
  onTrouble: (message: string) => void;
}

/** How the simulated WhatsApp behaves, the clock, and what was asked of it. */
export function Panel({ state, onClose, onTrouble }: Props) {
  const { value: behaviour } = useLoaded<Behaviour>("/behaviour", ({ topics }) => topics.includes("behaviour"));
  const [tab, setTab] = useState<"behaviour" | "requests">("behaviour");
  const send = (method: string, path: string, body?: unknown) => {
    call(method, path, body).catch((error: Error) => onTrouble(error.message));
  };
  return (
    <aside className={css.panel} aria-label="Behaviour">
      <header>
        <div role="tablist">
          {(["behaviour", "requests"] as const).map((name) => (
            <button key={name} type="button" role="tab" aria-selected={tab === name} onClick={() => setTab(name)}>
              {name === "behaviour" ? "Behaviour" : "Requests"}
            </button>
          ))}
        </div>
        <button type="button" className={css.close} onClick={onClose} aria-label="Close the panel">
          <Close />
        </button>
      </header>
      {tab === "requests" ? <Requests /> : behaviour && <Settings behaviour={behaviour} state={state} send={send} />}
    </aside>
  );
}

type SendTo = (method: string, path: string, body?: unknown) => void;

const failures: [label: string, rule: Behaviour["errors"][number]][] = [
  ["131049 not delivered, too many offers", { code: 131049, as: "status" }],
  ["131026 not on WhatsApp", { code: 131026, as: "status" }],
  ["130429 too fast", { code: 130429 }],
  ["131000 something went wrong", { code: 131000 }],
  ["HTTP 503", { httpStatus: 503 }],
  ["No answer for 60 s", { hangMs: 60_000 }],
];

function Settings({ behaviour, state, send }: { behaviour: Behaviour; state: State | undefined; send: SendTo }) {
  const { receipts, throughput, window: customerWindow, webhooks, errors } = behaviour;
  const put = (change: unknown) => send("PUT", "/behaviour", change);
  const number = (label: string, value: number, change: (value: number) => unknown, unit: string) => (
    <label className={css.field}>
      <span>{label}</span>
      <input type="number" min="0" defaultValue={value} key={value} onBlur={(event) => Number(event.target.value) !== value && put(change(Number(event.target.value)))} />
      <small>{unit}</small>
    </label>
  );
  const share = (label: string, name: "duplicate" | "reorder" | "dropDelivered") =>
    number(label, Math.round(receipts[name] * 100), (value) => ({ receipts: { [name]: Math.min(100, value) / 100 } }), "%");
  const check = (label: string, checked: boolean, change: (checked: boolean) => unknown) => (
    <label className={css.check}>
      <input type="checkbox" checked={checked} onChange={(event) => put(change(event.target.checked))} />
      {label}
    </label>
  );
  return (
    <div className={css.body}>
      <h2>Receipts</h2>
      {number("Delivered after", first(receipts.deliveredAfterMs), (value) => ({ receipts: { deliveredAfterMs: value } }), "ms")}
      {check("Phones read by themselves", receipts.readAfterMs !== null, (on) => ({ receipts: { readAfterMs: on ? [1000, 4000] : null } }))}
      {share("Twice", "duplicate")}
      {share("Out of order", "reorder")}
      {share("Delivered missing", "dropDelivered")}
      <h2>Rules</h2>
      {check("24-hour window", customerWindow.enforced, (enforced) => ({ window: { enforced } }))}
      {check("80 messages per second", throughput.messagesPerSecond === 80, (on) => ({ throughput: { messagesPerSecond: on ? 80 : null } }))}
      <label className={css.field}>
        <span>Next send fails</span>
        <select value="" onChange={(event) => put({ errors: [...errors, { ...failures[Number(event.target.value)]![1], times: 1 }] })}>
          <option value="" disabled>
            {errors.length > 0 ? `${errors.length} set` : "Choose"}
          </option>
          {failures.map(([label], index) => (
            <option key={label} value={index}>
              {label}
            </option>
          ))}
        </select>
        {errors.length > 0 && (
          <button type="button" onClick={() => put({ errors: [] })}>
            Clear
          </button>
        )}
      </label>
      <h2>Webhooks</h2>
      <p>
        {state?.webhook.url ?? "No address yet."}
        <br />
        {state?.webhook.delivered ?? 0} delivered, {state?.webhook.waitingForRetry ?? 0} waiting to be repeated
      </p>
      <label className={css.field}>
        <span>Users show</span>
        <select value={webhooks.identity} onChange={(event) => put({ webhooks: { identity: event.target.value } })}>
          <option value="phone">number and id</option>
          <option value="username">username, no number</option>
          <option value="parent">parent id too</option>
        </select>
      </label>
      <label className={css.field}>
        <span>Version</span>
        <select value={webhooks.version} onChange={(event) => put({ webhooks: { version: event.target.value } })}>
          {["v26.0", "v25.0", "v24.0", "v23.0"].map((version) => (
            <option key={version}>{version}</option>
          ))}
        </select>
      </label>
      <h2>Time</h2>
      <p>{state && new Date(state.clock.now).toLocaleString()}</p>
      <div className={css.buttons}>
        <button type="button" onClick={() => send("POST", "/clock/advance", { hours: 1 })}>
          1 hour on
        </button>
        <button type="button" onClick={() => send("POST", "/clock/advance", { hours: 25 })}>
          25 hours on
        </button>
        <button type="button" className={css.danger} onClick={() => globalThis.confirm("Forget all phones, messages, templates and settings of the sandbox?") && send("POST", "/reset")}>
          Start over
        </button>
      </div>
    </div>
  );
}

function first(span: number | [number, number]): number {
  return typeof span === "number" ? span : span[0];
}

function Requests() {
  const { value, reload } = useLoaded<{ items: RecordedRequest[] }>("/requests?limit=50", ({ topics }) => topics.includes("phones") || topics.includes("templates"));
  return (
    <div className={css.body}>
      <div className={css.buttons}>
        <button type="button" onClick={reload}>
          Look again
        </button>
      </div>
      {value?.items.length === 0 && <p>Nothing was asked yet.</p>}
      {value?.items.map((item) => (
        <details key={`${item.at}${item.url}${item.ms}${item.answer}`} className={css.request}>
          <summary>
            <b className={item.status >= 400 || item.status === 0 ? css.bad : ""}>{item.status || "cut"}</b> {item.method} {item.url} <small>{item.ms} ms</small>
          </summary>
          {item.body && <pre>{pretty(item.body)}</pre>}
          <pre>{pretty(item.answer)}</pre>
        </details>
      ))}
    </div>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
