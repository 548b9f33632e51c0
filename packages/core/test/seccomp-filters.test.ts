import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type CapabilitySet, spawn } from "../src/index.ts";
import type { Plan } from "../src/plan/plan.ts";
import { type FilterOptions, filtersOf } from "../src/seccomp/filters.ts";
import type { Arch } from "../src/seccomp/program.ts";
import { SYSCALLS, type Syscall } from "../src/seccomp/syscalls.ts";
import { load, nativeCall } from "../src/seccomp/testing/interpreter.ts";
import { type Asked, confine, outcomeOf, unconfined } from "./support/confine.ts";
import { itAsRoot, itOnAbi, itWhere } from "./support/requires.ts";
import { makeTree, type TestTree } from "./support/tree.ts";

const arch: Arch = process.arch === "arm64" ? "aarch64" : "x86_64";
const { EPERM, EACCES, ENOSYS, EAFNOSUPPORT, EPROTONOSUPPORT, EOPNOTSUPP } = constants.errno;
const [UNIX, INET, NETLINK, STREAM, DGRAM, RAW, CLOEXEC] = [1, 2, 16, 1, 2, 3, 0o2000000];
const HIGH_BIT = 1n << 32n;

let tree: TestTree;
let probe: string;
beforeAll(async () => {
  tree = await makeTree();
  probe = tree.at("syscall-probe");
  const source = fileURLToPath(new URL("support/syscall-probe.c", import.meta.url));
  execFileSync("cc", ["-Wall", "-Wextra", "-Werror", "-static", "-o", probe, source]);
});
afterAll(() => tree[Symbol.asyncDispose]());

const numberOf = (name: Syscall): number => SYSCALLS[arch][name as "read"];
const callOf = (name: Syscall, ...args: (number | bigint | "buffer")[]) =>
  [numberOf(name), ...args].join(":");

/** What came of each of `calls`, with and without a sandbox. */
async function outcomes(calls: readonly string[], asked: Asked = {}) {
  const box = confine({ ...asked, read: [tree.root] });
  const [inside, outside] = await Promise.all([box.run(probe, ...calls), unconfined(probe, ...calls)]);
  return { inside: lines(inside.stdout), outside: lines(outside.stdout) };
}

const lines = (text: string) => text.split("\n").slice(0, -1);

describe("the baseline on the running kernel", () => {
  it("refuses with the errors of its table, where the kernel would have gone on", async () => {
    const READ_IMPLIES_EXEC = 0x40_0000;
    const [KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING] = [0, 0xffff_fffd];
    const refused: [string, number][] = [
      [callOf("clone3", 0, 0), ENOSYS],
      [callOf("keyctl", KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING, 0), ENOSYS],
      [callOf("personality", READ_IMPLIES_EXEC), EPERM],
      [callOf("name_to_handle_at", 0, 0, 0, 0, 0), EOPNOTSUPP],
      [callOf("ioctl", 0, 0x5412), EPERM],
      [callOf("ioctl", 0, HIGH_BIT | 0x5412n), EPERM],
      [callOf("ioctl", 0, HIGH_BIT | 0x541cn), EPERM],
      [callOf("ioctl", 0, HIGH_BIT | 0x540cn), EPERM],
      [callOf("ioctl", 0, 0x4b45, 4), EPERM], // the keyboard of a console is switched off
      [callOf("ioctl", 0, HIGH_BIT | 0x540an, HIGH_BIT), EPERM],
      [callOf("socket", NETLINK, RAW | CLOEXEC, 15), EPROTONOSUPPORT],
      [callOf("socket", 255, DGRAM, 0), EAFNOSUPPORT],
      ["1000", ENOSYS],
    ];
    const { inside, outside } = await outcomes(refused.map(([call]) => call));

    expect(inside).toEqual(refused.map(([, error]) => `errno ${error}`));
    const asOutside = new Set([callOf("socket", 255, DGRAM, 0), "1000"]); // there is nothing to shut
    for (const [i, [call]] of refused.entries()) {
      if (!asOutside.has(call)) expect(inside[i], call).not.toBe(outside[i]);
    }
  });

  it("answers every call that it refuses as the interpreter of the tests says", async () => {
    const options: FilterOptions = { arch, userNamespaces: false, network: "all", unixSockets: true };
    const filters = filtersOf(options).map(({ program }) => load(program));
    const refused = Object.entries<number>(SYSCALLS[arch]).flatMap(([name, number]) => {
      const values = filters.map((run) => run(nativeCall(arch, number)).value);
      const error = values.find((value) => value >>> 16 === 5);
      return error === undefined ? [] : [{ name, number, error: error & 0xffff }];
    });
    expect(refused.length).toBeGreaterThan(40);
    const { stdout } = await confine({ read: [tree.root] }).run(
      probe,
      ...refused.map(({ number }) => `${number}`),
    );

    expect(lines(stdout)).toEqual(refused.map(({ error }) => `errno ${error}`));
  });

  it("kills what comes by another ABI", async () => {
    const x32 = String(numberOf("getpid") | 0x4000_0000);
    const { inside, outside } = await outcomes(arch === "x86_64" ? [x32, "i386:20"] : [x32]);

    const killed = `signal ${constants.signals.SIGSYS}`;
    expect(inside).toEqual(arch === "x86_64" ? [killed, killed] : [`errno ${ENOSYS}`]);
    expect(outside).not.toContain(killed);
  });

  it("leaves to programs what they live on", async () => {
    const SIGCHLD = 17;
    const CLONE_FS_AND_FILES = 0x600;
    const calls = [
      callOf("getpid"),
      callOf("clone", SIGCHLD),
      callOf("unshare", CLONE_FS_AND_FILES),
      callOf("memfd_create", "buffer", 0),
      callOf("socket", UNIX, STREAM | CLOEXEC, 0),
      callOf("socket", INET, DGRAM | CLOEXEC, 0),
      callOf("socket", NETLINK, RAW | CLOEXEC, 0),
      callOf("personality", 0xffff_ffff),
    ];
    const { inside, outside } = await outcomes(calls, { set: (set) => set.allowUnixSocket(tree.root) });

    expect(inside).toEqual(outside);
    expect(inside).toEqual(calls.map(() => "ok"));
  });

  itWhere(typesIntoTerminals(), "a kernel that lets programs type into terminals")(
    "types nothing into its terminal, not with a high bit set either (CVE-2019-10063), and neither shuts nor stops it",
    async () => {
      const [typing, exclusive, stop] = ["0x5412", "0x540c", "0x540a"];
      const [stopped, started] = ["0", "1"];
      const calls = [
        typing,
        `0x10000${typing.slice(2)}`,
        exclusive,
        `${stop}:${stopped}`,
        `${stop}:${started}`,
      ].map((request) => `terminal:${request}`);
      const { inside, outside } = await outcomes(calls, { readWrite: ["/dev"] });

      expect(outside).toEqual(calls.map(() => "ok"));
      expect(inside).toEqual([...Array(4).fill(`errno ${EPERM}`), "ok"]);
    },
  );

  itWhere(makesUserNamespaces(), "user namespaces")(
    "makes user namespaces only where that is allowed",
    async () => {
      const CLONE_NEWUSER = 0x1000_0000;
      const calls = [
        callOf("unshare", CLONE_NEWUSER),
        callOf("clone", CLONE_NEWUSER | 17),
        callOf("unshare", CLONE_NEWUSER | 0x200),
      ];
      const { inside, outside } = await outcomes(calls);
      const opened = await outcomes(calls, { set: (set) => set.allowUserNamespaces() });

      expect(outside).toEqual(["ok", "ok", "ok"]);
      expect(inside).toEqual(Array(3).fill(`errno ${EPERM}`));
      expect(opened.inside).toEqual(["ok", "ok", "ok"]);
    },
  );

  itAsRoot("makes no raw sockets and no device nodes, whatever capabilities there are", async () => {
    await using granted = await makeTree();
    const { plan } = confine({ read: [tree.root], readWrite: [granted.root] });
    const privileged = { ...plan, keepCapabilities: undefined } as Plan;
    const unfiltered = { ...privileged, filters: [] } as Plan;
    const rawSocket = callOf("socket", INET, RAW, 1);
    const makeNode = (node: string, by: Plan) =>
      outcomeOf(spawn("mknod", [granted.at(node), "c", "1", "3"], { plan: by }));

    expect(lines((await outcomeOf(spawn(probe, [rawSocket], { plan: unfiltered }))).stdout)).toEqual(["ok"]);
    expect(lines((await outcomeOf(spawn(probe, [rawSocket], { plan: privileged }))).stdout)).toEqual([
      `errno ${EPERM}`,
    ]);
    expect(await makeNode("allowed", unfiltered)).toMatchObject({ code: 0 });
    expect(await makeNode("refused", privileged)).toMatchObject({ code: 1 });
    expect(readdirSync(granted.root)).toEqual(["allowed"]);
  });
});

describe("the network filter on the running kernel", () => {
  const sockets = [
    callOf("socket", INET, STREAM, 0),
    callOf("socket", INET, DGRAM, 0),
    callOf("socket", NETLINK, RAW, 0),
    callOf("socket", UNIX, STREAM, 0),
    callOf("socketpair", UNIX, STREAM, 0, "buffer"),
  ];
  const refused = `errno ${EACCES}`;

  it("allows pairs of unix sockets alone without network, and unix sockets where one is granted", async () => {
    const none = await outcomes(sockets, { set: (set) => set.blockNetwork() });
    const granted = await outcomes(sockets, {
      set: (set) => set.blockNetwork().allowUnixSocket(tree.root, { scope: "subtree" }),
    });

    expect(none.outside).toEqual(sockets.map(() => "ok"));
    expect(none.inside.slice(0, 3)).toEqual([refused, refused, refused]);
    expect(none.inside[4]).toBe("ok");
    expect(granted.inside).toEqual([refused, refused, refused, "ok", "ok"]);
  });

  itOnAbi(4)("leaves TCP alone where ports are granted, and no way around Landlock", async () => {
    const server = createServer((socket) => socket.destroy());
    const port = await new Promise<number>((resolve) => {
      server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
    });
    try {
      const set = (capabilities: CapabilitySet) => capabilities.allowConnectPort(port === 1 ? 2 : 1);
      const attempts = [`connect:${port}`, `fast-open:${port}`];
      const { inside, outside } = await outcomes([...attempts, ...sockets], { set });

      expect(outside.slice(0, 2)).toEqual(["ok", "ok"]);
      expect(inside.slice(0, 2)).toEqual([refused, `errno ${EOPNOTSUPP}`]);
      expect(inside.slice(2, 5)).toEqual(["ok", refused, "ok"]);

      const box = confine({ read: [tree.root], set });
      const landlockAlone = {
        ...box.plan,
        filters: box.plan.filters.filter(({ name }) => name !== "network"),
      } as Plan;
      const { stdout } = await outcomeOf(spawn(probe, attempts, { plan: landlockAlone }));
      expect(lines(stdout)).toEqual([refused, "ok"]); // control: Landlock by itself is passed by
    } finally {
      server.close();
    }
  });
});

/** Root always may; others where the sysctl says so, as before Linux 6.2. */
function typesIntoTerminals(): boolean {
  const setting = readNumber("/proc/sys/dev/tty/legacy_tiocsti");
  return process.getuid?.() === 0 || setting === undefined || setting === 1;
}

function makesUserNamespaces(): boolean {
  return (readNumber("/proc/sys/user/max_user_namespaces") ?? 0) > 0;
}

function readNumber(file: string): number | undefined {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}
