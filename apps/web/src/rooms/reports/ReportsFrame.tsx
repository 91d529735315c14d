import { type ReactNode, useEffect, useRef } from "react";
import { PlainLink } from "../../pieces/links.tsx";
import { Page } from "../../pieces/Page.tsx";
import { reportRooms } from "./report-rooms.ts";
import classes from "./ReportsFrame.module.css";

interface Props {
  title: string;
  description: ReactNode;
  actions?: ReactNode;
  children: ReactNode;
}

/** A page of the reports with the way to the others. */
export function ReportsFrame({ title, description, actions, children }: Props) {
  const bar = useRef<HTMLElement>(null);
  // On a narrow screen the bar is longer than the screen: the page one is on is in the middle of it.
  useEffect(() => {
    const here = bar.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (here && bar.current) bar.current.scrollLeft = here.offsetLeft - bar.current.offsetLeft - (bar.current.clientWidth - here.offsetWidth) / 2;
  }, []);
  return (
    <Page title={title} description={description} actions={actions}>
      <nav aria-label="Reports" ref={bar} className={classes.rooms}>
        {reportRooms.map(({ to, label }) => (
          <PlainLink key={to} to={to} className={classes.room} activeOptions={{ exact: true, includeSearch: false }} activeProps={{ "aria-current": "page" }}>
            {label}
          </PlainLink>
        ))}
      </nav>
      {children}
    </Page>
  );
}
