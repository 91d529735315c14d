import type { ReactNode } from "react";
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
  return (
    <Page title={title} description={description} actions={actions}>
      <nav aria-label="Reports" className={classes.rooms}>
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
