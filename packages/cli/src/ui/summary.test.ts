import { expect, it } from "vitest";
import { FORMAT, type SandboxDocument } from "../sandbox/document.ts";
import { fullSummary, shortSummary } from "./summary.ts";

const PAPER = { columns: 80, colour: false };

const grant = (path: string, access: string, source: string) =>
  ({ path, kind: "directory", access, source }) as const;

const SANDBOX: SandboxDocument = {
  format: FORMAT,
  version: "0.1.0",
  name: "review",
  profile: "claude-code",
  groups: ["system_read", "devices"],
  command: { path: "/usr/bin/claude", argv: ["claude", "-p", "x\u001b[31m"], cwd: "/work" },
  grants: [
    grant("/usr", "read", "group:system_read"),
    grant("/etc", "read", "group:system_read"),
    grant("/dev/null", "read+write", "group:devices"),
    grant("/work", "read+write", "profile:claude-code"),
    grant("/tmp/nono-0/1-2-3/tmp", "read+write", "nono:session"),
    ...["a", "b", "c", "d", "e", "f", "g", "h"].map((name) => grant(`/data/${name}`, "write", "--write")),
  ],
  skipped: [
    { original: "./gone\u202e", source: "--read", why: "no such file or directory" },
    { original: "~/.claude", source: "profile:claude-code", why: "no such file or directory" },
  ],
  landlock: { abi: 5, handled: [], rules: [], splits: [] },
  seatbelt: null,
  supervised: false,
  names: [],
  ungrantable: [],
  denials: [
    { path: "/root/.ssh", access: "read+write", source: "group:deny_credentials" },
    { path: "/root/.ssh", access: "read+write", source: "group:deny_credentials" },
    { path: "/root/.vimrc", access: "write", source: "group:deny_startup_writes" },
  ],
  guard: { status: "not-asked" },
  network: { mode: "ports", connect: [443], listen: [], hosts: [] },
  networkSource: "--allow-connect-port",
  unixSockets: [],
  commands: {
    blocked: [{ name: "rm", source: "group:dangerous_commands" }],
    executables: [],
    unblockable: [],
  },
  seccomp: [{ name: "baseline", instructions: 139 }],
  environment: ["HOME", "PATH"],
  secrets: [],
  withheld: [{ name: "GITHUB_TOKEN", why: "its name is that of a secret" }],
  limits: {},
  protections: [
    { name: "file-grants", status: "enforced", by: "landlock" },
    { name: "signals", status: "unavailable", why: "Landlock has it from Linux 6.12 on (ABI 6, here 5)" },
    { name: "session-end", status: "not-asked" },
  ],
};

it("says in a few lines what was asked for, and counts the rest", () => {
  expect(shortSummary(SANDBOX, PAPER)).toMatchInlineSnapshot(`
    "nono: profile claude-code (review)
      read+write    /work; 1 path of groups
      read          2 paths of groups
      write         /data/a, /data/b, /data/c, /data/d, /data/e, /data/f and 2 more
      denied        2 paths, 1 command
      network       connect to port 443
      withheld      GITHUB_TOKEN
      skipped       --read ./gone\\u{202e} (no such file or directory)
      not enforced  signals (Landlock has it from Linux 6.12 on (ABI 6, here 5))
    "
  `);
});

it("says everything with -v", () => {
  expect(fullSummary(SANDBOX, PAPER)).toMatchInlineSnapshot(`
    "profile claude-code (review)
      command
        /usr/bin/claude  claude -p x\\e[31m
      groups
        system_read, devices
      read+write
        /dev/null              group:devices
        /work                  profile:claude-code
        /tmp/nono-0/1-2-3/tmp  nono:session
      read
        /usr  group:system_read
        /etc  group:system_read
      write
        /data/a  --write
        /data/b  --write
        /data/c  --write
        /data/d  --write
        /data/e  --write
        /data/f  --write
        /data/g  --write
        /data/h  --write
      skipped
        ./gone\\u{202e}  --read: no such file or directory
        ~/.claude       profile:claude-code: no such file or directory
      denied
        /root/.ssh    group:deny_credentials
        /root/.vimrc  group:deny_startup_writes (only writing)
      network
        connect to port 443 (--allow-connect-port)
      blocked commands
        rm
      variables passed on
        HOME, PATH
      variables withheld
        GITHUB_TOKEN  its name is that of a secret
      protections
        file-grants  enforced by landlock: files outside the grants are out of reach
        signals      NOT enforced: Landlock has it from Linux 6.12 on (ABI 6, here
                     5)
        session-end  not asked for
      kernel
        Landlock ABI 5, 0 rules; seccomp baseline (139 instructions)
    "
  `);
});

it("marks no line by colour alone, and keeps what others chose from the terminal", () => {
  for (const summary of [shortSummary, fullSummary]) {
    const plain = summary(SANDBOX, PAPER);
    expect(plain).not.toMatch(/[\u001b\u202e]/);
    expect(summary(SANDBOX, { ...PAPER, colour: true }).replace(/\u001b\[[0-9]+m/g, "")).toBe(plain);
    for (const line of plain.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
  }
});
