// What a program may miss that is refused what it needs, before a start and after it: a line, and what to type.

import { type CanonicalPath, type Ending, queryPath } from "nono-ts";
import { directoryOf, show } from "nono-ts/internal";
import type { Io } from "../io.ts";
import { BASE_PROFILE } from "../policy/profile/load.ts";
import type { ExplainedDenial } from "../report/explained.ts";
import type { MissingGroup } from "../report/missing-group.ts";
import type { Prepared } from "../sandbox/prepare.ts";
import { say } from "../ui/message.ts";

/** For a start after which nobody of ours is there to say it. */
export async function hintBefore(
  { command, plan, programDirectory, loaded }: Prepared,
  io: Io,
): Promise<void> {
  const name = show(command.argv[0] ?? "");
  const place = directoryOf(command.path) as CanonicalPath;
  if (queryPath(plan, { path: place, access: "read" }).status === "denied") {
    const { missingGroup } = await import("../report/missing-group.ts");
    const missing = missingGroup([{ path: place, access: "read" }], loaded);
    if (missing?.profile !== undefined)
      return say(
        io,
        `${name} may miss what the profile ${missing.profile} grants: --profile ${missing.profile}`,
      );
  }
  if (programDirectory === undefined) return;
  const directory = show(programDirectory);
  say(io, `${name} may miss its own files in ${directory}, which it may not read: --read ${directory}`);
}

/** A program that could not read its own files may say so in its own words only. */
export async function hintAfter(
  denials: readonly ExplainedDenial[],
  { command, programDirectory, loaded }: Prepared,
  { code }: Ending,
  io: Io,
): Promise<void> {
  const ungranted = denials.flatMap(({ subject, source }) =>
    subject.kind === "path" && source === null ? [subject] : [],
  );
  let missing: MissingGroup | undefined;
  if (ungranted.length > 0) {
    const { missingGroup } = await import("../report/missing-group.ts");
    missing = missingGroup(ungranted, loaded);
    if (missing !== undefined) say(io, missingText(missing, loaded.policy.profile));
  }
  if (code === null || code === 0 || programDirectory === undefined) return;
  if (missing?.grants({ path: programDirectory as CanonicalPath, access: "read" })) return;
  const [name, directory] = [show(command.argv[0] ?? ""), show(programDirectory)];
  say(
    io,
    `${name} may have missed its own files in ${directory}, which it may not read: --read ${directory}`,
  );
}

function missingText({ group, profile }: MissingGroup, inForce: string): string {
  if (profile !== undefined) return `the profile ${profile} grants such things: --profile ${profile}`;
  const base = inForce === BASE_PROFILE ? "" : ` --extends ${show(inForce)}`;
  return `the group ${show(group)} grants such things: include it in a profile, nono profile init${base} NAME`;
}
