import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconClipboardText, IconCoin } from "@tabler/icons-react";
import type { RateCard, RatePrice } from "@tincan/api";
import { api } from "../../api.ts";
import { useChange } from "../../change.ts";
import { useDraftOf } from "../../draft-of.ts";
import { EmptyState } from "../../pieces/EmptyState.tsx";
import { ErrorNote } from "../../pieces/ErrorNote.tsx";
import { LeaveGuard } from "../../pieces/LeaveGuard.tsx";
import { Section } from "../../pieces/Section.tsx";
import { useMay } from "../../session.ts";
import { AddPrice } from "./AddPrice.tsx";
import { PastePrices } from "./PastePrices.tsx";
import { PriceTable } from "./PriceTable.tsx";
import { inOrder, withPrices } from "./rate-csv.ts";

/** The card as it is being written; nothing counts before it is saved. */
export function RateCardForm({ card }: { card: RateCard }) {
  const mayWrite = useMay("campaigns.approve");
  const { draft, setDraft, changed } = useDraftOf<RateCard>({ currency: card.currency, prices: inOrder(card.prices) });
  const { currency, prices } = draft;
  const setPrices = (change: (before: RatePrice[]) => RatePrice[]) => setDraft((before) => ({ ...before, prices: change(before.prices) }));
  const [pasting, paste] = useDisclosure(false);
  const save = useChange({ run: (next: RateCard) => api.rateCard.set(next), stale: ["reports", "figures"], done: "The rate card is saved", onDone: (saved) => setDraft({ currency: saved.currency, prices: inOrder(saved.prices) }), onFailed: () => undefined });
  const next: RateCard = { currency: currency.trim().toUpperCase(), prices };
  const problem = /^[A-Z]{3}$/.test(next.currency) ? null : "Three letters, such as USD, EUR or INR";
  const add = (more: RatePrice[]) => setPrices((before) => withPrices(before, more));
  const pasteButton = mayWrite ? (
    <Button variant={prices.length === 0 ? "filled" : "default"} leftSection={<IconClipboardText size={16} aria-hidden />} onClick={paste.open}>
      Paste from CSV
    </Button>
  ) : null;
  return (
    <Stack gap="lg">
      <LeaveGuard isDirty={() => changed && mayWrite && !save.isPending} />
      {save.error ? <ErrorNote error={save.error} /> : null}
      <Section title="Prices" description="Each holds from its day until a newer one of the same market and category." actions={prices.length === 0 ? null : pasteButton}>
        <TextInput label="Currency" description="Of all prices here." value={currency} onChange={(event) => setDraft({ ...draft, currency: event.currentTarget.value })} readOnly={!mayWrite} error={problem} maxLength={3} maw={220} spellCheck={false} />
        {prices.length === 0 ? (
          <EmptyState icon={<IconCoin size={26} />} title="No prices yet" action={pasteButton}>
            Meta publishes what a delivered message costs for each market and category, as a table per currency, and changes it from time to time; a partner may charge something else. Copy the prices you pay
            from there or from your contract. Until then reports count what is billed and leave the amount out.
          </EmptyState>
        ) : (
          <PriceTable prices={prices} currency={problem ? "" : next.currency} {...(mayWrite ? { onRemove: (gone: RatePrice) => setPrices((before) => before.filter((one) => one !== gone)) } : {})} />
        )}
        {mayWrite ? <AddPrice onAdd={(price) => add([price])} /> : null}
      </Section>
      {mayWrite ? (
        <Group justify="flex-end" gap="sm">
          {changed ? (
            <Text size="sm" c="dimmed" aria-live="polite">
              Not saved yet.
            </Text>
          ) : null}
          <Button disabled={!changed || problem !== null} loading={save.isPending} onClick={() => save.mutate(next)}>
            Save the rate card
          </Button>
        </Group>
      ) : null}
      <PastePrices
        opened={pasting}
        onClose={paste.close}
        onTake={(more, replace) => {
          if (replace) setPrices(() => withPrices([], more));
          else add(more);
          paste.close();
        }}
      />
    </Stack>
  );
}
