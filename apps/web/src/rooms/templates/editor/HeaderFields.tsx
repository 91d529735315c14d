import { FileInput, Group, NativeSelect, SimpleGrid, Stack, Text, TextInput } from "@mantine/core";
import { IconUpload } from "@tabler/icons-react";
import { templateLimits, variablesIn } from "@tincan/whatsapp/templates";
import { useState } from "react";
import type { DraftHeader, HeaderFormat } from "./draft.ts";
import { LimitedInput } from "./Limited.tsx";
import { fileRules, headerWords } from "./words.ts";

interface Props {
  header: DraftHeader;
  formats: HeaderFormat[];
  /** Meta wants to see a sample file; other providers have seen theirs. */
  uploads: boolean;
  onChange: (header: DraftHeader) => void;
  say: (field: string) => string | null;
  /** The format is chosen elsewhere, for all cards at once. */
  fixed?: boolean;
}

/** What stands above the text. */
export function HeaderFields({ header, formats, uploads, onChange, say, fixed = false }: Props) {
  const set = (change: Partial<DraftHeader>) => onChange({ ...header, ...change });
  const [variable] = variablesIn(header.text);
  const error = say("header");
  return (
    <Stack gap="sm">
      {fixed ? null : (
        <NativeSelect
          label="Header"
          value={header.format}
          onChange={(event) => set({ format: event.currentTarget.value as HeaderFormat })}
          data={[...new Set([...formats, header.format])].map((value) => ({ value, label: headerWords[value] }))}
          error={header.format === "TEXT" ? null : error}
        />
      )}
      {header.format === "TEXT" ? (
        <SimpleGrid cols={{ base: 1, xs: variable ? 2 : 1 }}>
          <LimitedInput label="Header text" value={header.text} most={templateLimits.header} hint="One variable at most" error={error} onText={(text) => set({ text })} />
          {variable ? (
            <TextInput
              label={`Sample for {{${variable}}} in the header`}
              value={header.samples[variable] ?? ""}
              onChange={(event) => set({ samples: { ...header.samples, [variable]: event.currentTarget.value } })}
              error={say("header.samples")}
            />
          ) : null}
        </SimpleGrid>
      ) : null}
      {fileRules[header.format] ? <MediaFields header={header} uploads={uploads} set={set} error={say("header.file")} /> : null}
      {header.format === "LOCATION" ? <PlaceFields header={header} set={set} /> : null}
      {header.format === "KEPT" ? (
        <Text size="sm" c="dimmed">
          This header was made at Meta and stays as it is.
        </Text>
      ) : null}
    </Stack>
  );
}

interface Part {
  header: DraftHeader;
  set: (change: Partial<DraftHeader>) => void;
}

function MediaFields({ header, uploads, set, error }: Part & { uploads: boolean; error: string | null }) {
  const rules = fileRules[header.format];
  const [refused, setRefused] = useState<string | null>(null);
  const what = header.format.toLowerCase();
  const choose = (file: File | null) => {
    const tooBig = file !== null && rules !== undefined && file.size > rules.most;
    setRefused(tooBig ? `${file.name} has ${(file.size / 1e6).toFixed(1)} MB. ${rules.words}.` : null);
    if (header.fileAddress) URL.revokeObjectURL(header.fileAddress);
    const taken = tooBig ? null : file;
    set({ file: taken, fileAddress: taken ? URL.createObjectURL(taken) : "" });
  };
  return (
    <SimpleGrid cols={{ base: 1, xs: uploads ? 2 : 1 }}>
      {uploads ? (
        <FileInput
          label={`Sample ${what}`}
          description={`For Meta's review. ${rules?.words ?? ""}.`}
          placeholder={header.handle ? "One is uploaded; choose another" : "Choose a file"}
          leftSection={<IconUpload size={16} aria-hidden />}
          accept={rules?.accept}
          value={header.file}
          onChange={choose}
          clearable
          clearButtonProps={{ "aria-label": "Take the file away" }}
          error={refused ?? error}
        />
      ) : null}
      <TextInput
        label={`Address of a sample ${what}`}
        description="For tests, and for the preview. Each message brings its own."
        placeholder="https://…"
        inputMode="url"
        spellCheck={false}
        value={header.link}
        onChange={(event) => set({ link: event.currentTarget.value })}
        error={header.link && !/^https?:\/\/\S+$/.test(header.link.trim()) ? "An address beginning with https://" : null}
      />
    </SimpleGrid>
  );
}

function PlaceFields({ header, set }: Part) {
  const field = (key: keyof DraftHeader["place"], label: string) => (
    <TextInput size="xs" label={label} value={header.place[key]} onChange={(event) => set({ place: { ...header.place, [key]: event.currentTarget.value } })} style={{ flex: "1 1 140px" }} />
  );
  return (
    <Stack gap={4}>
      <Text size="sm" c="dimmed">
        Each message brings its own place. This one is for previews and tests.
      </Text>
      <Group gap="xs">
        {field("latitude", "Latitude")}
        {field("longitude", "Longitude")}
        {field("name", "Name")}
        {field("address", "Address")}
      </Group>
    </Stack>
  );
}
