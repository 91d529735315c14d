import { Spotlight } from "@mantine/spotlight";
import { useDebouncedValue } from "@mantine/hooks";
import { IconChartPie, IconListDetails, IconMessage, IconPlugConnected, IconSearch, IconSpeakerphone, IconTemplate, IconBrandWhatsapp, IconUser, type TablerIcon } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { api } from "../api.ts";
import { Delayed } from "../pieces/Delayed.tsx";
import { displayNumber } from "../pieces/phone.ts";
import { stateOf } from "../rooms/campaigns/campaign-words.ts";
import { nameOf } from "../rooms/people/contacts/contact-words.ts";
import { useSession } from "../session.ts";
import { useRooms } from "./Navigation.tsx";
import classes from "./Search.module.css";

interface Hit {
  id: string;
  label: string;
  description?: string;
  icon: TablerIcon;
  open: () => void;
}

/** Handed on to the scroll area inside: what scrolls can be reached by keyboard. */
const scrollable = { viewportProps: { tabIndex: 0 } };

/** Ctrl/⌘-K (search-keys.ts): rooms at once, then what the server knows under the words. */
export function Search() {
  const [query, setQuery] = useState("");
  const [words] = useDebouncedValue(query.trim(), 200);
  const navigate = useNavigate();
  const { permissions } = useSession();
  const rooms = useRooms().flatMap((group) => group.rooms.flatMap((room) => [{ ...room, group: group.name }, ...(room.pages ?? []).map((page) => ({ ...room, ...page, group: room.label }))]));
  const wanted = words.length >= 2;

  const people = useQuery({
    queryKey: ["search", "people", words],
    queryFn: ({ signal }) => api.contacts.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("contacts.read"),
  });
  const messages = useQuery({
    queryKey: ["search", "messages", words],
    queryFn: ({ signal }) => api.messages.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("messages.read"),
  });
  const templates = useQuery({
    queryKey: ["search", "templates", words],
    queryFn: ({ signal }) => api.templates.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("templates.read"),
  });
  const campaigns = useQuery({
    queryKey: ["search", "campaigns", words],
    queryFn: ({ signal }) => api.campaigns.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("campaigns.read"),
  });
  const segments = useQuery({
    queryKey: ["search", "segments", words],
    queryFn: ({ signal }) => api.segments.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("segments.read"),
  });
  const lists = useQuery({
    queryKey: ["search", "lists", words],
    queryFn: ({ signal }) => api.lists.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("segments.read"),
  });
  const providers = useQuery({
    queryKey: ["search", "providers", words],
    queryFn: ({ signal }) => api.providers.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("providers.read"),
  });
  const deployments = useQuery({
    queryKey: ["search", "deployments", words],
    queryFn: ({ signal }) => api.deployments.list({ q: words, limit: 6 }, signal),
    enabled: wanted && permissions.includes("deployments.read"),
  });

  // What comes from the server is still on its way, or has not come.
  const answers = [people, messages, templates, campaigns, segments, lists, providers, deployments];
  const isSearching = query.trim().length >= 2 && (words !== query.trim() || answers.some(({ isFetching }) => isFetching));
  const isPartial = wanted && answers.some(({ isError }) => isError);
  const matches = (text: string) => text.toLowerCase().includes(query.trim().toLowerCase());
  const found: { name: string; hits: Hit[] }[] = [
    {
      name: "Go to",
      hits: rooms
        .filter((room) => matches(`${room.group ?? ""} ${room.label}`))
        .map((room) => ({ id: room.to, label: room.label, icon: room.icon, open: () => void navigate({ to: room.to }), ...(room.group ? { description: room.group } : {}) })),
    },
    ...(wanted
      ? [
          {
            name: "People",
            hits: (people.data?.items ?? []).map((contact) => ({
              id: contact.id,
              label: nameOf(contact),
              description: [contact.phone && contact.name ? displayNumber(contact.phone) : null, contact.email, contact.identity].filter(Boolean).join(" · "),
              icon: IconUser,
              open: () => void navigate({ to: "/people/contacts/$id", params: { id: contact.id } }),
            })),
          },
          {
            name: "Segments and lists",
            hits: [
              ...(segments.data?.items ?? []).map((segment) => ({
                id: segment.id,
                label: segment.name,
                description: ["Segment", segment.description].filter(Boolean).join(" · "),
                icon: IconChartPie,
                open: () => void navigate({ to: "/people/segments/$id", params: { id: segment.id } }),
              })),
              ...(lists.data?.items ?? []).map((list) => ({
                id: list.id,
                label: list.name,
                description: `List of ${list.members.toLocaleString()}`,
                icon: IconListDetails,
                open: () => void navigate({ to: "/people/lists/$id", params: { id: list.id } }),
              })),
            ],
          },
          {
            name: "Messages",
            hits: (messages.data?.items ?? []).map((message) => ({
              id: message.id,
              label: `${displayNumber(message.to)} · ${message.summary}`,
              description: `${message.state}${message.msgId ? ` · ${message.msgId}` : ""}`,
              icon: IconMessage,
              open: () => void navigate({ to: "/messages/$id", params: { id: message.id } }),
            })),
          },
          {
            name: "Campaigns",
            hits: (campaigns.data?.items ?? []).map((campaign) => ({
              id: campaign.id,
              label: campaign.name,
              description: [stateOf(campaign.state).word, ...campaign.labels].join(" · "),
              icon: IconSpeakerphone,
              open: () => void navigate({ to: "/campaigns/$id", params: { id: campaign.id } }),
            })),
          },
          {
            name: "Templates",
            hits: (templates.data?.items ?? []).map((template) => ({
              id: template.id,
              label: template.name,
              description: `${template.language} · ${template.status.toLowerCase()} · ${template.provider.nickname}`,
              icon: IconTemplate,
              open: () => void navigate({ to: "/templates/$id", params: { id: template.id } }),
            })),
          },
          {
            name: "Providers",
            hits: (providers.data?.items ?? []).map((provider) => ({
              id: provider.id,
              label: provider.nickname,
              description: displayNumber(provider.number),
              icon: IconBrandWhatsapp,
              open: () => void navigate({ to: "/channels/whatsapp/$id", params: { id: provider.id } }),
            })),
          },
          {
            name: "Platform deployments",
            hits: (deployments.data?.items ?? []).map((deployment) => ({
              id: deployment.id,
              label: deployment.name,
              description: deployment.provider.nickname,
              icon: IconPlugConnected,
              open: () => void navigate({ to: "/channels/platforms/$id", params: { id: deployment.id } }),
            })),
          },
        ]
      : []),
  ].filter((group) => group.hits.length > 0);

  return (
    <Spotlight.Root query={query} onQueryChange={setQuery} shortcut="/" scrollable maxHeight={440} centered={false} overlayProps={{ backgroundOpacity: 0.45 }}
      attributes={{ content: { "aria-label": "Search" } }} classNames={{ search: classes.search, action: classes.action, actionDescription: classes.description, actionsGroup: classes.group }}>
      <Spotlight.Search
        placeholder="Search people, campaigns, messages, templates, numbers, rooms"
        aria-label="Search everything"
        leftSection={<IconSearch size={18} stroke={1.6} aria-hidden />}
      />
      <Spotlight.ActionsList {...scrollable}>
        {found.length > 0 ? null : isSearching ? (
          <Spotlight.Empty>
            <Delayed>Searching</Delayed>
          </Spotlight.Empty>
        ) : isPartial ? null : (
          <Spotlight.Empty>Nothing found. A name, a number, a msgId or a template name works best.</Spotlight.Empty>
        )}
        {found.map((group) => (
          <Spotlight.ActionsGroup key={group.name} label={group.name}>
            {group.hits.map(({ id, label, description, icon: Icon, open }) => (
              <Spotlight.Action key={id} label={label} {...(description ? { description } : {})} leftSection={<Icon size={18} stroke={1.6} aria-hidden />} onClick={open} />
            ))}
          </Spotlight.ActionsGroup>
        ))}
        {isPartial && !isSearching ? <Spotlight.Empty>The server did not answer every search. Type again in a moment.</Spotlight.Empty> : null}
      </Spotlight.ActionsList>
    </Spotlight.Root>
  );
}
