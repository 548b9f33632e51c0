// What is said on a session's socket: JSON, one a line.

/** `do`: a verb. What else it holds is that verb's; whoever connects may be anybody. */
export type Message = Readonly<{ do: string; key: string } & Record<string, unknown>>;

/** `unsupported`: the session does not have the verb. */
export type Reply = Readonly<{ is: string }>;

/** What it replies where a verb fails. */
export type Failed = Readonly<{ is: "failed"; reason: string }>;

export function isMessage(value: unknown): value is Message {
  if (typeof value !== "object" || value === null) return false;
  const { do: what, key } = value as Readonly<Record<string, unknown>>;
  return typeof what === "string" && typeof key === "string";
}
