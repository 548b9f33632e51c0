// Divides what strace wrote of one start into stages.

/**
 * @typedef {object} Line
 * @property {number} at seconds
 * @property {string} process
 * @property {string | undefined} name of the system call; undefined for what is none, or the second half of one
 * @property {string} text
 */

/**
 * Where a stage ends: at the first such line after the end of the stage before. In the order in which they come.
 * `confined` is the process that becomes the command.
 *
 * @type {readonly { stage: string, call?: string, of: (line: Line, command: string, confined?: string) => boolean }[]}
 */
const ENDS = [
  { stage: "nono is executed", call: "execve", of: () => true },
  { stage: "the kernel is asked for Landlock", call: "landlock_create_ruleset", of: isQuestion },
  { stage: "the plan is written", call: "memfd_create", of: ({ text }) => text.includes("nono-plan") },
  { stage: "the launcher is executed", call: "execve", of: ({ text }) => text.includes('/nono-launch"') },
  { stage: "the ruleset is made", call: "landlock_create_ruleset", of: (line) => !isQuestion(line) },
  { stage: "the rules are enforced", call: "landlock_restrict_self", of: () => true },
  {
    stage: "the command is executed",
    call: "execve",
    of: ({ text }, command) => text.includes(`"${command}"`),
  },
  {
    stage: "the command has ended",
    of: ({ process, text }, _, confined) => process === confined && text.includes("+++ "),
  },
];

const LAST = "nono has ended";

/** The calls that end a stage. */
export const MARKS = [...new Set(ENDS.flatMap(({ call }) => call ?? []))];

/** The call that only asks for the version makes nothing. @param {Line} line */
function isQuestion({ text }) {
  return text.includes("landlock_create_ruleset(NULL");
}

/**
 * @typedef {{ stage: string, ms: number, calls: string[] }} Stage `stage`: what ends it
 *
 * @param {string} trace of `strace -f -ttt`
 * @param {string} command the path of the command that is confined
 * @param {readonly string[]} [known] only these; what another would have is added to the next
 * @returns {Stage[]} the last lasts until all have ended
 */
export function stagesOf(trace, command, known) {
  const lines = trace.trimEnd().split("\n").map(parse);
  const confined = lines.find(({ name }) => name === "landlock_restrict_self")?.process;
  /** @type {Stage[]} */
  const stages = [];
  let [from, since] = [0, lines[0]?.at ?? Number.NaN];
  for (const { stage, call, of } of ENDS) {
    if (known !== undefined && stages.length > 0 && !known.includes(stage)) continue;
    const to = lines.findIndex(
      (line, index) => index >= from && line.name === call && of(line, command, confined),
    );
    const end = lines[to];
    if (end === undefined) continue;
    stages.push({ stage, ms: (end.at - since) * 1000, calls: namesOf(lines.slice(from, to)) });
    [from, since] = [to + 1, end.at];
  }
  const last = lines.at(-1)?.at ?? Number.NaN;
  stages.push({ stage: LAST, ms: (last - since) * 1000, calls: namesOf(lines.slice(from)) });
  return stages.slice(1);
}

/**
 * `PID SECONDS NAME(ARGUMENTS…`, or `+++ exited …`, or the second half of a call that another process interrupted.
 *
 * @param {string} text
 * @returns {Line}
 */
function parse(text) {
  const [, process = "", at, name] = /^(\d+)\s+(\d+\.\d+) (?:(\w+)\()?/.exec(text) ?? [];
  return { at: Number(at), process, name, text };
}

/** @param {readonly Line[]} lines */
function namesOf(lines) {
  return lines.flatMap(({ name }) => name ?? []);
}
