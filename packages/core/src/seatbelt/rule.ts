// A Seatbelt rule as a value. Of rules that fit, the last decides; where none fits, `(deny default)` does.

import type { Source } from "../capability/index.ts";
import type { CanonicalPath } from "../files/canonical-path.ts";
import type { Operation } from "./operations.ts";

/** What a rule holds for. Several in one rule: for each of them; `all`: where every one of them fits. */
export type Filter =
  | Readonly<{ kind: "literal" | "subpath"; path: CanonicalPath }>
  /** An extended regular expression, with its anchors. */
  | Readonly<{ kind: "regex"; pattern: string }>
  /** A Mach service, a sysctl, shared memory, a kind of sandbox extension. */
  | Readonly<{ kind: Named; name: string }>
  | Readonly<{ kind: "target"; of: "same-sandbox" }>
  /** `address`: `HOST:PORT`; absent: any. A host can only be `*` or `localhost`, a port can be `*`. */
  | Readonly<{ kind: "local" | "remote"; protocol: "ip" | "tcp"; address?: string }>
  | Readonly<{ kind: "socket-domain"; domain: "AF_ROUTE" | "AF_SYSTEM" }>
  | Readonly<{ kind: "socket-protocol"; number: number }>
  | Readonly<{ kind: "all"; of: readonly Filter[] }>;

type Named = "global-name" | "sysctl-name" | "sysctl-name-prefix" | "ipc-posix-name" | "extension";

export type Rule = Readonly<{
  action: "allow" | "deny";
  operations: readonly Operation[];
  /** None: whatever the operation is about. */
  filters: readonly Filter[];
  /** Who asked for it; absent: it is in every profile. */
  source?: Source;
}>;

/** A rule of the caller's, as it was written. */
export type RawRule = Readonly<{ text: string }>;

export const allow = (operations: readonly Operation[], ...filters: readonly Filter[]): Rule => ({
  action: "allow",
  operations,
  filters,
});

export const deny = (operations: readonly Operation[], ...filters: readonly Filter[]): Rule => ({
  action: "deny",
  operations,
  filters,
});

export const named = (kind: Named, names: readonly string[]): readonly Filter[] =>
  names.map((name) => ({ kind, name }));
