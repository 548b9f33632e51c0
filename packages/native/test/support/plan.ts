// Plans by hand, as include/plan.h describes them: the tests of the C must not depend on the encoder that they check.

export type Rule = { path: string; rights: bigint; optional?: boolean };
export type Split = {
  path: string;
  files: bigint;
  directories: bigint;
  optional?: boolean;
  leftOut?: readonly string[];
};
export type Filter = {
  program: readonly (readonly [code: number, jt: number, jf: number, k: number])[];
  listener?: boolean;
};

export type PlanSource = {
  flags?: number;
  parent?: number;
  keepCapabilities?: bigint;
  handledFs?: bigint;
  handledNet?: bigint;
  scoped?: bigint;
  restrictFlags?: number;
  cwd?: string;
  path?: string;
  argv?: readonly string[];
  environment?: readonly string[];
  profile?: string;
  marker?: string;
  rules?: readonly Rule[];
  splits?: readonly Split[];
  ports?: readonly { port: bigint; rights: bigint }[];
  limits?: readonly { resource: number; soft: bigint; hard: bigint }[];
  descriptors?: readonly number[];
  filters?: readonly Filter[];
};

export const PlanFlag = {
  guard: 1 << 0,
  newSession: 1 << 1,
  controllingTty: 1 << 2,
  landlock: 1 << 3,
  dropCapabilities: 1 << 4,
  deathSignal: 1 << 5,
  seatbelt: 1 << 6,
} as const;

const u8 = (value: number) => Buffer.from([value]);
const u16 = (value: number) => number(BigInt(value), 2);
const u32 = (value: number) => number(BigInt(value), 4);
const u64 = (value: bigint) => number(value, 8);

function number(value: bigint, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  return bytes.subarray(0, size);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value);
  return Buffer.concat([u32(bytes.length), bytes, u8(0)]);
}

/** The bytes of a plan; what is not given is empty, zero or off. */
export function encode(plan: PlanSource): Buffer {
  const {
    argv = [],
    environment = [],
    rules = [],
    splits = [],
    ports = [],
    limits = [],
    descriptors = [],
    filters = [],
  } = plan;
  const counts = [argv, environment, rules, splits, ports, limits, descriptors, filters].map((list) =>
    u32(list.length),
  );
  const body = Buffer.concat([
    u32(plan.flags ?? 0),
    u32(plan.parent ?? 0),
    u64(plan.keepCapabilities ?? 0n),
    u64(plan.handledFs ?? 0n),
    u64(plan.handledNet ?? 0n),
    u64(plan.scoped ?? 0n),
    u32(plan.restrictFlags ?? 0),
    ...counts,
    text(plan.cwd ?? ""),
    text(plan.path ?? ""),
    ...argv.map(text),
    ...environment.map(text),
    text(plan.profile ?? ""),
    text(plan.marker ?? ""),
    ...rules.flatMap((rule) => [u64(rule.rights), u32(rule.optional ? 1 : 0), text(rule.path)]),
    ...splits.flatMap(({ path, files, directories, optional, leftOut = [] }) => [
      u64(files),
      u64(directories),
      u32(optional ? 1 : 0),
      text(path),
      u32(leftOut.length),
      ...leftOut.map(text),
    ]),
    ...ports.flatMap((port) => [u64(port.rights), u64(port.port)]),
    ...limits.flatMap((limit) => [u32(limit.resource), u64(limit.soft), u64(limit.hard)]),
    ...descriptors.map(u32),
    ...filters.flatMap((filter) => [
      u32(filter.listener ? 1 : 0),
      u32(filter.program.length),
      ...filter.program.flatMap(([code, jt, jf, k]) => [u16(code), u8(jt), u8(jf), u32(k)]),
    ]),
  ]);
  return Buffer.concat([Buffer.from("NONOPLAN"), u32(3), u32(16 + body.length), body]);
}
