import type { ConsentScope, ConsentSource, ConsentState, ContactConsent } from "@tincan/api";

/** A change somebody is asked to confirm. `doNotDisturb` is about the number: `out` puts it on the list, `in` takes it off. */
export interface ConsentStep {
  scope: ConsentScope | "doNotDisturb";
  state: ConsentState;
}

/** The person's own word. */
const own: ReadonlySet<ConsentSource | null> = new Set<ConsentSource>(["keyword", "button", "whatsapp"]);

/**
 * The step after which the person may be sent the same as before; undefined where there is none. A word about everything forgets those
 * about single categories, and a stop by the person's own word lasts longer than one from here: neither can be put back from here.
 */
export function stepBack({ scope, state }: ConsentStep, before: ContactConsent): ConsentStep | undefined {
  const back: ConsentStep = { scope, state: state === "in" ? "out" : "in" };
  if (scope === "doNotDisturb") return back;
  const said = Object.values(before.categories);
  if (scope === "all") return said.every((category) => category.state === null) ? back : undefined;
  const category = before.categories[scope];
  const might = category.state === null ? before.msgWhatsapp : category.state === "in";
  return might === (back.state === "in") && !own.has(category.source) ? back : undefined;
}
