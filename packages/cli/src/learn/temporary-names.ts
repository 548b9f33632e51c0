// Names that look temporary: what a program writes beside a file before it takes its place, keeps of the old one, or
// holds as a lock. The grant of the file covers them (plan/supervision.ts of the library), so a profile need not.

/** Each has the name that it stands for as its first group. */
const BESIDE: readonly RegExp[] = [
  /^(.+)~$/,
  /^\.(.+)\.sw[a-p]$/,
  /^\.(.+)\.(?:tmp|temp)(?:[.\-_][\w-]*)?$/,
  /^#(.+)#$/,
  /^\.#(.+)$/,
  /^(.+)\.(?:lock|lck|tmp|temp|new|bak|backup|old|orig|swp|part)(?:[.\-_][\w.-]*)?$/,
  // A process id, a time, or the six characters of mkstemp(3).
  /^(.+\.[A-Za-z0-9_-]+)\.(?:\d{2,}|[A-Za-z0-9]{6})$/,
];

/** The name of the file that `name` is a temporary, backup or lock of, if it looks like one. */
export function nameBehind(name: string): string | undefined {
  for (const pattern of BESIDE) {
    const base = pattern.exec(name)?.[1];
    if (base !== undefined) return base;
  }
  return undefined;
}
