import { Anchor } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";
import { Loaded } from "../../pieces/Loaded.tsx";
import { RateCardForm } from "./RateCardForm.tsx";
import { ReportsFrame } from "./ReportsFrame.tsx";

/** What a message costs, so that reports can say what a campaign did. */
export default function RateCardPage() {
  const query = useQuery({ queryKey: ["reports", "rate-card"], queryFn: ({ signal }) => api.rateCard.get(signal) });
  return (
    <ReportsFrame
      title="Rate card"
      description={
        <>
          What one delivered message costs, by market and category. Reports count what was billed and price it with this; nothing is billed by it. Other systems read and write it with{" "}
          <Anchor href="/api/docs" size="sm" underline="always">
            the API
          </Anchor>
          .
        </>
      }
    >
      <Loaded query={query} height={360}>
        {(card) => <RateCardForm card={card} />}
      </Loaded>
    </ReportsFrame>
  );
}
