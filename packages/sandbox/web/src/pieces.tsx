/** Pictures, files, places, contacts and offers inside a bubble. */
import type { Shown, ShownLocation, ShownMedia } from "../../src/phones/shown-message.ts";
import { File, Hourglass, Pin } from "./icons.tsx";
import { useNow } from "./loaded.ts";
import css from "./pieces.module.css";

/** Only what lies on this machine is loaded by itself. */
function isNear(url: string): boolean {
  if (url.startsWith("/")) return true;
  const host = URL.parse(url)?.hostname;
  return host === "127.0.0.1" || host === "localhost";
}

export function Media({ media }: { media: ShownMedia }) {
  const { kind, url, filename } = media;
  const host = URL.parse(url)?.host ?? "this sandbox";
  if (kind === "document" || !isNear(url)) {
    return (
      <a className={kind === "document" ? css.file : css.far} href={url} target="_blank" rel="noreferrer">
        <File />
        <span>
          {filename ?? (kind === "document" ? (url.split("/").at(-1) ?? "Document") : `${kind[0]!.toUpperCase()}${kind.slice(1)}`)}
          <small>{isNear(url) ? "Document" : `on ${host}`}</small>
        </span>
      </a>
    );
  }
  if (kind === "image") return <img className={css.picture} src={url} alt="" loading="lazy" />;
  if (kind === "sticker") return <img className={css.sticker} src={url} alt="Sticker" />;
  // WhatsApp carries no captions, so the track stays empty.
  if (kind === "audio") {
    return (
      <audio className={css.sound} src={url} controls preload="none">
        <track kind="captions" />
      </audio>
    );
  }
  return (
    <video className={css.picture} src={url} controls preload="metadata">
      <track kind="captions" />
    </video>
  );
}

export function Place({ place }: { place: ShownLocation }) {
  return (
    <div className={css.place}>
      <div className={css.map}>
        <Pin />
      </div>
      <div className={css.address}>
        {place.name ?? "Location"}
        <small>{place.address ?? `${place.latitude}, ${place.longitude}`}</small>
      </div>
    </div>
  );
}

export function ContactCards({ contacts }: { contacts: NonNullable<Shown["contacts"]> }) {
  return contacts.map(({ name, phones }) => (
    <div key={name} className={css.contact}>
      <span className={css.avatar}>{name[0]}</span>
      <span>
        {name}
        <small>{phones.join(", ")}</small>
      </span>
    </div>
  ));
}

export function Offer({ offer }: { offer: NonNullable<Shown["offer"]> }) {
  const { text, expiresAt, code } = offer;
  const now = useNow(expiresAt !== undefined);
  const left = expiresAt === undefined ? undefined : expiresAt - now;
  const soon = left !== undefined && left < 3_600_000;
  return (
    <div className={css.offer}>
      <span className={css.clock}>
        <Hourglass />
      </span>
      <span>
        <strong>{text}</strong>
        {left !== undefined && <small className={soon ? css.soon : ""}>{left > 0 ? `Offer ends in ${inWords(left)}` : "Offer has ended"}</small>}
        {code && <small>Code {code}</small>}
      </span>
    </div>
  );
}

function inWords(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60];
  if (days > 1) return `${days} days`;
  if (days === 1) return `1 day ${hours} h`;
  return [hours > 0 ? `${hours} h` : "", `${minutes} min`, `${seconds % 60} s`].filter(Boolean).join(" ");
}
