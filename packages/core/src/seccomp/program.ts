// A seccomp program as the kernel takes it. Source: Documentation/userspace-api/seccomp_filter.rst, linux/filter.h.

/** `struct sock_filter`. */
export type Instruction = Readonly<{ code: number; jt: number; jf: number; k: number }>;

export type Arch = "x86_64" | "aarch64";

/** A program and what installs it. `listener`: trapped calls are received by a supervisor. */
export type Filter = Readonly<{
  name: string;
  program: readonly Instruction[];
  listener: boolean;
}>;
