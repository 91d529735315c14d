import { Button, Group, Loader, Stack, Text } from "@mantine/core";
import { IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import type { ApiFailure, Audience, Contact } from "@tincan/api";
import { useEffect, useState } from "react";
import { api } from "../api.ts";
import { ErrorNote } from "../pieces/ErrorNote.tsx";
import { TextLink } from "../pieces/links.tsx";
import { Note } from "../pieces/Note.tsx";
import { displayNumber } from "../pieces/phone.ts";
import { RelativeTime } from "../pieces/RelativeTime.tsx";
import { nameOf } from "../rooms/people/contacts/contact-words.ts";
import classes from "./AudienceCount.module.css";
import { audienceOf, useAudienceCount } from "./use-audience-count.ts";

interface Props {
  /** Null while it is not complete. */
  audience: Audience | null;
  /** How many people of it are shown; none when 0. */
  sample?: number;
  /** Hears what the server has against the audience, to show it where it belongs; null when it counted. */
  onFailure?: (failure: ApiFailure | null) => void;
}

/** How many people an audience has, counted while it is edited, and a few of them. */
export function AudienceCount({ audience, sample = 5, onFailure }: Props) {
  const { data, failure, isCounting, counted, again } = useAudienceCount(audience);
  const isLong = useLasting(isCounting, 2_000);
  useEffect(() => onFailure?.(failure), [failure, onFailure]);

  if (audience === null) {
    return (
      <Text size="sm" c="dimmed">
        People are counted once every condition is complete.
      </Text>
    );
  }
  const isShownThere = onFailure !== undefined && failure?.field !== undefined;
  return (
    <Stack gap="sm">
      {failure && !isCounting ? (
        isShownThere ? (
          <Note kind="danger" title="One of the conditions cannot be: it is marked." />
        ) : (
          <ErrorNote error={failure} retry={again} />
        )
      ) : (
        <div>
          <Group gap="xs" align="baseline" wrap="nowrap" aria-live="polite" aria-atomic>
            <Text className={classes.count} data-old={isCounting || undefined} component="span">
              {data ? data.count.toLocaleString() : "…"}
            </Text>
            <Text size="sm" component="span">
              {data?.count === 1 ? "person" : "people"}
            </Text>
          </Group>
          <Group gap={6} mih={26}>
            {isCounting ? (
              <>
                <Loader size={18} aria-hidden />
                <Text size="xs" c="dimmed">
                  {isLong ? "Still counting: there is much to look through. You can go on meanwhile." : "Counting"}
                </Text>
              </>
            ) : data ? (
              <>
                <Text size="xs" c="dimmed" component="span">
                  Counted <RelativeTime at={data.countedAt} />
                </Text>
                <Button size="compact-xs" variant="subtle" leftSection={<IconRefresh size={12} aria-hidden />} onClick={again}>
                  Count again
                </Button>
              </>
            ) : null}
          </Group>
          {data && data.missingCount > 0 && !isCounting ? (
            <Text size="sm" className="break">
              {data.missingCount.toLocaleString()} of the numbers {data.missingCount === 1 ? "belongs" : "belong"} to nobody you know: {data.missing.slice(0, 5).join(", ")}
              {data.missingCount > 5 ? ", …" : ""}
            </Text>
          ) : null}
        </div>
      )}
      {sample > 0 && data && data.count > 0 && counted !== null && !failure ? <Sample audience={counted} count={data.count} size={sample} /> : null}
    </Stack>
  );
}

function Sample({ audience, count, size }: { audience: string; count: number; size: number }) {
  const people = useQuery({
    queryKey: ["audience", "sample", audience, size],
    queryFn: ({ signal }) => api.segments.sample(audienceOf(audience), { limit: size }, signal),
    staleTime: 60_000,
    placeholderData: (before) => before,
    retry: false,
  });
  if (!people.data || people.data.items.length === 0) return null;
  return (
    <div>
      <Text size="xs" c="dimmed" mb={4} id="audience-sample">
        {count <= people.data.items.length ? "They are" : "Among them"}
      </Text>
      <ul className={classes.people} aria-labelledby="audience-sample" data-old={people.isPlaceholderData || undefined}>
        {people.data.items.map((contact) => (
          <Person key={contact.id} contact={contact} />
        ))}
      </ul>
    </div>
  );
}

function Person({ contact }: { contact: Contact }) {
  return (
    <li>
      <TextLink to="/people/contacts/$id" params={{ id: contact.id }} className="break">
        {nameOf(contact)}
      </TextLink>
      {contact.phone && contact.name ? (
        <Text size="xs" c="dimmed" className="numeric">
          {displayNumber(contact.phone)}
        </Text>
      ) : null}
    </li>
  );
}

/** Whether something has been going on for longer than `ms`. */
function useLasting(isOn: boolean, ms: number): boolean {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = isOn ? setTimeout(() => setLong(true), ms) : undefined;
    return () => {
      clearTimeout(timer);
      setLong(false);
    };
  }, [isOn, ms]);
  return isLong && isOn;
}
