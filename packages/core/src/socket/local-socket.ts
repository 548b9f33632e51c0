// Unix stream sockets that tell who is at the other end. Nothing here blocks.

import { closeSync } from "node:fs";
import { Outflow } from "../descriptor/outflow.ts";
import { readReady } from "../descriptor/ready-io.ts";
import type { Watcher } from "../descriptor/watcher.ts";
import type { NativePeer } from "../native/addon.ts";
import { loadAddon } from "../native/locate.ts";
import { bytesOf } from "../text/bytes.ts";
import { type PeerProcess, peerProcess } from "./peer-process.ts";

/** As the kernel saw it connect or listen. */
export type Peer = Readonly<{ pid: number; uid: number }>;

export type ConnectionListener = Readonly<{
  /** The bytes are used again after the call. */
  data: (bytes: Uint8Array) => void;
  /** The other end is gone; nothing follows. Not called after `close`. */
  closed: () => void;
}>;

const CHUNK = 1 << 14;

export class LocalConnection {
  readonly peer: Peer;
  readonly #descriptor: number;
  readonly #watcher: Watcher;
  readonly #outflow: Outflow;
  readonly #buffer = Buffer.alloc(CHUNK);
  #listener: ConnectionListener | undefined;
  #open = true;

  constructor({ descriptor, pid, uid }: NativePeer, watcher: Watcher) {
    this.peer = { pid, uid };
    this.#descriptor = descriptor;
    this.#watcher = watcher;
    this.#outflow = new Outflow(descriptor, watcher);
  }

  /** As it is now; `undefined` where that is not known for certain. */
  describePeer(): PeerProcess | undefined {
    return this.#open ? peerProcess(this.#descriptor) : undefined;
  }

  /** To be called once: nothing is read before. */
  listen(listener: ConnectionListener): void {
    this.#listener = listener;
    this.#await();
  }

  /** Bytes that the other end has not taken yet. */
  get unsent(): number {
    return this.#outflow.length;
  }

  /** Nothing when the other end is gone. */
  write(bytes: Uint8Array): void {
    if (this.#open) this.#outflow.push(bytes);
  }

  /** Resolves when the other end has taken everything, or is gone. */
  flushed(): Promise<void> {
    return new Promise((resolve) => this.#outflow.whenEmpty(resolve));
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watcher.forget(this.#descriptor);
    closeSync(this.#descriptor);
    this.#outflow.clear();
  }

  #await(): void {
    if (this.#open) this.#watcher.whenReadable(this.#descriptor, () => this.#read());
  }

  #read(): void {
    const length = readReady(this.#descriptor, this.#buffer);
    if (length === 0) {
      this.close();
      this.#listener?.closed();
      return;
    }
    if (length !== undefined) this.#listener?.data(this.#buffer.subarray(0, length));
    this.#await();
  }
}

export class LocalServer {
  readonly #descriptor: number;
  readonly #watcher: Watcher;
  readonly #onConnection: (connection: LocalConnection) => void;
  #open = true;

  /**
   * Listens at `path`, which must not exist, and be shorter than 108 bytes (unix(7)).
   *
   * @throws NativeFailure
   */
  constructor(path: string, watcher: Watcher, onConnection: (connection: LocalConnection) => void) {
    this.#watcher = watcher;
    this.#onConnection = onConnection;
    this.#descriptor = loadAddon().listen(bytesOf(path));
    this.#await();
  }

  /** Connections that were made live on. The path stays. */
  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#watcher.forget(this.#descriptor);
    closeSync(this.#descriptor);
  }

  #await(): void {
    this.#watcher.whenReadable(this.#descriptor, () => {
      this.#accept();
      if (this.#open) this.#await();
    });
  }

  #accept(): void {
    const native = loadAddon();
    for (let peer = native.accept(this.#descriptor); peer !== null; peer = native.accept(this.#descriptor)) {
      this.#onConnection(new LocalConnection(peer, this.#watcher));
      if (!this.#open) return;
    }
  }
}

/** @throws NativeFailure ECONNREFUSED when nobody listens there any more, ENOENT, EACCES */
export function connectLocal(path: string, watcher: Watcher): LocalConnection {
  return new LocalConnection(loadAddon().connect(bytesOf(path)), watcher);
}
