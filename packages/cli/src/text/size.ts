// Sizes as people write them.

/** `500MB`, `10 gb`, `0B` */
export const SIZE_PATTERN = /^([0-9]{1,9})\s?([KMGT]?B)$/i;

const BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };

/** In bytes; undefined for what is no size. */
export function bytesIn(text: string): number | undefined {
  const match = SIZE_PATTERN.exec(text);
  return match === null
    ? undefined
    : Number(match[1]) * (BYTES[(match[2] as string).toUpperCase()] as number);
}
