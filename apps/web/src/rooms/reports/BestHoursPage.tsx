import { List, Stack, Text } from "@mantine/core";
import { IconClockHour4 } from "@tabler/icons-react";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { api } from "../../api.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { percent, shareOf } from "../../pieces/figures.ts";
import { ListFilters } from "../../pieces/ListFilters.tsx";
import { Loaded } from "../../pieces/Loaded.tsx";
import { Section } from "../../pieces/Section.tsx";
import { heatOf, hourSpan, weekdayName } from "./heat.ts";
import { HeatTable } from "./HeatTable.tsx";
import { bestHoursSearch } from "./report-search.ts";
import { ReportsFrame } from "./ReportsFrame.tsx";
import classes from "./BestHoursPage.module.css";

/** When people read and click, so that the next campaign comes at the right time. */
export default function BestHoursPage() {
  const search = useSearch({ from: "/rooms/reports/best-hours" });
  const navigate = useNavigate({ from: "/reports/best-hours" });
  const { show: measure = "read", days = "90" } = search;
  const query = useQuery({
    queryKey: ["reports", "best-hours", days],
    queryFn: ({ signal }) => api.reports.bestHours({ days: Number(days) }, signal),
    placeholderData: keepPreviousData,
  });
  const happened = measure === "read" ? "reads" : "clicks";
  return (
    <ReportsFrame title="Best hours" description="When people read and click, by hour of the week.">
      <Loaded query={query} height={420}>
        {({ hours, timeZone }) => {
          const heat = heatOf(hours, measure);
          return (
            <Stack gap="lg">
              <div className={classes.choices}>
                <ListFilters
                  search={search}
                  onSearch={(next) => void navigate({ search: bestHoursSearch({ ...next }), replace: true })}
                  filters={[
                    { kind: "choice", key: "show", label: "What to show", any: "Reads", options: [{ value: "clicked", label: "Clicks" }] },
                    { kind: "choice", key: "days", label: "Period", any: "Last 90 days", options: [{ value: "30", label: "Last 30 days" }, { value: "365", label: "Last year" }] },
                  ]}
                />
              </div>
              {heat.total === 0 ? (
                <Section title="Hours of the week">
                  <EmptyState icon={<IconClockHour4 size={26} />} title={`No ${happened} yet`}>
                    Once people {measure === "read" ? "read" : "click in"} campaign messages, the hours in which they do it are counted here.
                  </EmptyState>
                </Section>
              ) : (
                <>
                  <Section title={`Most ${happened}`}>
                    <List size="sm" type="ordered" spacing={4}>
                      {heat.best.map(({ weekday, hour, value }) => (
                        <List.Item key={`${weekday} ${hour}`}>
                          <b>
                            {weekdayName(weekday, "long")}, {hourSpan(hour)}
                          </b>
                          : {value.toLocaleString()} of {heat.total.toLocaleString()} {happened} ({percent(shareOf(value, heat.total))})
                        </List.Item>
                      ))}
                    </List>
                  </Section>
                  <Section title="Hours of the week" description={`How many ${happened} there were in each hour, ${timeZone} time. A stronger colour is more; the best three are bold in a frame.`}>
                    <HeatTable heat={heat} label={`${measure === "read" ? "Reads" : "Clicks"} by hour of the week`} />
                  </Section>
                  <Text size="sm" c="dimmed">
                    People read what they get, so hours in which much was sent show more. A campaign can choose the best time for each person by itself.
                  </Text>
                </>
              )}
            </Stack>
          );
        }}
      </Loaded>
    </ReportsFrame>
  );
}
