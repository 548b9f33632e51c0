// What nono learn says: before the start how it learns, and at the end what it learned and what it left out.

import type { FsDenial } from "nono-ts";
import { isWithin, show } from "nono-ts/internal";
import type { Io } from "../io.ts";
import type { Learned } from "../learn/generalise.ts";
import type { LeftOut } from "../learn/needs.ts";
import type { Recorded } from "../learn/record.ts";
import type { Target } from "../learn/target.ts";
import { HOLDS_SECRET } from "../policy/holds-secret.ts";
import type { ExplainedDenial } from "../report/explained.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { say, warn } from "./message.ts";
import { renderReport } from "./report.ts";
import { rows } from "./rows.ts";

type Err = Pick<Io, "stderr">;

export function sayLearning(permissive: boolean, command: string, io: Err): void {
  if (permissive)
    warn(
      io,
      `PERMISSIVE: ${show(command, 60)} and all that it starts may read, write and run whatever you may, but for ` +
        "what is denied by name: only for what you trust",
    );
  else say(io, "learning: what is not granted is refused, and noted");
}

export type Outcome = Readonly<{
  learned: Learned;
  recorded: Recorded;
  /** Refused, and never to be learned. */
  never: readonly ExplainedDenial[];
  /** How many things were refused that can be learned. */
  refused: number;
  /** Entries that the profile did not have. */
  written: number;
  target: Target;
  /** Entries that are not in the profile because they hold a secret, without it. */
  held: readonly string[];
  /** A text without the secrets in it. */
  clean: (text: string) => string;
}>;

export function sayLearned(outcome: Outcome, sandbox: Prepared, io: Err): void {
  const { learned, recorded, never, refused, written, target, held, clean } = outcome;
  io.stderr.write(renderReport(never, io.stderr));
  sayLeftOut(learned.leftOut, held, clean, sandbox, io);
  if (recorded.beyond > 0)
    say(io, `there was more than can be kept: ${recorded.beyond} uses are not in the profile`);
  if (target.file !== undefined)
    say(io, written === 0 ? `${show(target.file)} has all of it` : `wrote ${show(target.file)}`);
  if (refused > 0 && written > 0) say(io, again(refused, target));
}

/** What follows a refusal is not known yet. */
function again(count: number, { file, name, profile }: Target): string {
  const under =
    file === undefined
      ? "with the profile"
      : `with --profile ${show(file.includes("/profiles/") ? name : file)}`;
  const things = count === 1 ? "1 thing was refused" : `${count} things were refused`;
  return `${things} beyond ${show(profile)}, and what the command does else is not known yet: learn again ${under} until nothing is`;
}

const SHOWN = 12;

function sayLeftOut(
  leftOut: readonly LeftOut[],
  held: readonly string[],
  clean: (text: string) => string,
  { capabilities }: Prepared,
  io: Err,
): void {
  const texts = new Map([
    ...held.map((text) => [show(text), HOLDS_SECRET] as const),
    ...leftOut.map((one) => [clean(titleOf(one)), reasonOf(one, capabilities.denials)] as const),
  ]);
  if (texts.size === 0) return;
  const lines = rows([...texts].slice(0, SHOWN), { ...io.stderr, indent: 2, labelLimit: 30 });
  if (texts.size > SHOWN) lines.push(`  and ${texts.size - SHOWN} more`);
  say(io, `not in the profile:\n${lines.join("\n")}`);
}

function titleOf({ use }: LeftOut): string {
  if (use.kind === "entry") return `${use.made ? "make" : "remove"} ${show(use.path)}`;
  return `${use.half === "read" && use.kind === "directory" ? "list" : use.half} ${show(use.path)}`;
}

function reasonOf({ use, why }: LeftOut, denials: readonly FsDenial[]): string {
  switch (why) {
    case "denied": {
      const denial = denials.find(({ path }) => isWithin(use.path, path));
      return denial === undefined ? "it is nono's own, or of a process" : `${show(denial.source)} denies it`;
    }
    case "temporary":
      return "it is temporary: TMPDIR names a directory for that";
    case "too-wide":
      return "only a grant of the directory around it would cover it, which holds too much";
  }
}
