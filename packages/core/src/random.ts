// Numbers that nobody can foresee, from Web Crypto: it is there without node:crypto being loaded.

/** @param count at most 65,536 */
export function randomBytes(count: number): Buffer {
  const bytes = Buffer.alloc(count);
  crypto.getRandomValues(bytes);
  return bytes;
}

/** A version 4 UUID (RFC 9562). */
export function randomId(): string {
  return crypto.randomUUID();
}

const NUMBERS = 2 ** 32;

/**
 * One of the whole numbers from 0, all as likely.
 *
 * @param limit what it is below; at most 2^32
 * @throws RangeError for any other limit
 */
export function randomBelow(limit: number): number {
  if (!Number.isInteger(limit) || limit < 1 || limit > NUMBERS)
    throw new RangeError(`no number is below ${limit}`);
  const fair = NUMBERS - (NUMBERS % limit);
  for (;;) {
    const number = randomBytes(4).readUInt32LE();
    if (number < fair) return number % limit;
  }
}
