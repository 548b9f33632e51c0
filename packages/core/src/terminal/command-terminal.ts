// A terminal of its own for a command, between it and the real one: what either says reaches the other, size, modes and
// job control included, and something else can be drawn in between.

import { closeSync } from "node:fs";
import { Watcher } from "../descriptor/watcher.ts";
import type { Addon } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import type { Guarded, OwnTerminal } from "../process/run-guarded.ts";
import { Pump } from "./pump.ts";
import { RealTerminal, type TerminalSize } from "./real-terminal.ts";

export type TerminalListener = Readonly<{
  /**
   * Everything that reaches the real terminal from the command, in order. The bytes are used again afterwards; no more
   * comes before a promise that is returned is settled.
   */
  output?: (bytes: Uint8Array) => Promise<void> | undefined;
  resized?: (size: TerminalSize) => void;
  /** After a stop, or when the job has come to the foreground. */
  continued?: () => void;
  /** Nothing will be typed any more. */
  hungUp?: () => void;
}>;

export class CommandTerminal {
  /** `/dev/pts/N` */
  readonly name: string;
  readonly #native = loadAddon();
  readonly #watcher: Watcher;
  readonly #real: RealTerminal;
  readonly #listener: TerminalListener;
  readonly #pump: Pump;
  #master: number | undefined;
  #slave: number | undefined;
  #guarded: Guarded | undefined;
  #held = false;
  #closed = false;
  #stopped = false;

  /** undefined where standard output is not the controlling terminal, or where somebody else's terminal is the input. */
  static open(listener: TerminalListener = {}): CommandTerminal | undefined {
    const native = loadAddon();
    if (native.isForeground(0) === null && isTerminal(native, 0)) return undefined;
    const real = RealTerminal.open(native);
    return real && new CommandTerminal(real, listener);
  }

  private constructor(real: RealTerminal, listener: TerminalListener) {
    this.#real = real;
    this.#listener = listener;
    const { master, slave, name } = this.#native.openTerminal();
    this.name = name;
    this.#master = master;
    this.#slave = slave;
    this.#native.setTerminalModes(slave, real.modes);
    this.#watcher = new Watcher();
    this.#pump = new Pump({
      watcher: this.#watcher,
      terminal: real.descriptor,
      master,
      mayRead: () => real.isForeground || real.isGone,
      onOutput: (bytes) => this.#listener.output?.(bytes),
      onHangUp: () => this.#hangUp(),
    });
    this.#resize();
  }

  get size(): TerminalSize {
    return this.#real.size;
  }

  /** Whether what is written can be seen, and what is typed is for us. */
  get isForeground(): boolean {
    return this.#real.isForeground;
  }

  /** For `runGuarded`. What is no terminal of ours (a pipe, a file) stays what it is. */
  get own(): OwnTerminal {
    const slave = this.#slave ?? -1;
    const place = (standard: number) => (this.#native.isForeground(standard) === null ? standard : slave);
    return {
      standard: [place(0), place(1), place(2)],
      onStopped: () => this.#stop(),
    };
  }

  /** The command was started on `own`. Until `end` the real terminal is raw, whatever happens to this process. */
  begin(guarded: Guarded): void {
    this.#guarded = guarded;
    this.#closeSlave();
    process.on("exit", this.#restore);
    process.on("SIGWINCH", this.#resize);
    process.on("SIGCONT", this.#continue);
    this.#real.makeRaw();
    this.#pump.run();
  }

  /**
   * After the command has ended: resolves when everything it wrote is on the real terminal, which is then as before.
   *
   * @param last what is then to be written there
   */
  async end(last: () => string = () => ""): Promise<void> {
    const written = () => new Promise<void>((resolve) => this.#pump.whenEnded(resolve));
    await written();
    // Without a master nobody sees it any more.
    if (this.#master !== undefined) this.#pump.write(Buffer.from(last()));
    await written();
    this.close();
    this.#guarded?.release();
  }

  /** At any time; the command's terminal is hung up. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    process.off("exit", this.#restore);
    process.off("SIGWINCH", this.#resize);
    process.off("SIGCONT", this.#continue);
    this.#closeMaster();
    this.#watcher.close();
    this.#closeSlave();
    this.#real.close();
  }

  /**
   * Holds back what the command writes from now on; resolves when what it wrote before is on the real terminal.
   *
   * @param onInput what is typed from now on
   */
  hold(onInput: (bytes: Uint8Array) => void): Promise<void> {
    this.#held = true;
    return new Promise((resolve) => this.#pump.hold(onInput, resolve));
  }

  /** To the real terminal, while held. */
  write(bytes: Uint8Array): void {
    this.#pump.write(bytes);
  }

  /** To the command, as if it had been typed. */
  type(bytes: Uint8Array): void {
    this.#pump.type(bytes);
  }

  release(): void {
    this.#held = false;
    this.#pump.release();
    if (this.#stopped) this.#stop();
  }

  /**
   * The command was stopped: so are we, and whoever shares our job, as if it had run on the real terminal. Where the
   * kernel does not stop us, because nobody could continue us, the command is continued at once.
   */
  #stop(): void {
    this.#stopped = this.#held;
    if (this.#held) return;
    this.#pump.drain();
    this.#real.restore();
    process.kill(0, "SIGTSTP");
    this.#continue();
    this.#guarded?.resume();
  }

  readonly #continue = (): void => {
    this.#real.makeRaw();
    this.#resize();
    this.#pump.run();
    this.#listener.continued?.();
  };

  readonly #restore = (): void => this.#real.restore();

  readonly #resize = (): void => {
    if (this.#master === undefined) return;
    const size = this.#real.size;
    this.#native.resizeTerminal(this.#master, size.rows, size.columns, size.height, size.width);
    this.#listener.resized?.(size);
  };

  /** As if the command had been on the terminal that is gone: it gets SIGHUP, end of file and EIO. */
  #hangUp(): void {
    this.#closeMaster();
    this.#listener.hungUp?.();
  }

  #closeMaster(): void {
    this.#pump.stop();
    if (this.#master !== undefined) closeSync(this.#master);
    this.#master = undefined;
  }

  #closeSlave(): void {
    if (this.#slave !== undefined) closeSync(this.#slave);
    this.#slave = undefined;
  }
}

function isTerminal(native: Addon, descriptor: number): boolean {
  try {
    return native.terminalModes(descriptor).length > 0;
  } catch {
    return false; // ENOTTY
  }
}
