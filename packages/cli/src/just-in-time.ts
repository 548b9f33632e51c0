// When code is compiled at run time. The executable is built with a threshold that no start reaches (scripts/build.mjs),
// because a start is over before compiling pays; a supervisor that answers for hours is another matter.

type Runtime = Readonly<{ unsafe?: Readonly<{ setJITPolicy?: (threshold: number) => void }> }>;

/** The usual threshold from now on. Bun's; where there is none, the runtime has its usual one already. */
export function compileAsUsual(): void {
  (globalThis as { Bun?: Runtime }).Bun?.unsafe?.setJITPolicy?.(1);
}
