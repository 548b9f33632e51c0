// The two products of this package, and a launcher that runs a plan.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, createReadStream } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import type { Addon } from "../../../core/src/native/addon.ts";
import { encode, type PlanSource } from "./plan.ts";

const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

export const LAUNCHER = `${dist}nono-launch`;
export const ADDON = `${dist}nono.node`;
export const addon = createRequire(import.meta.url)(ADDON) as Addon;

/** Rights of the first Landlock ABI; see landlock(7). */
export const READ = 0b1101n;
export const HANDLED = (1n << 13n) - 1n;

/** A record of include/status.h. */
export type StatusRecord =
  | { failed: number; index: number; errno: number }
  | { started: number }
  | { exited: number };

type Launched = { child: ChildProcess; status: () => Promise<StatusRecord[]> };

/** Descriptors 3 and 4 are the plan and the status; what follows in `extra` is inherited from 5 on. */
function launch(plan: PlanSource, extra: readonly number[] = []): Launched {
  const file = addon.memfd("plan", encode({ argv: [plan.path ?? ""], ...plan }));
  const status = addon.pipe();
  const child = spawn(LAUNCHER, ["3", "4"], {
    stdio: ["ignore", "pipe", "pipe", file, status.write, ...extra],
    env: {},
  });
  closeSync(file);
  closeSync(status.write);
  return { child, status: () => recordsOf(status.read) };
}

/** What a command under `plan` said, how it ended, and what the launcher told. */
export async function outcomeOf(plan: PlanSource, extra: readonly number[] = []) {
  const { child, status } = launch(plan, extra);
  const [stdout, stderr, records] = await Promise.all([
    textOf(child.stdout as NodeJS.ReadableStream),
    textOf(child.stderr as NodeJS.ReadableStream),
    status(),
    once(child, "close"),
  ]);
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr, records };
}

/** The same of a plain process, for controls. */
export async function unconfined(command: string, args: readonly string[]) {
  const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
  const [stdout, stderr] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, "close"),
  ]);
  return { code: child.exitCode, signal: child.signalCode, stdout, stderr };
}

async function recordsOf(descriptor: number): Promise<StatusRecord[]> {
  const bytes = await bytesOf(createReadStream("", { fd: descriptor }));
  return Array.from({ length: bytes.length / 16 }, (_, at) => {
    const [kind, step, index, value] = [0, 4, 8, 12].map((offset) => bytes.readInt32LE(16 * at + offset));
    if (kind === 1) return { failed: step as number, index: index as number, errno: value as number };
    return kind === 2 ? { started: value as number } : { exited: value as number };
  });
}

const textOf = async (stream: NodeJS.ReadableStream) => (await bytesOf(stream)).toString();

async function bytesOf(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
