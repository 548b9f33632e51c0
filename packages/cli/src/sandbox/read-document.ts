// NONO_CAP_FILE as the rules that it describes. Whoever set the variable may not be nono: every field that is used is
// checked, and no more is believed of it than an answer to a question.

import { readFileSync, statSync } from "node:fs";
import { bytesOf, type HostCapability, type QueriedPlan } from "nono-ts";
import { rightNames, servedPaths } from "nono-ts/internal";
import { CliError } from "../error.ts";
import { FORMAT, type SandboxDocument } from "./document.ts";
import { absolute, type Json, list, oneOf, record, text, texts } from "./json-fields.ts";
import { seatbeltRules } from "./seatbelt-fields.ts";

/** The part of a document that questions need. */
export type QueriedDocument = Pick<SandboxDocument, "network" | "networkSource" | "commands" | "ungrantable">;

const SIZE_LIMIT = 32 << 20;

/** @throws CliError `not-in-sandbox`, `sandbox-file` */
export function readDocument(
  file: string | undefined,
): Readonly<{ plan: QueriedPlan; document: QueriedDocument }> {
  if (file === undefined || file === "") throw new CliError({ code: "not-in-sandbox" });
  try {
    const size = statSync(bytesOf(file)).size;
    if (size > SIZE_LIMIT) throw new Error(`it is longer than ${SIZE_LIMIT} bytes`);
    return checked(JSON.parse(readFileSync(bytesOf(file), "utf8")));
  } catch (error) {
    throw new CliError(
      { code: "sandbox-file", path: file, reason: (error as Error).message },
      { cause: error },
    );
  }
}

function checked(value: unknown): ReturnType<typeof readDocument> {
  const it = record(value, "it");
  if (it.format !== FORMAT) throw new Error(`its format is ${JSON.stringify(it.format)}, not ${FORMAT}`);
  const commands = record(it.commands, "commands");
  const denials = list(it.denials, "denials").map((denial) => ({
    original: text(denial.path),
    path: absolute(denial.path),
    access: oneOf(denial.access, ["read", "write", "read+write"] as const),
    source: text(denial.source),
    ...(denial.asks === undefined ? {} : { asks: text(denial.asks) }),
    ...(denial.removable === true ? { removable: true as const } : {}),
  }));
  const executables = list(commands.executables, "executables").map((one) => ({
    command: text(one.command),
    path: absolute(one.path),
  }));
  const ungrantable = list(it.ungrantable, "ungrantable").map((one) => ({
    path: absolute(one.path),
    access: oneOf(one.access, ["read", "write", "read+write"] as const),
  }));
  const blocked = list(commands.blocked, "blocked").map((one) => ({
    name: text(one.name),
    source: text(one.source),
  }));
  return {
    plan: {
      denials,
      blockedExecutables: executables,
      ...(it.landlock === null ? seatbeltRules(it.seatbelt) : landlockRules(it, denials, executables)),
    },
    document: {
      network: networkOf(record(it.network, "network")),
      networkSource: it.networkSource === null ? null : text(it.networkSource),
      commands: { blocked, executables, unblockable: [] },
      ungrantable,
    },
  };
}

function landlockRules(
  it: Json,
  denials: QueriedPlan["denials"],
  executables: QueriedPlan["blockedExecutables"],
) {
  const landlock = record(it.landlock, "landlock");
  const rules = list(landlock.rules, "rules").map((rule) => ({
    path: absolute(rule.path),
    rights: maskOf(rule.rights),
    optional: rule.optional === true,
    source: text(rule.source),
  }));
  const splits = list(landlock.splits, "splits").map((split) => ({
    directory: absolute(split.directory),
    files: maskOf(split.files),
    directories: maskOf(split.directories),
    leftOut: texts(split.leftOut, "leftOut"),
    optional: split.optional === true,
    source: text(split.source),
  }));
  const grants = list(it.grants, "grants").map((grant) => ({
    path: absolute(grant.path),
    kind: oneOf(grant.kind, ["file", "directory"] as const),
    access: oneOf(grant.access, ["read", "write", "read+write"] as const),
  }));
  const patterns = list(it.names, "names").map((one) => ({
    directory: absolute(one.directory),
    name: text(one.name),
    rights: maskOf(one.rights),
  }));
  const served = servedPaths(
    { fs: grants, denials },
    executables.map((one) => one.path),
  );
  const { abi } = landlock;
  if (typeof abi !== "number" || !Number.isInteger(abi) || abi < 1)
    throw new Error("abi is not a number above 0");
  return {
    abi,
    landlock: { rules, splits },
    supervision: it.supervised === true ? { paths: served, patterns } : undefined,
  };
}

/** `hosts`: absent in what was written before hosts could be named. */
function networkOf({ mode, connect, listen, hosts = [] }: Json): SandboxDocument["network"] {
  const checkedMode = oneOf(mode, ["all", "none", "ports"] as const);
  return checkedMode === "ports"
    ? {
        mode: "ports",
        connect: ports(connect),
        listen: ports(listen),
        hosts: list(hosts, "hosts").map(hostOf),
      }
    : { mode: checkedMode };
}

function hostOf({ host, addresses, port, source }: Json): HostCapability {
  return {
    host: text(host),
    addresses: addresses === "loopback" ? "loopback" : texts(addresses, "addresses"),
    ...(port === undefined ? {} : { port: ports([port])[0] as number }),
    source: text(source),
  };
}

function ports(value: unknown): readonly number[] {
  if (!Array.isArray(value) || !value.every((port) => Number.isInteger(port)))
    throw new Error("ports are not numbers");
  return value;
}

function maskOf(names: unknown): bigint {
  return texts(names, "rights").reduce((mask, name) => {
    const bit = RIGHTS.get(name);
    if (bit === undefined) throw new Error(`${JSON.stringify(name)} is no right`);
    return mask | bit;
  }, 0n);
}

/** Bits by the names that rightNames has for them. */
const RIGHTS: ReadonlyMap<string, bigint> = new Map(
  Array.from({ length: 64 }, (_, index) => 1n << BigInt(index)).flatMap((bit) =>
    rightNames(bit).map((name): [string, bigint] => [name, bit]),
  ),
);
