// nono audit anchor: the newest checkpoints, to where the record's owner cannot reach them again.

import { spawnSync } from "node:child_process";
import { closeSync, constants, fstatSync, fsyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { bytesOf } from "nono-ts";
import { resolvePath } from "nono-ts/internal";
import type { Action, FlagsOf } from "../../args/command.ts";
import { type Anchor, anchoredIn, anchorText, newestAnchor } from "../../audit/anchor.ts";
import { appendNote } from "../../audit/git-note.ts";
import { CliError } from "../../error.ts";
import { ExitCode } from "../../exit-code.ts";
import type { Io } from "../../io.ts";
import { say } from "../../ui/message.ts";
import { countText } from "../../ui/quantities.ts";
import { recordsFor } from "./open.ts";
import type { AUDIT_ANCHOR_SECTIONS } from "./options.ts";

export const anchor: Action<FlagsOf<typeof AUDIT_ANCHOR_SECTIONS>> = async (flags, { io, operands }) => {
  const [command] = operands;
  const places = [...flags.file, ...flags.gitNote, ...(command === undefined ? [] : [command])];
  const newest = await newestAnchor(recordsFor(io), new Date(), places[0] ?? "standard output");
  for (const file of flags.file) appendTo(resolvePath(io.cwd(), file), newest);
  for (const directory of flags.gitNote)
    await appendNote(resolvePath(io.cwd(), directory), anchorText(newest), io.env.PATH ?? "");
  if (command !== undefined) pipeTo(operands, newest, io);
  if (places.length === 0) io.stdout.write(anchorText(newest));
  else
    say(
      io,
      `${countText(newest.checkpoints.length, "checkpoint")} kept by ${countText(places.length, "place")}`,
    );
  return ExitCode.ok;
};

/** Whatever stands there stays: lines are only added. */
function appendTo(file: string, newest: Anchor): void {
  const { O_RDWR, O_APPEND, O_CREAT, O_NOFOLLOW, O_NONBLOCK } = constants;
  let descriptor: number | undefined;
  try {
    descriptor = openSync(bytesOf(file), O_RDWR | O_APPEND | O_CREAT | O_NOFOLLOW | O_NONBLOCK, 0o600);
    if (!fstatSync(descriptor).isFile())
      throw new CliError({ code: "audit-unanchored", to: file, reason: "it is no file" });
    const before = readFileSync(descriptor, "utf8");
    if (before.trim() !== "" && anchoredIn(before, file).firstKey !== newest.firstKey)
      throw new CliError({
        code: "audit-unanchored",
        to: file,
        reason: "it has the checkpoints of other records",
      });
    const line = anchorText(newest);
    writeSync(descriptor, before === "" || before.endsWith("\n") ? line : `\n${line}`);
    fsyncSync(descriptor);
  } catch (error) {
    if (error instanceof CliError) throw error;
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw new CliError({ code: "audit-unanchored", to: file, reason }, { cause: error });
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function pipeTo([command = "", ...args]: readonly string[], newest: Anchor, { env }: Io): void {
  const { error, signal, status, stderr } = spawnSync(command, args, {
    input: anchorText(newest),
    env,
    stdio: ["pipe", "ignore", "pipe"],
  });
  if (status === 0) return;
  const said = String(stderr ?? "")
    .trim()
    .split("\n")
    .at(-1);
  const reason =
    (error as NodeJS.ErrnoException | undefined)?.code ?? signal ?? (said || `exit code ${status}`);
  throw new CliError({ code: "audit-unanchored", to: command, reason });
}
