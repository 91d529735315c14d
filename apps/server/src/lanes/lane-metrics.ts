import { Gauge } from "prom-client";
import type { Metrics } from "../http/metrics.ts";
import type { LaneKeeper } from "./keeper.ts";

/** What the lanes of this process do, by kind of lane. */
export function laneMetrics(metrics: Metrics, keeper: LaneKeeper): void {
  const gauge = (name: string, help: string, read: (lane: ReturnType<LaneKeeper["stats"]>[number]) => number): void => {
    const figure = new Gauge({
      name,
      help,
      labelNames: ["kind"],
      registers: [],
      collect() {
        this.reset();
        for (const lane of keeper.stats()) this.inc({ kind: lane.kind }, read(lane));
      },
    });
    metrics.registry.registerMetric(figure);
  };
  gauge("tincan_lanes_owned", "Lanes this process holds.", () => 1);
  gauge("tincan_lane_in_flight", "Requests under way.", (lane) => lane.inFlight);
  gauge("tincan_lane_requests_per_second", "Requests answered per second, over the last five.", (lane) => lane.rate);
  gauge("tincan_lanes_open", "Lanes whose breaker lets nothing through.", (lane) => (lane.open ? 1 : 0));
}
