import { ActionIcon, Button, Stack, Table, Text, TextInput } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { RatePrice } from "@tincan/api";
import { useState } from "react";
import { money } from "../../pieces/figures.ts";
import { WideTable } from "../../pieces/WideTable.tsx";
import { marketName } from "./market-names.ts";

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
      <WideTable
        label="Prices"
        least={440}
        head={
          <>
            <Table.Th>Market</Table.Th>
            <Table.Th>Category</Table.Th>
            <Table.Th>From</Table.Th>
            <Table.Th ta="right">Price</Table.Th>
            {onRemove ? <Table.Th ta="right">Remove</Table.Th> : null}
          </>
        }
      >
        {shown.map((price) => (
          <Table.Tr key={`${price.market} ${price.category} ${price.from}`}>
            <Table.Th scope="row" fw={500}>
              {marketName(price.market)}
              {price.market === "*" ? null : (
                <Text span size="xs" c="dimmed" className="nowrap">
                  {" "}
                  +{price.market}
                </Text>
              )}
            </Table.Th>
            <Table.Td>{price.category}</Table.Td>
            <Table.Td className="nowrap">{price.from}</Table.Td>
            <Table.Td ta="right" className="numeric nowrap">
              {currency ? money(price.price, currency) : price.price}
            </Table.Td>
            {onRemove ? (
              <Table.Td ta="right">
                <ActionIcon aria-label={`Remove ${price.category} for ${marketName(price.market)} from ${price.from}`} onClick={() => onRemove(price)}>
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Table.Td>
            ) : null}
          </Table.Tr>
        ))}
      </WideTable>
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
