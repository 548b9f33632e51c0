// The keys of sessions: each seed is made from the one before, and from none of them the one before can be found.
//
// By Web Crypto, which every runtime has without loading node:crypto: a session begins with them, and is waited for.

/** 32 bytes, as Ed25519 has it (RFC 8032). */
export type Seed = Buffer;

/** Of Ed25519, to sign with. */
export type SecretKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** `key`: the public one, 32 bytes. */
export type SessionKey = Readonly<{ secret: SecretKey; key: Buffer }>;

/** Header of an Ed25519 seed in PKCS #8 (RFC 8410). */
const PKCS8 = Buffer.from("302e020100300506032b657004220420", "hex");

export async function keyOf(seed: Seed): Promise<SessionKey> {
  const der = Buffer.concat([PKCS8, await derived(seed, "nono audit signing key")]);
  // Extractable, because it is the only way to its public key.
  const secret = await crypto.subtle.importKey("pkcs8", der, "Ed25519", true, ["sign"]);
  der.fill(0);
  const { x = "" } = await crypto.subtle.exportKey("jwk", secret);
  return { secret, key: Buffer.from(x, "base64url") };
}

/** The seed of the session that is begun next. */
export function nextSeed(seed: Seed): Promise<Seed> {
  return derived(seed, "nono audit next seed");
}

/** HKDF (RFC 5869) with SHA-256; what it is for tells the two derivations apart. */
async function derived(seed: Seed, purpose: string): Promise<Buffer> {
  const from = await crypto.subtle.importKey("raw", seed, "HKDF", false, ["deriveBits"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: Buffer.from(purpose) };
  return Buffer.from(await crypto.subtle.deriveBits(how, from, 256));
}
