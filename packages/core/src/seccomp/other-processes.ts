// What the kernel lets a process do to every other one of its user, and Landlock has no rule for: System V objects, which
// are known by number only, and priorities, processors and limits.

import { errno, notify } from "./action.ts";
import {
  IOPRIO_WHO_PROCESS,
  PRIO_PROCESS,
  SELF,
  SIGCANCEL,
  SIGSETXID,
  SIGSYNCCALL,
  SIGURG,
} from "./constants.ts";
import { all, full64, low32, not } from "./predicate.ts";
import type { Row } from "./table.ts";

const EPERM = errno("EPERM");

const SYSTEM_V: Row["calls"] = [
  ...(["shmget", "shmat", "shmctl"] as const),
  ...(["msgget", "msgsnd", "msgrcv", "msgctl"] as const),
  ...(["semget", "semop", "semtimedop", "semctl"] as const),
];

const ANOTHER = not(low32(0).in(SELF));

/** Where there is no supervisor. Which process a number means cannot be told: priorities and processors stay open. */
export const UNJUDGED: readonly Row[] = [
  {
    calls: ["setpriority"],
    when: not(low32(0).in(PRIO_PROCESS)),
    answer: EPERM,
    why: "slows a group of processes, which may reach outside, or all of the user's",
  },
  {
    calls: ["ioprio_set"],
    when: not(low32(0).in(IOPRIO_WHO_PROCESS)),
    answer: EPERM,
    why: "slows a group of processes, which may reach outside, or all of the user's",
  },
  {
    calls: ["prlimit64"],
    when: ANOTHER,
    answer: EPERM,
    why: "sets limits of any process of the user: one of no processor time kills it, where signals do not reach",
  },
  {
    calls: SYSTEM_V,
    answer: errno("ENOSYS"),
    why: "memory, queues and semaphores of any process of the user, by number; as on a kernel without them",
  },
];

const SIGNALLED = "a refusal by the kernel's rules is known exactly";

/** What runtimes send to threads of their own, often: Go's preemption, and those that libcs keep for themselves. */
const RUNTIMES = [SIGURG, SIGCANCEL, SIGSETXID, SIGSYNCCALL];

/** For the supervisor. */
export const JUDGED: readonly Row[] = [
  {
    calls: SYSTEM_V,
    answer: notify,
    why: "memory, queues and semaphores have numbers and no paths: those made in the sandbox are its own",
  },
  {
    calls: ["prlimit64"],
    when: all(ANOTHER, not(full64(2).is(0n))),
    answer: notify,
    why: "limits of the sandbox's processes only",
  },
  {
    calls: ["sched_setaffinity", "sched_setattr", "sched_setparam", "sched_setscheduler"],
    when: ANOTHER,
    answer: notify,
    why: "processors and scheduling of the sandbox's processes and threads only",
  },
  {
    calls: ["setpriority"],
    when: not(all(low32(0).in(PRIO_PROCESS), low32(1).in(SELF))),
    answer: notify,
    why: "priorities of the sandbox's processes and threads only",
  },
  {
    calls: ["ioprio_set"],
    when: not(all(low32(0).in(IOPRIO_WHO_PROCESS), low32(1).in(SELF))),
    answer: notify,
    why: "priorities of the sandbox's processes and threads only",
  },
  { calls: ["kill", "rt_sigqueueinfo", "pidfd_send_signal"], answer: notify, why: SIGNALLED },
  { calls: ["tkill"], when: not(low32(1).in(...RUNTIMES)), answer: notify, why: SIGNALLED },
  {
    calls: ["tgkill", "rt_tgsigqueueinfo"],
    when: not(low32(2).in(...RUNTIMES)),
    answer: notify,
    why: SIGNALLED,
  },
];
