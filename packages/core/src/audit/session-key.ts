// The keys of sessions: each seed is made from the one before, and from none of them the one before can be found.

import { createPrivateKey, createPublicKey, hkdfSync, type KeyObject } from "node:crypto";
import { rawPublicKey } from "./signed-note.ts";

/** 32 bytes, as Ed25519 has it (RFC 8032). */
export type Seed = Buffer;

export type SessionKey = Readonly<{ secret: KeyObject; key: Buffer }>;

/** Header of an Ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export function keyOf(seed: Seed): SessionKey {
  const der = Buffer.concat([PKCS8, derived(seed, "nono audit signing key")]);
  const secret = createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  der.fill(0);
  return { secret, key: rawPublicKey(createPublicKey(secret)) };
}

/** The seed of the session that is begun next. */
export function nextSeed(seed: Seed): Seed {
  return derived(seed, "nono audit next seed");
}

/** HKDF (RFC 5869) with SHA-256; what it is for tells the two derivations apart. */
function derived(seed: Seed, purpose: string): Buffer {
  return Buffer.from(hkdfSync("sha256", seed, Buffer.alloc(0), purpose, 32));
}
