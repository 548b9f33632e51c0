// Resource limits by name, as setrlimit(2) numbers them. Sources: asm-generic/resource.h, the same on x86_64 and aarch64;
// sys/resource.h of macOS.

import type { ResourceLimits } from "../capability/index.ts";
import type { Limit, Plan } from "./plan.ts";

type Numbers = Readonly<{ of: Readonly<Record<keyof ResourceLimits, number>>; infinity: bigint }>;

const NUMBERS: Readonly<Record<Plan["platform"], Numbers>> = {
  linux: {
    of: {
      cpu: 0,
      fsize: 1,
      data: 2,
      stack: 3,
      core: 4,
      rss: 5,
      nproc: 6,
      nofile: 7,
      memlock: 8,
      as: 9,
    },
    infinity: 0xffff_ffff_ffff_ffffn,
  },
  darwin: {
    of: {
      cpu: 0,
      fsize: 1,
      data: 2,
      stack: 3,
      core: 4,
      rss: 5, // the same as `as`
      as: 5,
      memlock: 6,
      nproc: 7,
      nofile: 8,
    },
    infinity: 0x7fff_ffff_ffff_ffffn,
  },
};

/** `undefined`: no limit. */
export type SoftAndHard = Readonly<{ soft: number | undefined; hard: number | undefined }>;

/**
 * Soft and hard limits are set alike, so that the program cannot raise them again.
 *
 * @param openFiles where the limits name none
 */
export function limitsOf(
  limits: ResourceLimits,
  platform: Plan["platform"],
  openFiles?: SoftAndHard,
): readonly Limit[] {
  const { of, infinity } = NUMBERS[platform];
  const asked = Object.entries(limits).map(([name, value]) => {
    const bound = value === "infinity" ? infinity : BigInt(value);
    return { resource: of[name as keyof ResourceLimits], soft: bound, hard: bound };
  });
  if (openFiles === undefined || limits.nofile !== undefined) return asked;
  const bound = (value: number | undefined) => (value === undefined ? infinity : BigInt(value));
  return [...asked, { resource: of.nofile, soft: bound(openFiles.soft), hard: bound(openFiles.hard) }];
}
