// The other end: what a command says to a session that runs.

import { connectLocal, type LocalConnection, type Peer, Watcher } from "nono-ts/internal";
import { KEY, openSessionDirectory, SOCKET, sessionNames } from "../register/session-directory.ts";
import { LineReader, lineOf } from "./lines.ts";
import type { Reply } from "./message.ts";

/** One session; it was there when it was connected to. */
export class ControlClient {
  readonly session: string;
  readonly #key: string;
  readonly #connection: LocalConnection;
  readonly #lines = new LineReader();
  readonly #told: Reply[] = [];
  #listener: (() => void) | undefined;
  #ended = false;

  private constructor(session: string, key: string, connection: LocalConnection) {
    this.session = session;
    this.#key = key;
    this.#connection = connection;
    connection.listen({
      data: (bytes) => this.#receive(bytes),
      closed: () => this.#end(),
    });
  }

  /** undefined: it has ended, or is not this user's. */
  static connect(state: string, session: string, watcher: Watcher, uid: number): ControlClient | undefined {
    const directory = openSessionDirectory(state, session);
    try {
      if (directory === undefined) return undefined;
      const key = directory.read(KEY).toString("latin1");
      const connection = connectLocal(directory.at(SOCKET), watcher);
      if (connection.peer.uid === uid) return new ControlClient(session, key, connection);
      connection.close();
      return undefined;
    } catch {
      return undefined; // nobody listens there any more
    } finally {
      directory?.close();
    }
  }

  /** The session's process, as the kernel saw it listen. */
  get peer(): Peer {
    return this.#connection.peer;
  }

  /** Says it, and gives the next reply; undefined: the session has ended meanwhile. */
  ask(verb: string, more: Readonly<Record<string, unknown>> = {}): Promise<Reply | undefined> {
    this.#connection.write(lineOf({ ...more, do: verb, key: this.#key }));
    return this.next();
  }

  /** The next reply; undefined: the session has ended. */
  async next(): Promise<Reply | undefined> {
    while (this.#told.length === 0 && !this.#ended)
      await new Promise<void>((resolve) => {
        this.#listener = resolve;
      });
    return this.#told.shift();
  }

  close(): void {
    this.#connection.close();
    this.#end();
  }

  #receive(bytes: Uint8Array): void {
    try {
      this.#told.push(...(this.#lines.read(bytes) as readonly Reply[]));
      this.#listener?.();
    } catch {
      this.close();
    }
  }

  #end(): void {
    this.#ended = true;
    this.#listener?.();
  }
}

/** Calls `use` with those of `sessions` that run and are this user's; all are closed afterwards. */
export async function withSessions<Result>(
  state: string,
  sessions: readonly string[],
  uid: number,
  use: (clients: readonly ControlClient[]) => Promise<Result>,
): Promise<Result> {
  const watcher = new Watcher();
  const open: ControlClient[] = [];
  try {
    for (const session of sessions) {
      const client = ControlClient.connect(state, session, watcher, uid);
      if (client !== undefined) open.push(client);
    }
    return await use(open);
  } finally {
    for (const client of open) client.close();
    watcher.close();
  }
}

/** How often sessions are looked for that have begun since, in milliseconds. */
const LOOK = 500;

const TRIES = 4;

/** Calls `follow` for every session, those that begin later included; they stay open until this process ends. */
export function followSessions(
  state: string,
  uid: number,
  follow: (client: ControlClient) => Promise<void>,
): Promise<never> {
  const watcher = new Watcher();
  const tries = new Map<string, number>();
  const look = () => {
    for (const session of sessionNames(state)) {
      const tried = tries.get(session) ?? 0;
      // One that has just been made may not listen yet; one that has ended never will.
      if (tried === TRIES) continue;
      const client = ControlClient.connect(state, session, watcher, uid);
      tries.set(session, client === undefined ? tried + 1 : TRIES);
      if (client !== undefined) void follow(client);
    }
    setTimeout(look, LOOK);
  };
  look();
  return new Promise(() => undefined);
}
