// SHA-256 (FIPS 180-4), the address of every content.

import { cryptoModule } from "../platform-modules.ts";

/** 64 hexadecimal digits. */
export type Digest = string & { readonly __brand: "Digest" };

/** A hash of what comes piece by piece. */
export type Hasher = { update(bytes: Uint8Array): unknown; digest(encoding: "hex"): string };

/** What Bun has of its own, for which node:crypto need not be loaded. */
type Hashes = Readonly<{
  SHA256: { hash(bytes: Uint8Array, into: Uint8Array): unknown };
  CryptoHasher: new (algorithm: "sha256") => Hasher;
}>;
const own = (globalThis as { Bun?: Hashes }).Bun;

/** The hash of bytes that are at hand. */
export const sha256: (bytes: Uint8Array) => Buffer =
  own === undefined
    ? hashOfNode
    : (bytes) => {
        const hash = Buffer.allocUnsafe(32);
        own.SHA256.hash(bytes, hash);
        return hash;
      };

/** `crypto.hash` (Node 20.12) costs a third of a hash object for small ones. */
function hashOfNode(bytes: Uint8Array): Buffer {
  crypto ??= cryptoModule();
  return typeof crypto.hash === "function"
    ? crypto.hash("sha256", bytes, "buffer")
    : crypto.createHash("sha256").update(bytes).digest();
}

let crypto: ReturnType<typeof cryptoModule> | undefined;

/** SHA-256 of what does not come at once. */
export function startSha256(): Hasher {
  return own === undefined ? cryptoModule().createHash("sha256") : new own.CryptoHasher("sha256");
}

/** SHA-256 of bytes that are at hand. */
export function digestOf(bytes: Uint8Array): Digest {
  return hex(sha256(bytes));
}

export function hex(hash: Uint8Array): Digest {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString("hex") as Digest;
}

/** Whether a text from outside has the form of a digest. */
export function isDigest(text: unknown): text is Digest {
  return typeof text === "string" && /^[0-9a-f]{64}$/.test(text);
}
