/*
 * How nono-launch is called.
 *
 *   nono-launch PLAN_FD STATUS_FD [LISTENER_FD]
 *
 * Decimal numbers of inherited descriptors, each at least 3 and none twice. The environment is not
 * looked at.
 *
 *   PLAN_FD      a file (memfd) that holds a plan (plan.h) from offset 0 to its end
 *   STATUS_FD    a pipe or socket for writing; takes records of status.h. With PLAN_GUARD the end
 *                of its reader is the end of the session: everything below the guardian is killed.
 *                Or, for a process that was replaced and has nobody to report to: `stderr`
 *                (failures become a line of text there) or `quiet` (nowhere); not with PLAN_GUARD
 *   LISTENER_FD  a connected unix stream socket, needed where the plan has FILTER_LISTENER
 *
 * The listener is not sent with sendmsg(2), which the filter may trap before anyone listens. Instead
 *
 *   launcher     write(2): the number of the listener's descriptor in the launcher, int32
 *   supervisor   fetches it with pidfd_getfd(2), answers with one byte of any value
 *   launcher     read(2): the byte; end of file is a failure. Closes its copy and goes on to
 *                execve(2), which the supervisor may have to answer already
 *
 * Whoever has closed the socket ends the launcher by SIGPIPE. Under PLAN_GUARD the launcher that
 * writes is a child of the process that was started: a supervisor learns its pid from the message
 * itself, with SO_PASSCRED (or SO_PASSPIDFD) set on its end.
 *
 * PLAN_GUARD and PLAN_CONTROLLING_TTY together: the guardian leads the new session and the command
 * is a job in it, as under a shell, so that it can be stopped and continued. The guardian then
 * waits, after the last record, for the end of the reader, because its own end throws away what the
 * terminal has not passed on; and where the reader ends without a word, it gives the terminal that
 * the reader was on, if that was left raw, the modes that the command's terminal had at the start.
 *
 * Of the standard descriptors one that is closed becomes /dev/null, and one that does not block
 * blocks afterwards. Ignored signals become default, but SIGHUP, SIGINT and SIGQUIT, which nohup(1)
 * and shells ignore on purpose.
 *
 * Exit code: 126 when something failed before execve(2), 127 when execve(2) failed; a guardian
 * gives that of the command, or 128 + the signal that ended it.
 */
#ifndef NONO_LAUNCH_H
#define NONO_LAUNCH_H

#define EXIT_NOT_STARTED 126
#define EXIT_NOT_EXECUTED 127
#define EXIT_SIGNAL_BASE 128

#endif
