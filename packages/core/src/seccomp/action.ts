// What a filter answers to a system call. Source: seccomp(2), linux/seccomp.h.

/** Errors that filters answer with; the same numbers on x86_64 and aarch64 (asm-generic/errno-base.h, errno.h). */
const ERRNO = {
  EPERM: 1,
  EACCES: 13,
  EINVAL: 22,
  ENOTTY: 25,
  ENOSYS: 38,
  ENOPROTOOPT: 92,
  EPROTONOSUPPORT: 93,
  ESOCKTNOSUPPORT: 94,
  EOPNOTSUPP: 95,
  EAFNOSUPPORT: 97,
} as const;

export type ErrnoName = keyof typeof ERRNO;

/** Equal actions are the same object. */
export type Action = Readonly<
  { do: "allow" } | { do: "errno"; name: ErrnoName } | { do: "kill" } | { do: "notify" } | { do: "pretend" }
> & { readonly [interned]: true };
declare const interned: unique symbol;

export const allow = { do: "allow" } as Action;

/** The whole process, not the thread: half a program is in no state to go on. */
export const kill = { do: "kill" } as Action;

/** Park the caller and ask the supervisor. Only in a filter with a listener: without one the kernel answers ENOSYS. */
export const notify = { do: "notify" } as Action;

const ERRORS = new Map(
  (Object.keys(ERRNO) as ErrnoName[]).map((name) => [name, { do: "errno", name } as Action]),
);

/** The call is not made and fails with this error. */
export function errno(name: ErrnoName): Action {
  return ERRORS.get(name) as Action;
}

/** The call is not made and succeeds. */
export const pretend = { do: "pretend" } as Action;

/** SECCOMP_RET_* of `action`, with its data. */
export function returnValueOf(action: Action): number {
  switch (action.do) {
    case "allow":
      return 0x7fff_0000;
    case "errno":
      return 0x0005_0000 | ERRNO[action.name];
    case "kill":
      return 0x8000_0000;
    case "notify":
      return 0x7fc0_0000;
    case "pretend":
      return 0x0005_0000;
  }
}

/** `action` in a word, for listings. */
export function nameOf(action: Action): string {
  return action.do === "errno" ? action.name : action.do;
}

/** The action that `value` means; `undefined` for one that no filter here gives. */
export function actionOfReturn(value: number): Action | undefined {
  return [allow, kill, notify, pretend, ...ERRORS.values()].find((action) => returnValueOf(action) === value);
}
