// What the kernel refused in a run, from strace's notes of the calls that failed.

/**
 * Prefix of a command: notes calls on paths and sockets that failed, and nothing that succeeded. Without --seccomp-bpf,
 * which does not see the calls that a supervisor's filter traps.
 */
export const straceTo = (file: string): readonly string[] => [
  "strace",
  "--follow-forks",
  "--quiet=all",
  "--failed-only",
  "--trace=%file,%network",
  "--string-limit=4096",
  `--output=${file}`,
];

/** Calls that ended with one of the two errors of a refusal, each once; what differs from run to run is made equal. */
export function refusalsIn(trace: string): readonly string[] {
  const refused = trace.matchAll(/^(?:\d+ +)?(\w+)\((.*)\) += -1 (?:EACCES|EPERM) /gm);
  return [...new Set([...refused].map(([, call, args = ""]) => `${call} ${steady(subjectOf(args))}`))].sort();
}

/** The first absolute path among the arguments, else all of them. */
const subjectOf = (args: string) => /"(\/[^"]*)"/.exec(args)?.[1] ?? args;

/** Random names and process ids would make every run look new. */
const steady = (text: string) =>
  text
    .replace(/\/nono-(\w+)-[A-Za-z0-9]{6}\b/g, "/nono-$1")
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "UUID")
    .replace(/[0-9a-f]{8,}/g, "HEX")
    .replace(/\d+/g, "N");
