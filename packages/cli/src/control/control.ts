// What a session that runs can be asked for by the same user's other terminals. Every room adds its own verbs.

import { writeFileSync } from "node:fs";
import {
  cryptoModule,
  type LocalConnection,
  LocalServer,
  type Peer,
  type PeerProcess,
  randomBytes,
  Watcher,
} from "nono-ts/internal";
import { KEY, type SessionDirectory, SOCKET } from "../register/session-directory.ts";
import { LineReader, lineOf } from "./lines.ts";
import { type Failed, isMessage, type Message, type Reply } from "./message.ts";

/** Whoever has connected, and knows the key. */
export type Caller = Readonly<{
  /** As the kernel saw it connect. */
  peer: Peer;
  /** What it is at this moment; `undefined` where that is not known for certain. */
  describe(): PeerProcess | undefined;
  /** Bytes of replies that it has not taken yet. */
  unsent(): number;
  /** Nothing when it is gone. */
  tell(reply: Reply): void;
  /** Calls back once, when it is gone or the session closes. */
  whenGone(then: () => void): void;
}>;

/** A throw ends the connection: that was no message. */
export type Verb = (message: Message, caller: Caller) => void;

/** A verb with one reply; a throw is `{ is: "failed", reason }`. */
export function answering(answer: (message: Message, caller: Caller) => Promise<Reply> | Reply): Verb {
  return async (message, caller) => {
    try {
      caller.tell(await answer(message, caller));
    } catch (error) {
      const failed: Failed = { is: "failed", reason: error instanceof Error ? error.message : String(error) };
      caller.tell(failed);
    }
  };
}

const KEY_BYTES = 32;

/** Other terminals at a time. */
const CONNECTIONS_MAX = 64;

export class Control {
  readonly #verbs = new Map<string, Verb>();
  readonly #open = new Map<LocalConnection, Array<() => void>>();
  #end: (() => void) | undefined;

  /** At any time. */
  add(verbs: Readonly<Record<string, Verb>>): void {
    for (const [name, verb] of Object.entries(verbs)) this.#verbs.set(name, verb);
  }

  /** Can be reached from now on. @throws the file system's own error */
  listen(directory: SessionDirectory, uid: number): void {
    const key = randomBytes(KEY_BYTES);
    writeFileSync(directory.at(KEY), key.toString("hex"), { mode: 0o600, flag: "wx" });
    const watcher = new Watcher();
    try {
      const server = new LocalServer(directory.at(SOCKET), watcher, (connection) =>
        this.#accept(connection, key.toString("hex"), uid),
      );
      this.#end = () => {
        server.close();
        watcher.close();
      };
    } catch (error) {
      watcher.close();
      throw error;
    }
  }

  /** Can be reached no more; the files in the directory stay. */
  close(): void {
    for (const connection of [...this.#open.keys()]) this.#drop(connection);
    this.#end?.();
    this.#end = undefined;
  }

  #accept(connection: LocalConnection, key: string, uid: number): void {
    if (connection.peer.uid !== uid || this.#open.size >= CONNECTIONS_MAX) {
      connection.close();
      return;
    }
    const lines = new LineReader();
    this.#open.set(connection, []);
    connection.listen({
      data: (bytes) => this.#receive(connection, lines, bytes, key),
      closed: () => this.#drop(connection),
    });
  }

  #receive(connection: LocalConnection, lines: LineReader, bytes: Uint8Array, key: string): void {
    try {
      for (const value of lines.read(bytes)) {
        if (!isMessage(value) || !isEqual(value.key, key)) throw new Error("not ours");
        const verb = this.#verbs.get(value.do);
        const caller = this.#callerOn(connection);
        // Of another version of nono: it may know what to do without.
        if (verb === undefined) caller.tell({ is: "unsupported" });
        else verb(value, caller);
      }
    } catch {
      this.#drop(connection);
    }
  }

  #callerOn(connection: LocalConnection): Caller {
    return {
      peer: connection.peer,
      describe: () => connection.describePeer(),
      unsent: () => connection.unsent,
      tell: (reply) => {
        if (this.#open.has(connection)) connection.write(lineOf(reply));
      },
      whenGone: (then) => void this.#open.get(connection)?.push(then),
    };
  }

  #drop(connection: LocalConnection): void {
    const gone = this.#open.get(connection) ?? [];
    this.#open.delete(connection);
    connection.close();
    for (const then of gone) then();
  }
}

function isEqual(given: string, key: string): boolean {
  const [one, other] = [Buffer.from(given), Buffer.from(key)];
  return one.length === other.length && cryptoModule().timingSafeEqual(one, other);
}
