// What a session used beyond its grants, merged as it comes: a program that asks without end must not fill our memory.

import type { CanonicalPath, Request } from "nono-ts";
import {
  type AddressUse,
  addressOf,
  type IsDirectory,
  type SocketUse,
  socketOf,
  type Use,
  usesOf,
} from "./use.ts";

export type Recorded = Readonly<{
  uses: readonly Use[];
  sockets: readonly SocketUse[];
  /** That were connected to, granted or not. */
  addresses: readonly AddressUse[];
  /** Uses that were not kept, because there were too many others. */
  beyond: number;
}>;

export class UseLog {
  readonly #uses = new Map<string, Use>();
  readonly #sockets = new Map<CanonicalPath, SocketUse>();
  readonly #addresses = new Map<string, AddressUse>();
  readonly #isDirectory: IsDirectory;
  readonly #limit: number;
  #beyond = 0;

  constructor(isDirectory: IsDirectory, limit = 65_536) {
    this.#isDirectory = isDirectory;
    this.#limit = limit;
  }

  /** What is denied by name or by content is no use that anything could be learned from. */
  add(request: Request): void {
    if (request.reason === "blocked-command" || request.reason === "holds-denial") return;
    for (const use of usesOf(request, this.#isDirectory)) {
      const key = JSON.stringify(use);
      if (this.#uses.has(key)) continue;
      if (this.#uses.size < this.#limit) this.#uses.set(key, use);
      else this.#beyond += 1;
    }
    const socket = socketOf(request);
    if (socket !== undefined) {
      const known = this.#sockets.get(socket.path);
      this.#sockets.set(socket.path, { ...socket, bind: socket.bind || known?.bind === true });
    }
    const address = addressOf(request);
    if (address !== undefined) this.#addAddress(address);
  }

  #addAddress(address: AddressUse): void {
    if (this.#addresses.size < this.#limit) this.#addresses.set(JSON.stringify(address), address);
    else this.#beyond += 1;
  }

  record(): Recorded {
    return {
      uses: [...this.#uses.values()],
      sockets: [...this.#sockets.values()],
      addresses: [...this.#addresses.values()],
      beyond: this.#beyond,
    };
  }
}
