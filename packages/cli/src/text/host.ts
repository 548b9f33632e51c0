// Hosts as people name them: `example.org`, `localhost:5432`, `10.0.0.5:443`, `[::1]:80`.

import { ipAddressOf } from "nono-ts/internal";

/** `host`: a name in lower case, or an IP address in the form of RFC 5952. Without `port`: at every one. */
export type NamedHost = Readonly<{ host: string; port?: number }>;

export const HOST_EXPECTED = "a host and perhaps its port, as in example.org:443, localhost or [::1]:80";

/** @returns undefined for what is neither a name nor an address: no wildcards, no ranges, no zones */
export function hostIn(text: string): NamedHost | undefined {
  const bracketed = /^\[([0-9a-fA-F:.]+)\](?::(.*))?$/s.exec(text);
  const [, name = "", portText] = bracketed ?? /^([^:]*)(?::(.*))?$/s.exec(text) ?? [];
  const address = ipAddressOf(name);
  const host = bracketed === null && address === undefined ? nameOf(name) : address;
  if (host === undefined || (bracketed !== null && !name.includes(":"))) return undefined;
  if (portText === undefined) return { host };
  const port = /^[1-9][0-9]{0,4}$/.test(portText) ? Number(portText) : 0;
  return port >= 1 && port <= 65_535 ? { host, port } : undefined;
}

/** As `hostIn` reads it. */
export function textOfHost({ host, port }: NamedHost): string {
  return `${host.includes(":") ? `[${host}]` : host}${port === undefined ? "" : `:${port}`}`;
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** What ends in a number some programs take for an address (`127.1`), and others for a name. */
function nameOf(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, "");
  const labels = name.split(".");
  const isNumber = /^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? "");
  return name.length <= 253 && !isNumber && labels.every((label) => LABEL.test(label)) ? name : undefined;
}
