import { Checkbox, Code, List, Modal, Stack, Text, Textarea } from "@mantine/core";
import type { RatePrice } from "@tincan/api";
import { useState } from "react";
import { FormEnd } from "../../pieces/FormEnd.tsx";
import { Note } from "../../pieces/Note.tsx";
import { readRateCsv } from "./rate-csv.ts";

interface Props {
  opened: boolean;
  onClose: () => void;
  /** `replace`: they are the whole card. */
  onTake: (prices: RatePrice[], replace: boolean) => void;
}

/** No more lines that could not be read are told one by one. */
const mostNamed = 8;

export function PastePrices({ opened, onClose, onTake }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} closeOnClickOutside={false} title="Paste prices" size="lg">
      <PasteForm onClose={onClose} onTake={onTake} />
    </Modal>
  );
}

function PasteForm({ onClose, onTake }: Omit<Props, "opened">) {
  const [text, setText] = useState("");
  const [replace, setReplace] = useState(false);
  const { prices, problems } = readRateCsv(text);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        onTake(prices, replace);
      }}
    >
      <Stack>
        <Text size="sm">
          One price on each line: market, category, from, price. The market is a calling code, or <Code>*</Code> for all others. Cells copied from a spreadsheet work too.
        </Text>
        <Textarea
          label="Prices"
          autosize
          minRows={8}
          maxRows={16}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          placeholder={"market,category,from,price"}
          spellCheck={false}
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "0.8125rem" } }}
          data-autofocus
        />
        {problems.length > 0 ? (
          <Note kind="danger" title={`${problems.length.toLocaleString()} ${problems.length === 1 ? "line" : "lines"} cannot be read`} announce="polite">
            <List size="sm">
              {problems.slice(0, mostNamed).map((line) => (
                <List.Item key={line}>{line}</List.Item>
              ))}
            </List>
          </Note>
        ) : null}
        <Checkbox label="Replace the whole card with these" checked={replace} onChange={(event) => setReplace(event.currentTarget.checked)} />
        <FormEnd busy={false} disabled={prices.length === 0 || problems.length > 0} onCancel={onClose}>
          {prices.length === 0 ? "Take them" : `Take ${prices.length.toLocaleString()} ${prices.length === 1 ? "price" : "prices"}`}
        </FormEnd>
      </Stack>
    </form>
  );
}
