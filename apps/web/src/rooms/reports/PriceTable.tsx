import { ActionIcon, Button, Stack, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { RatePrice } from "@tincan/api";
import { useState } from "react";
import { money } from "../../pieces/figures.ts";
import { type FigureColumn, WideTable } from "../../pieces/WideTable.tsx";
import { marketName } from "./market-names.ts";
import { dayName } from "./period.ts";

/** More rows than this are shown when asked for: a page with five thousand is slow to draw. */
const atFirst = 100;

/** `currency` is empty while it is being typed. */
export function PriceTable({ prices, currency, onRemove }: { prices: RatePrice[]; currency: string; onRemove?: (price: RatePrice) => void }) {
  const [words, setWords] = useState("");
  const [all, setAll] = useState(false);
  const wanted = words.trim().toLowerCase();
  const found = wanted === "" ? prices : prices.filter((one) => `+${one.market} ${marketName(one.market)} ${one.category} ${one.from}`.toLowerCase().includes(wanted));
  const shown = all ? found : found.slice(0, atFirst);
  return (
    <Stack gap="sm">
      {prices.length > 10 ? <TextInput type="search" aria-label="Find prices" placeholder="Country, calling code or category" value={words} onChange={(event) => setWords(event.currentTarget.value)} maw={360} /> : null}
      <WideTable label="Prices" least={440} columns={columnsOf(currency, onRemove)} items={shown} idOf={({ market, category, from }) => `${market} ${category} ${from}`} />
      {found.length > shown.length ? (
        <Button variant="default" mx="auto" onClick={() => setAll(true)}>
          Show all {found.length.toLocaleString()}
        </Button>
      ) : null}
      {found.length === 0 ? (
        <Text size="sm" c="dimmed">
          No price matches.
        </Text>
      ) : null}
    </Stack>
  );
}

function columnsOf(currency: string, onRemove: ((price: RatePrice) => void) | undefined): FigureColumn<RatePrice>[] {
  const columns: FigureColumn<RatePrice>[] = [
    { key: "market", header: "Market", cell: ({ market }) => <Market of={market} /> },
    { key: "category", header: "Category", cell: ({ category }) => category },
    { key: "from", header: "From", cell: ({ from }) => <span className="nowrap">{dayName(from)}</span> },
    { key: "price", header: "Price", align: "right", cell: ({ price }) => <span className="nowrap">{currency ? money(price, currency) : price}</span> },
  ];
  return onRemove ? [...columns, { key: "remove", header: "Remove", align: "right", narrow: "action", cell: (price) => <Remove price={price} onRemove={onRemove} /> }] : columns;
}

function Market({ of: market }: { of: string }) {
  return (
    <>
      {marketName(market)}
      {market === "*" ? null : (
        <Text span size="xs" c="dimmed" className="nowrap">
          {" "}
          +{market}
        </Text>
      )}
    </>
  );
}

function Remove({ price, onRemove }: { price: RatePrice; onRemove: (price: RatePrice) => void }) {
  return (
    <ActionIcon aria-label={`Remove ${price.category} for ${marketName(price.market)} from ${price.from}`} onClick={() => onRemove(price)}>
      <IconTrash size={16} aria-hidden />
    </ActionIcon>
  );
}
