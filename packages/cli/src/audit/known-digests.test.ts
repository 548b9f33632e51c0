import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync, readFileSync, statfsSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, it } from "vitest";
import { itWhere } from "../../../core/test/support/requires.ts";
import { makeTree } from "../../test/policy/fixtures.ts";
import { KnownDigests } from "./known-digests.ts";

const DISKS = [0xef53, 0x58465342, 0x9123683e];
const itOnDisk = itWhere(DISKS.includes(statfsSync(tmpdir()).type), "a temporary directory on a disk");

/** When whatever is written now lies far back. */
const later = () => Date.now() + 60_000;

/** What is known of `file`, and whether it was read for that; its text stands for its digest. */
async function ask(known: KnownDigests, file: string) {
  const descriptor = openSync(file, "r");
  let read = false;
  try {
    const digest = await known.digest(descriptor, async () => {
      read = true;
      return readFileSync(file, "latin1");
    });
    return { digest, read };
  } finally {
    closeSync(descriptor);
  }
}

/** Until the clock of the file system has gone on. */
function rewrite(file: string, text: string): void {
  const before = statSync(file, { bigint: true }).ctimeNs;
  do writeFileSync(file, text);
  while (statSync(file, { bigint: true }).ctimeNs === before);
}

itOnDisk("reads a file once, and again when it was written", async () => {
  using tree = makeTree({ program: "one" });
  const known = () => new KnownDigests(tree.at("digests"), later);
  expect(await ask(known(), tree.at("program"))).toEqual({ digest: "one", read: true });
  expect(await ask(known(), tree.at("program"))).toEqual({ digest: "one", read: false });
  rewrite(tree.at("program"), "two");
  expect(await ask(known(), tree.at("program"))).toEqual({ digest: "two", read: true });
  expect(statSync(tree.at("digests")).mode & 0o777).toBe(0o600);
});

itOnDisk("believes nothing of a file of digests in which a byte was changed", async () => {
  using tree = makeTree({ program: "one" });
  const known = new KnownDigests(tree.at("digests"), later);
  await ask(known, tree.at("program"));
  writeFileSync(tree.at("digests"), readFileSync(tree.at("digests"), "utf8").replace("one", "two"));
  expect(await ask(known, tree.at("program"))).toEqual({ digest: "one", read: true });
});

it("does not remember what was written a moment ago", async () => {
  using tree = makeTree({ program: "one" });
  const known = new KnownDigests(tree.at("digests"));
  expect(await ask(known, tree.at("program"))).toEqual({ digest: "one", read: true });
  expect(await ask(known, tree.at("program"))).toEqual({ digest: "one", read: true });
});

it("goes on where nothing can be kept", async () => {
  using tree = makeTree({ program: "one" });
  const known = new KnownDigests(tree.at("nowhere/digests"), later);
  expect(await ask(known, tree.at("program"))).toEqual({ digest: "one", read: true });
});

const MAPPED = `
import mmap, sys
with open(sys.argv[1], "r+b") as file:
    memory = mmap.mmap(file.fileno(), 3)
for line in sys.stdin:
    memory[0:3] = line[0:3].encode()
    print(flush=True)
`;

async function tell(writer: ChildProcess, text: string): Promise<void> {
  const done = once(writer.stdout as NodeJS.EventEmitter, "data");
  writer.stdin?.write(`${text}\n`);
  await done;
}

itOnDisk("reads a file again that was written through memory which was mapped before", async () => {
  using tree = makeTree({ program: "one" });
  const known = new KnownDigests(tree.at("digests"), later);
  const time = () => statSync(tree.at("program"), { bigint: true }).ctimeNs;
  const writer = spawn("python3", ["-c", MAPPED, tree.at("program")], { stdio: ["pipe", "pipe", "inherit"] });
  try {
    // Control: a page that is to be written back already, unless that has just been done.
    let before: bigint;
    do {
      await tell(writer, "two");
      before = time();
      await tell(writer, "six");
    } while (time() !== before);
    expect(await ask(known, tree.at("program"))).toEqual({ digest: "six", read: true });
    expect(await ask(known, tree.at("program"))).toEqual({ digest: "six", read: false });
    await tell(writer, "ten");
    expect(await ask(known, tree.at("program"))).toEqual({ digest: "ten", read: true });
  } finally {
    writer.stdin?.end();
    await once(writer, "exit");
  }
});
