import type { GenericProvider, Provider } from "@tincan/api";
import type { ReactNode } from "react";
import { Copied } from "../../pieces/Copied.tsx";
import { Facts } from "../../pieces/Facts.tsx";
import { RelativeTime } from "../../pieces/RelativeTime.tsx";
import { Section } from "../../pieces/Section.tsx";

type Rows = [name: string, value: ReactNode][];

/** How a provider is set up; secrets are masked. */
export function DetailsSection({ provider }: { provider: Provider }) {
  const own: Rows =
    provider.kind === "cloud-api"
      ? [
          ["Account id", <Copied key="account" value={provider.wabaId} label="account id" />],
          ["Phone number id", <Copied key="number" value={provider.phoneNumberId} label="phone number id" />],
          ["Access token", provider.accessToken],
          ["App secret", provider.appSecret],
          ["API address", <Copied key="address" value={provider.baseUrl} label="API address" />],
          ["Messages a second", provider.maxPerSecond === null ? "as many as Meta allows" : `up to ${provider.maxPerSecond.toLocaleString()}`],
        ]
      : genericRows(provider);
  return (
    <Section title="Details">
      <Facts
        rows={[
          ...own,
          ["Concurrent requests", `up to ${provider.maxConcurrency.toLocaleString()}`],
          ["Added", <RelativeTime key="added" at={provider.createdAt} />],
          ["Changed", <RelativeTime key="changed" at={provider.updatedAt} />],
        ]}
      />
    </Section>
  );
}

function genericRows(provider: GenericProvider): Rows {
  const pairs = (list: { key: string; value: string }[]) =>
    list.map(({ key, value }) => (
      <div key={key}>
        {key}: {value}
      </div>
    ));
  return [
    ["Endpoint", <Copied key="endpoint" value={provider.endpoint} shown={`POST ${provider.endpoint}`} label="endpoint" />],
    ["Basic", provider.auth ? `${provider.auth.username} / ${provider.auth.password}` : null],
    ["Headers", provider.headers.length > 0 ? pairs(provider.headers) : "none"],
    ["Custom key-values", provider.customKeys.length > 0 ? pairs(provider.customKeys) : null],
    ["Auto-reply", provider.autoReply.enabled ? provider.autoReply.text : "off"],
    ["Template import", provider.templateImport ? <Copied key="import" value={provider.templateImport.url} shown={`${provider.templateImport.url}, ${provider.templateImport.limit} a page`} label="template import URL" /> : null],
    ["Repeated msgId", provider.repeatIsHarmless ? "is ignored by the provider, so lost answers are asked for again" : null],
  ];
}
