// Addresses of sockets, from the bytes of struct sockaddr (linux/socket.h, linux/un.h, linux/in.h, linux/in6.h).

import { textOf } from "../text/bytes.ts";

export type SocketAddress =
  /** `host`: an IP address in the form of RFC 5952; an IPv4 address that is mapped to IPv6 is given as IPv4. */
  | Readonly<{ family: "internet"; host: string; port: number }>
  | Readonly<{ family: "unix"; path: string }>
  /** Linux' abstract names have no place in the file system. */
  | Readonly<{ family: "abstract"; name: string }>
  | Readonly<{ family: "other"; number: number }>;

const AF_UNIX = 1;
const AF_INET = 2;
const AF_INET6 = 10;

export function socketAddressOf(bytes: Uint8Array): SocketAddress {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 2) return { family: "other", number: 0 };
  const number = view.getUint16(0, true);
  if (number === AF_UNIX && bytes.length > 2) return unixAddress(bytes.subarray(2));
  if (number === AF_INET && bytes.length >= 8)
    return { family: "internet", host: bytes.subarray(4, 8).join("."), port: view.getUint16(2) };
  if (number === AF_INET6 && bytes.length >= 24)
    return { family: "internet", host: host6(bytes.subarray(8, 24)), port: view.getUint16(2) };
  return { family: "other", number };
}

function unixAddress(name: Uint8Array): SocketAddress {
  if (name[0] === 0) return { family: "abstract", name: textOf(name.subarray(1)) };
  const end = name.indexOf(0);
  return { family: "unix", path: textOf(end < 0 ? name : name.subarray(0, end)) };
}

function host6(bytes: Uint8Array): string {
  const mapped = bytes.subarray(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.subarray(12).join(".");
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  // The URL parser knows the shortest form.
  return new URL(`http://[${groups.join(":")}]`).hostname.slice(1, -1);
}
