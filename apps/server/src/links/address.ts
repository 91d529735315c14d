/** Where short links begin: this server's own address, and the workspace's branded one. The path is the same at both. */
export interface LinkOrigins {
  publicUrl: string;
  domain: string | null;
}

/** The first step of every short link's path. */
export const LINK_PATH = "/l/";

/** The address of a short link, as it is put into messages. */
export function linkUrl({ publicUrl, domain }: LinkOrigins, code: string): string {
  return `${domain ?? publicUrl}${LINK_PATH}${code}`;
}

/** Whether an address can be what a short link leads to: http or https, with a host. */
export function isWebAddress(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}
