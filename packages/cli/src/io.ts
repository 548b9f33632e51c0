// All that a command may touch of the process around it, as a value.

/** One of our two streams. What cannot be written, because the reader is gone, is dropped. */
export type Output = Readonly<{
  /** Whether somebody reads it; who only has a line to say need not know. */
  write(text: string | Uint8Array): boolean;
  /** Of text that is wrapped: the width of the terminal, from 40 to 80; 80 where there is none. */
  columns: number;
  /** Of a line of a table, which is cut: the whole width of the terminal; where there is none nothing is cut. */
  width: number;
  isTerminal: boolean;
  /** Whether it is a terminal that may be sent colours (NO_COLOR, TERM=dumb). */
  colour: boolean;
}>;

export type Io = Readonly<{
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string>>;
  /**
   * The working directory.
   * @throws CliError `cwd-missing` when it was deleted
   */
  cwd(): string;
  uid: number;
  pid: number;
}>;
