// Bytes under a passphrase: scrypt (RFC 7914) makes a key of it, AES-256-GCM (NIST SP 800-38D) seals with that key. What
// is not secret, such as the cost, is authenticated with the rest.

import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";

/** Bytes. */
const [KEY, SALT, NONCE, TAG] = [32, 16, 12, 16] as const;

/** scrypt's N as a power of two, with r = 8 and p = 1: 128 MiB and about 0.4 s. */
const COST = 17;
/** What a file may ask for: a strange file must not take all memory (2 GiB), nor be worth guessing at. */
const COSTS = { min: 14, max: 21 };

/** What opens and seals: made once for each passphrase and salt, as it is costly. */
export type SealingKey = Readonly<{ bytes: Buffer; salt: Buffer; cost: number; method: Method }>;

/** How a person opens it; part of the file, so that the right thing is asked for. */
export type Method = "passphrase" | "key-file";

const FORMAT = 1;
const MAGIC = Buffer.from("NONOSECR");
const METHODS: readonly Method[] = ["passphrase", "key-file"];
const HEADER = MAGIC.length + 3 + SALT;

export type Header = Readonly<{ method: Method; cost: number; salt: Buffer }>;

/** A key for a new file. */
export function newKey(secret: Uint8Array, method: Method): Promise<SealingKey> {
  return keyOf(secret, { method, cost: COST, salt: randomBytes(SALT) });
}

/** The key of a file. Whether it is the right one shows when it opens. */
export async function keyOf(secret: Uint8Array, { method, cost, salt }: Header): Promise<SealingKey> {
  const parameters = { N: 2 ** cost, r: 8, p: 1, maxmem: 2 ** cost * 8 * 128 + (1 << 20) };
  const bytes = await new Promise<Buffer>((resolve, reject) =>
    scrypt(secret, salt, KEY, parameters, (error, key) => (error ? reject(error) : resolve(key))),
  );
  return { bytes, salt, cost, method };
}

/** header, nonce, tag, sealed bytes */
export function seal(content: Uint8Array, key: SealingKey): Buffer {
  const header = headerOf(key);
  const nonce = randomBytes(NONCE);
  const cipher = createCipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: TAG });
  cipher.setAAD(header);
  const sealed = Buffer.concat([cipher.update(content), cipher.final()]);
  return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed]);
}

function headerOf({ method, cost, salt }: Header): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(FORMAT, METHODS.indexOf(method), cost), salt]);
}

/** @throws RangeError for what is no such file */
export function readHeader(file: Buffer): Header {
  const [format, method, cost] = file.subarray(MAGIC.length, MAGIC.length + 3);
  if (file.length < HEADER + NONCE + TAG || !file.subarray(0, MAGIC.length).equals(MAGIC))
    throw new RangeError("it is no store of nono's");
  if (format !== FORMAT) throw new RangeError(`its format is ${format}, not ${FORMAT}`);
  const known = METHODS[method as number];
  if (known === undefined || cost === undefined || cost < COSTS.min || cost > COSTS.max)
    throw new RangeError("its header is damaged");
  return { method: known, cost, salt: file.subarray(HEADER - SALT, HEADER) };
}

/** The content; undefined when the key is another one, or a byte of the file is. */
export function open(file: Buffer, key: SealingKey): Buffer | undefined {
  const [nonceEnd, tagEnd] = [HEADER + NONCE, HEADER + NONCE + TAG];
  const nonce = file.subarray(HEADER, nonceEnd);
  const decipher = createDecipheriv("aes-256-gcm", key.bytes, nonce, { authTagLength: TAG });
  decipher.setAAD(file.subarray(0, HEADER));
  decipher.setAuthTag(file.subarray(nonceEnd, tagEnd));
  const content = decipher.update(file.subarray(tagEnd));
  try {
    decipher.final();
    return content;
  } catch {
    content.fill(0);
    return undefined;
  }
}
