import { Autocomplete, Button, NumberInput, SimpleGrid, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { IconPlus } from "@tabler/icons-react";
import type { RatePrice } from "@tincan/api";
import { useState } from "react";
import { categoryOf, isDay, readMarket } from "./rate-csv.ts";

/** Categories that receipts have named; others may be written. */
const known = ["marketing", "utility", "authentication", "authentication_international", "service"];

interface Draft {
  market: string;
  category: string;
  from: string;
  price: number | string;
}

/** One price by hand. Its market and day stay for the next one. */
export function AddPrice({ onAdd }: { onAdd: (price: RatePrice) => void }) {
  const [today] = useState(() => new Date().toISOString().slice(0, 10));
  const form = useForm<Draft>({
    initialValues: { market: "", category: "", from: today, price: "" },
    validate: {
      market: (value) => (readMarket(value) === undefined ? "A calling code such as 91, or * for all others" : null),
      category: (value) => (categoryOf(value) === "" ? "Which category?" : null),
      from: (value) => (isDay(value) ? null : "From which day?"),
      price: (value) => (value === "" ? "How much?" : null),
    },
  });
  const submit = form.onSubmit(({ market, category, from, price }) => {
    onAdd({ market: readMarket(market) ?? "*", category: categoryOf(category), from, price: Number(price) });
    form.setFieldValue("category", "");
    form.setFieldValue("price", "");
  });
  return (
    <form noValidate onSubmit={submit} aria-label="Add a price">
      <SimpleGrid cols={{ base: 1, xs: 2, md: 5 }} spacing="sm" style={{ alignItems: "start" }}>
        <TextInput label="Market" placeholder="91" {...form.getInputProps("market")} />
        <Autocomplete label="Category" placeholder="marketing" data={known} maxLength={60} {...form.getInputProps("category")} />
        <TextInput type="date" label="From" {...form.getInputProps("from")} />
        <NumberInput label="Price" min={0} max={1000} decimalScale={6} hideControls inputMode="decimal" {...form.getInputProps("price")} />
        <Button type="submit" variant="default" leftSection={<IconPlus size={16} aria-hidden />} mt={{ base: 0, md: 25 }}>
          Add
        </Button>
      </SimpleGrid>
    </form>
  );
}
