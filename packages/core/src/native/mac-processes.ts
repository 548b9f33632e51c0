// What of processes Linux has in /proc, and macOS tells when it is asked.

import type { Addon } from "./addon.ts";
import { loadAddon } from "./locate.ts";

type Told = NonNullable<ReturnType<NonNullable<Addon["describeProcess"]>>>;

/** Only on macOS: elsewhere nothing is there, and nothing is told. */
export const macProcesses = {
  describe: (pid: number): Told | undefined => loadAddon().describeProcess?.(pid) ?? undefined,
  numbers: (): readonly number[] => loadAddon().processes?.() ?? [],
  bootSession: (): string => loadAddon().bootSession?.() ?? "",
};
