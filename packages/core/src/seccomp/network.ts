// The network filters: which sockets can be made. Landlock decides on ports and knows TCP only (below ABI 10), and
// nothing about unix sockets by path (below ABI 9), so whatever it does not see must not come into being.

import { allow, errno, notify } from "./action.ts";
import {
  AF_INET,
  AF_INET6,
  AF_NETLINK,
  AF_UNIX,
  IP_OPTIONS,
  IPPROTO_IP,
  IPPROTO_MPTCP,
  IPPROTO_TCP,
  IPV6_2292PKTOPTIONS,
  IPV6_RTHDR,
  MSG_FASTOPEN,
  NETLINK_ROUTE,
  SOCK_STREAM,
  SOCK_TYPE_MASK,
  SOL_IP,
  SOL_IPV6,
  SOL_TCP,
  TCP_FASTOPEN_CONNECT,
} from "./constants.ts";
import { all, any, low32, not } from "./predicate.ts";
import type { Arch } from "./program.ts";
import type { FilterTable, Row } from "./table.ts";

export type NetworkOptions = Readonly<{
  arch: Arch;
  /** `none`: no socket but unix ones. `tcp`: what Landlock's port rules see, and nothing else. `all`: as the baseline. */
  network: "none" | "tcp" | "all";
  /** `false` where nothing judges which unix socket is connected to, and none is granted. Pairs are always allowed. */
  unixSockets: boolean;
  /** With `tcp`: ports may be listened on. Absent: none. */
  listens?: boolean;
  /** It tells of sockets that are not to come into being (`toldSockets`). Absent: there is none. */
  supervisor?: boolean;
}>;

/** What Landlock answers to a port without a rule. */
const EACCES = errno("EACCES");

const INTERNET = low32(0).in(AF_INET, AF_INET6);
const FAST_OPEN = "connects with the first data, where Landlock does not look; clients fall back to connect";

const NO_UNIX_SOCKETS: Row = {
  calls: ["socket"],
  when: low32(0).in(AF_UNIX),
  answer: EACCES,
  why: "daemons behind unix sockets act outside of the sandbox, and no socket is granted",
};

const ONLY_UNIX_SOCKETS = {
  calls: ["socket"],
  when: not(low32(0).in(AF_UNIX)),
  answer: EACCES,
  why: "no network: neither TCP nor UDP, SCTP, vsock or what else may come",
} satisfies Row;

const ONLY_TCP_SOCKETS = {
  calls: ["socket"],
  when: not(
    any(
      low32(0).in(AF_UNIX),
      all(low32(0).in(AF_NETLINK), low32(2).in(NETLINK_ROUTE)),
      all(INTERNET, low32(1).masked(SOCK_TYPE_MASK).in(SOCK_STREAM), low32(2).in(IPPROTO_IP, IPPROTO_TCP)),
    ),
  ),
  answer: EACCES,
  why: "Landlock's port rules see TCP only: UDP and the others would pass them by",
} satisfies Row;

/** Where no port is open to listen on, and nothing else is there to be listened on. */
const NO_LISTENING: Row = {
  calls: ["listen"],
  answer: EACCES,
  why: "a socket that is bound to nothing gets a port then, which Landlock does not look at",
};

const SOCKETS = { none: [ONLY_UNIX_SOCKETS], tcp: [ONLY_TCP_SOCKETS], all: [] };

/**
 * The sockets that are not to come into being, as the supervisor has them: it refuses each, and tells of it. Only what
 * leads to the internet: libraries ask the kernel for its addresses by netlink, whether or not anybody wants to know.
 */
export function toldSockets(network: NetworkOptions["network"]): readonly Row[] {
  return SOCKETS[network].map(({ when, ...row }) => ({ ...row, when: all(INTERNET, when), answer: notify }));
}

function untoldSockets(network: NetworkOptions["network"]): readonly Row[] {
  return SOCKETS[network].map(({ when, ...row }) => ({ ...row, when: all(not(INTERNET), when) }));
}

const ONLY_TCP: readonly Row[] = [
  {
    calls: ["socket"],
    when: all(INTERNET, low32(2).in(IPPROTO_MPTCP)),
    answer: errno("EPROTONOSUPPORT"),
    why: "Landlock's port rules see TCP only; programs that try MPTCP fall back to it",
  },
  { calls: ["sendmsg"], when: low32(2).hasAny(MSG_FASTOPEN), answer: errno("EOPNOTSUPP"), why: FAST_OPEN },
  {
    calls: ["sendto", "sendmmsg"],
    when: low32(3).hasAny(MSG_FASTOPEN),
    answer: errno("EOPNOTSUPP"),
    why: FAST_OPEN,
  },
  {
    calls: ["setsockopt"],
    when: all(low32(1).in(SOL_TCP), low32(2).in(TCP_FASTOPEN_CONNECT)),
    answer: errno("ENOPROTOOPT"),
    why: FAST_OPEN,
  },
  {
    calls: ["setsockopt"],
    when: any(
      all(low32(1).in(SOL_IP), low32(2).in(IP_OPTIONS)),
      all(low32(1).in(SOL_IPV6), low32(2).in(IPV6_RTHDR, IPV6_2292PKTOPTIONS)),
    ),
    answer: errno("EPERM"),
    why: "source routes: the packets would go to another host than the one that was judged",
  },
];

/** The filter that stands beside Landlock's port rules; `undefined` where the baseline already says everything. */
export function networkTable({
  arch,
  network,
  unixSockets,
  listens = false,
  supervisor = false,
}: NetworkOptions): FilterTable | undefined {
  const rows = [
    ...(unixSockets ? [] : [NO_UNIX_SOCKETS]),
    ...(network === "tcp" ? ONLY_TCP : []),
    ...(network === "tcp" && !unixSockets && !listens ? [NO_LISTENING] : []),
    ...(supervisor ? untoldSockets(network) : SOCKETS[network]),
  ];
  return rows.length === 0 ? undefined : { name: "network", arch, rows, unknown: allow };
}
