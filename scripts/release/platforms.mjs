// The systems that nono is packed for.

/**
 * @typedef {Readonly<{
 *   name: string,
 *   os: "linux" | "darwin",
 *   cpu: "x64" | "arm64",
 *   libc: "glibc" | "musl" | undefined,
 *   bun: string,
 *   zig: string | undefined,
 *   debian: string | undefined,
 * }>} Platform
 *   `bun`: the target of `bun build --compile`; `zig`: that of `zig cc`, but for macOS, which has a build of its own; `debian`: Debian's name of the architecture
 */

/**
 * glibc 2.28 is what Node 20 needs as well. The baseline executables run on processors without AVX2 too, of which
 * virtual machines have many.
 *
 * @type {readonly Platform[]}
 */
export const PLATFORMS = [
  {
    name: "linux-x64-gnu",
    os: "linux",
    cpu: "x64",
    libc: "glibc",
    bun: "bun-linux-x64-baseline",
    zig: "x86_64-linux-gnu.2.28",
    debian: "amd64",
  },
  {
    name: "linux-arm64-gnu",
    os: "linux",
    cpu: "arm64",
    libc: "glibc",
    bun: "bun-linux-arm64",
    zig: "aarch64-linux-gnu.2.28",
    debian: "arm64",
  },
  {
    name: "linux-x64-musl",
    os: "linux",
    cpu: "x64",
    libc: "musl",
    bun: "bun-linux-x64-musl-baseline",
    zig: "x86_64-linux-musl",
    debian: undefined,
  },
  {
    name: "linux-arm64-musl",
    os: "linux",
    cpu: "arm64",
    libc: "musl",
    bun: "bun-linux-arm64-musl",
    zig: "aarch64-linux-musl",
    debian: undefined,
  },
  {
    name: "darwin-x64",
    os: "darwin",
    cpu: "x64",
    libc: undefined,
    bun: "bun-darwin-x64-baseline",
    zig: undefined,
    debian: undefined,
  },
  {
    name: "darwin-arm64",
    os: "darwin",
    cpu: "arm64",
    libc: undefined,
    bun: "bun-darwin-arm64",
    zig: undefined,
    debian: undefined,
  },
];
