// Daemons that lie outside of every sandbox, and count who reaches them.

import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { createInterface } from "node:readline";

/** Says `text` to whoever connects. */
export async function streamDaemon(place: string | Readonly<{ host: string; port: number }>, text: string) {
  const at = typeof place === "string" ? { path: place } : place;
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.on("error", () => undefined); // clients that are gone already
    socket.end(text);
  });
  await new Promise<void>((resolve) => server.listen({ ...at, backlog: 511 }, resolve));
  return {
    port: (server.address() as AddressInfo | null)?.port ?? 0,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** A port that is taken and at which nobody listens: it refuses, and nobody else can have it meanwhile. */
export async function refusingPort(host: string) {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const socket = connect({ host, port: (server.address() as AddressInfo).port, localAddress: host });
  await once(socket, "connect");
  return {
    port: socket.localPort ?? 0,
    async [Symbol.asyncDispose]() {
      socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** Counts datagrams. Node has no unix datagram sockets, so Python does it; it answers each line with the count so far. */
const COUNTER = `
import select, socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1]); s.setblocking(False); print("ready", flush=True)
count = 0
while True:
    ready, _, _ = select.select([s, sys.stdin], [], [])
    while True:
        try: s.recv(16); count += 1
        except BlockingIOError: break
    if sys.stdin in ready:
        if not sys.stdin.readline(): break
        print(count, flush=True)
`;

export async function datagramDaemon(path: string) {
  const child: ChildProcess = spawn("python3", ["-c", COUNTER, path], { stdio: ["pipe", "pipe", "inherit"] });
  if (child.stdin === null || child.stdout === null) throw new Error("no pipes");
  const { stdin } = child;
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  await lines.next();
  return {
    async received(): Promise<number> {
      stdin.write("\n");
      return Number((await lines.next()).value);
    },
    async [Symbol.asyncDispose]() {
      stdin.end();
      await once(child, "exit");
    },
  };
}
