// Conditions on the arguments of a system call.
//
// A filter sees the 64 bits of a register; the kernel reads 32 of them where the argument is an int. A condition that
// looks at more than the kernel does is passed by setting a high bit (CVE-2019-10063), hence `low32` for every int.

/** A number of the kernel's interface with the name that its headers give it. */
export type Constant = Readonly<{ name: string; value: number }>;

export type Predicate = Readonly<
  /** The low half, under `mask`, is one of `values`. */
  | { test: "in"; argument: number; mask: Constant; values: readonly Constant[] }
  /** The low half shares a bit with `mask`. */
  | { test: "any-bit"; argument: number; mask: Constant }
  | { test: "equals-64"; argument: number; value: bigint }
  | { test: "all" | "any"; of: readonly Predicate[] }
  | { test: "not"; of: Predicate }
>;

/** The mask that leaves every bit as it is. */
const EVERY_BIT: Constant = { name: "0xffffffff", value: 0xffff_ffff };

/** The bits of all of `flags`. */
export function bits(...flags: readonly Constant[]): Constant {
  const value = flags.reduce((mask, flag) => (mask | flag.value) >>> 0, 0);
  return { name: flags.map((flag) => flag.name).join("|"), value };
}

/** Every bit that `flags` do not have. */
export function otherBits(...flags: readonly Constant[]): Constant {
  const { name, value } = bits(...flags);
  return { name: `~(${name})`, value: ~value >>> 0 };
}

/** The low half of argument `argument`, counted from 0: what the kernel reads of an int. */
export function low32(argument: number) {
  const under = (mask: Constant) => ({
    in: (...values: readonly Constant[]): Predicate => ({ test: "in", argument, mask, values }),
  });
  return {
    ...under(EVERY_BIT),
    /** Only the bits of `mask` are compared. */
    masked: under,
    /** At least one bit of `mask` is set. */
    hasAny: (mask: Constant): Predicate => ({ test: "any-bit", argument, mask }),
  };
}

/** All 64 bits of argument `argument`: for what the kernel reads as a long or a pointer. */
export function full64(argument: number) {
  return {
    is: (value: bigint): Predicate => ({ test: "equals-64", argument, value: BigInt.asUintN(64, value) }),
  };
}

export function all(...of: readonly Predicate[]): Predicate {
  return { test: "all", of };
}

export function any(...of: readonly Predicate[]): Predicate {
  return { test: "any", of };
}

export function not(of: Predicate): Predicate {
  return { test: "not", of };
}
