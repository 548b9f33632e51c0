// nono: the only place that exits.

import { type Action, isGroup } from "./args/command.ts";
import { parse } from "./args/parse.ts";
import { rawArguments } from "./args/raw.ts";
import { ENTRIES } from "./commands/index.ts";
import { CliError } from "./error.ts";
import { ExitCode } from "./exit-code.ts";
import type { Io } from "./io.ts";
import { processIo, silenced } from "./process-io.ts";
import { reportError } from "./ui/message.ts";
import { VERSION } from "./version.ts";

async function main(argv: readonly string[], process: Io): Promise<ExitCode> {
  const call = parse(argv, process.env, ENTRIES);
  const io = call.silent ? silenced(process) : process;
  const { entry, trail, operands, verbose, silent } = call;
  try {
    if (call.version) {
      io.stdout.write(`nono ${VERSION}\n`);
      return ExitCode.ok;
    }
    const mistyped = call.problem?.code === "unknown-command" || call.problem?.code === "unknown-option";
    if ((call.help && !mistyped) || (call.problem === undefined && (entry === undefined || isGroup(entry)))) {
      const { helpOf } = await import("./ui/help.ts");
      io.stdout.write(helpOf(entry, trail, ENTRIES, io.stdout));
      return ExitCode.ok;
    }
    if (call.problem !== undefined) throw new CliError(call.problem);
    if (entry === undefined || isGroup(entry)) return ExitCode.usage;
    // The values were made from the very table whose type the action has.
    const action = (await entry.load()) as Action<unknown>;
    return await action(call.flags, { operands, verbose, silent, io });
  } catch (error) {
    return reportError(error, io);
  }
}

let lost: NodeJS.ErrnoException | undefined;
const io = processIo((error) => {
  lost ??= error;
});
const code = await main(rawArguments(process.argv.slice(2)), io);
process.exitCode = code || (lost === undefined ? ExitCode.ok : sayLost(lost));

function sayLost({ code }: NodeJS.ErrnoException): ExitCode {
  return reportError(new CliError({ code: "output-lost", reason: String(code) }), io);
}
