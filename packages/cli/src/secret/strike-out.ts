// The values of secrets struck out of what a person or a file is told. Pure.

const STRUCK = "[redacted]";

/** Shorter values would take every other word for a secret. */
const MINIMUM = 4;

/** The same data, all texts in it without these values. */
export function strikeOut<T>(data: T, values: readonly string[]): T {
  const known = values.filter(({ length }) => length >= MINIMUM).sort((a, b) => b.length - a.length);
  return known.length === 0 ? data : (clean(data, known) as T);
}

function clean(data: unknown, values: readonly string[]): unknown {
  if (typeof data === "string") return values.reduce((text, value) => text.replaceAll(value, STRUCK), data);
  if (Array.isArray(data)) return data.map((one) => clean(one, values));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, clean(value, values)]));
}
