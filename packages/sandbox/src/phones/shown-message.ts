/** What a message looks like on a phone. Only types: the page in the browser shares them. */
export interface ShownMedia {
  kind: "image" | "video" | "document" | "audio" | "sticker";
  /** Absolute address, or a path on this sandbox. */
  url: string;
  filename?: string;
  voice?: boolean;
}

export interface ShownLocation {
  latitude: number;
  longitude: number;
  name?: string;
  address?: string;
}

export interface ShownButton {
  /** Place among the message's (or card's) buttons; what a press names. */
  index: number;
  kind: "reply" | "url" | "call" | "copy" | "flow" | "location" | "catalog" | "contact" | "other";
  text: string;
  /** What a press sends back: the payload of a template's quick reply, the id of an interactive one. */
  id?: string;
  url?: string;
  phone?: string;
  code?: string;
}

export interface ShownPart {
  header?: { text: string } | { media: ShownMedia } | { location: ShownLocation };
  body?: string;
  footer?: string;
  buttons?: ShownButton[];
}

export interface Shown extends ShownPart {
  media?: ShownMedia;
  location?: ShownLocation;
  contacts?: { name: string; phones: string[] }[];
  /** `expiresAt` in Unix milliseconds. */
  offer?: { text: string; expiresAt?: number; code?: string };
  list?: { button: string; sections: { title: string; rows: { id: string; title: string; description?: string }[] }[] };
  cards?: ShownPart[];
  emoji?: string;
}
