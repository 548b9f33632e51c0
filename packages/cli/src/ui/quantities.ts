// Numbers for people.

/** `1,234 files`, `1 file`. */
export function countText(count: number, one: string, many = `${one}s`): string {
  return `${String(count).replace(/\B(?=(\d{3})+$)/g, ",")} ${count === 1 ? one : many}`;
}

const UNITS = ["KB", "MB", "GB", "TB"] as const;

/** `999 bytes`, `1.5 MB`: by powers of a thousand. */
export function sizeText(bytes: number): string {
  if (bytes < 1000) return countText(bytes, "byte");
  let [size, unit] = [bytes / 1000, 0];
  while (size >= 999.5 && unit < UNITS.length - 1) [size, unit] = [size / 1000, unit + 1];
  return `${size < 9.95 ? size.toFixed(1) : Math.round(size)} ${UNITS[unit]}`;
}

const SPANS = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
] as const;

/** `12 s`, `3 min`, `5 h`, `20 d`: the largest that there is at least one of, rounded down. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [unit, length] = SPANS.find(([, length]) => seconds >= length) ?? ["s", 1];
  return `${Math.floor(seconds / length)} ${unit}`;
}
