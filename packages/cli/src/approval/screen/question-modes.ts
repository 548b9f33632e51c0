// The private modes of a terminal that matter while a question is shown, and how they have to be then.

type Wanted = Readonly<{ on: boolean; why: string }>;

const WANTED: ReadonlyMap<number, Wanted> = new Map([
  [1, { on: false, why: "cursor keys as usual" }],
  [5, { on: false, why: "no reverse video" }],
  [6, { on: false, why: "positions count from the top of the screen" }],
  [7, { on: false, why: "a line that is too long goes nowhere" }],
  [9, { on: false, why: "no mouse: X10" }],
  [25, { on: false, why: "no cursor: there is nothing to type into" }],
  [45, { on: false, why: "no reverse wrap" }],
  [69, { on: false, why: "no margins at the sides" }],
  [1000, { on: false, why: "no mouse: buttons" }],
  [1001, { on: false, why: "no mouse: highlighting, which waits for the program" }],
  [1002, { on: false, why: "no mouse: drags" }],
  [1003, { on: false, why: "no mouse: every move" }],
  [1004, { on: false, why: "no reports of the focus" }],
  [1005, { on: false, why: "an encoding of mouse reports" }],
  [1006, { on: false, why: "an encoding of mouse reports" }],
  [1015, { on: false, why: "an encoding of mouse reports" }],
  [1016, { on: false, why: "an encoding of mouse reports" }],
  [2004, { on: true, why: "what is pasted is told from keys" }],
  [2026, { on: false, why: "what is drawn is shown at once" }],
  [2031, { on: false, why: "no reports of the colour scheme" }],
  [2048, { on: false, why: "no reports of the size" }],
]);

/** Autowrap and the cursor. */
const ON_AT_FIRST: ReadonlySet<number> = new Set([7, 25]);

export function isQuestionMode(mode: number): boolean {
  return WANTED.has(mode);
}

/** What the mode is when no program has said anything. */
export function isOnAtFirst(mode: number): boolean {
  return ON_AT_FIRST.has(mode);
}

/** The modes that have to change, seen from what they are. */
export function modesToChange(isOn: (mode: number) => boolean): readonly number[] {
  return [...WANTED].filter(([mode, { on }]) => isOn(mode) !== on).map(([mode]) => mode);
}

export function setsMode(mode: number, on: boolean): string {
  return `\u001b[?${mode}${on ? "h" : "l"}`;
}
