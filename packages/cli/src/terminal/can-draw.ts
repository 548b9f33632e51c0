/** Whether the cursor can be moved there: a terminal that cannot shows no question and no list to pick from. */
export function canDraw({ TERM }: Readonly<Record<string, string | undefined>>): boolean {
  return TERM !== undefined && TERM !== "" && TERM !== "dumb";
}
