import { Anchor, UnstyledButton } from "@mantine/core";
import { createContext, type ReactNode, use, useState } from "react";
import { type Behind, PeopleDrawer } from "../PeopleDrawer.tsx";

const Open = createContext<(title: string, who: Behind) => void>(() => {});

/** Shows the people behind whatever number is pressed inside; of one run, when only that is looked at. */
export function PeopleBehind({ campaign, run, children }: { campaign: string; run: string | undefined; children: ReactNode }) {
  // The title stays while the drawer closes.
  const [shown, show] = useState<{ title: string; who: Behind | null }>({ title: "", who: null });
  return (
    <Open value={(title, who) => show({ title, who: run === undefined ? who : { ...who, run } })}>
      {children}
      <PeopleDrawer campaignId={campaign} title={shown.title} behind={shown.who} onClose={() => show({ ...shown, who: null })} />
    </Open>
  );
}

interface Props {
  /** What the list of people is called. */
  title: string;
  who: Behind;
  children: ReactNode;
  /** Looks as this says, not as a link in a text. */
  className?: string | undefined;
}

/** A number that opens the people behind it. */
export function PeopleLink({ title, who, children, className }: Props) {
  const open = use(Open);
  const press = () => open(title, who);
  if (className !== undefined) return <UnstyledButton className={className} onClick={press}>{children}</UnstyledButton>;
  return (
    <Anchor component="button" type="button" size="sm" onClick={press} className="numeric" style={{ flex: "none" }}>
      {children}
    </Anchor>
  );
}
