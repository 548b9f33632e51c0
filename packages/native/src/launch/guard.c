/*
 * The guardian: stays outside of the sandbox, between nono and the command, so that the end of
 * either is the end of everything below. It holds no descriptor but its own, passes on the signals
 * that processes send, and reaps what the tree leaves.
 */
#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static const int relayed[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH, SIGCONT };

#define END_SIGNAL SIGALRM /* from nono: end the whole tree; the command may refuse what else it is sent */
#define REAP_MAX 1000 /* at a time: a tree that forks all the time ends as often */
#define ROUNDS_PER_WALK 16
#define PAUSE_MS 20 /* between rounds, if no child's end comes earlier */

static int signals_open(void)
{
	sigset_t all, wanted;

	/*
	 * All: the guardian must not die of SIGPIPE or stop with the job, or nobody would be left
	 * to kill it.
	 */
	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL))
		return -1;
	sigemptyset(&wanted);
	sigaddset(&wanted, SIGCHLD);
	sigaddset(&wanted, END_SIGNAL);
	for (size_t i = 0; i < sizeof relayed / sizeof *relayed; i++)
		sigaddset(&wanted, relayed[i]);
	return signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK);
}

/* Before the fork, while a failure can still be told: whatever the guardian will need later. */
static int guard_prepare(struct guard *guard, int report[2])
{
	if (guard->leads)
		terminal_remember(&guard->terminal);
	guard->null = open("/dev/null", O_RDWR | O_CLOEXEC);
	guard->processes = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	guard->signals = signals_open();
	if (guard->null < 0 || guard->processes < 0 || guard->signals < 0 || pipe2(report, O_CLOEXEC))
		return -1;
	return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
}

static int ascending(const void *left, const void *right)
{
	const uint32_t *a = left, *b = right;

	return (*a > *b) - (*a < *b);
}

/* A pipe that somebody reads to its end must not stay open in us. */
static int guard_settle(struct guard *guard)
{
	uint32_t keep[5] = { (uint32_t)guard->status, (uint32_t)guard->report, (uint32_t)guard->signals,
			     (uint32_t)guard->processes };
	uint32_t count = 4;

	for (int standard = 0; standard < 3; standard++)
		if (dup2(guard->null, standard) < 0)
			return -1;
	if (guard->terminal.descriptor >= 0)
		keep[count++] = (uint32_t)guard->terminal.descriptor;
	qsort(keep, count, sizeof *keep, ascending);
	return close_all_but(keep, count);
}

/* The command's side of the fork: its failures go to the guardian, and it ends with it. */
static int command_settle(struct guard *guard, const struct plan *plan, struct channels *channels, int report,
			  pid_t guardian, struct failure *failure)
{
	sigset_t none;

	channels->status = report;
	close(guard->status);
	close(guard->report);
	close(guard->null);
	close(guard->processes);
	close(guard->signals);
	if (guard->terminal.descriptor >= 0)
		close(guard->terminal.descriptor);
	if (guard->leads && job_enter(failure))
		return -1;
	sigemptyset(&none);
	if (sigprocmask(SIG_SETMASK, &none, NULL))
		return failed(failure, STEP_GUARD, 0, errno);
	return parent_bind(plan, guardian, failure);
}

pid_t guard_fork(struct guard *guard, const struct plan *plan, struct channels *channels, struct failure *failure)
{
	pid_t guardian = getpid();
	int report[2];

	*guard = (struct guard){
		.status = channels->status,
		.relay_terminal = plan->flags & PLAN_NEW_SESSION,
		.leads = plan->flags & PLAN_CONTROLLING_TTY,
		.terminal.descriptor = -1,
		.wait_status = SIGKILL, /* if nono ends first */
	};
	if (channels->spoken) /* a guardian needs somebody whose end it can see */
		return failed(failure, STEP_GUARD, 0, EINVAL);
	if (guard_prepare(guard, report))
		return failed(failure, STEP_GUARD, 0, errno);
	if (guard->leads && session_enter(plan, failure))
		return -1;
	guard->report = report[0];
	guard->command = fork();
	if (guard->command < 0)
		return failed(failure, STEP_GUARD, 0, errno);
	if (guard->command == 0)
		return command_settle(guard, plan, channels, report[1], guardian, failure);
	if (guard_settle(guard)) {
		failed(failure, STEP_GUARD, 0, errno);
		kill(guard->command, SIGKILL);
		return -1;
	}
	return guard->command;
}

/* A reader that is gone is no failure of ours: what has to be done then does not depend on it. */
static void tell(const struct guard *guard, const struct status *status)
{
	(void)!write(guard->status, status, sizeof *status);
}

/* One record: nothing was executed. End of file: execve(2) has closed the other end. */
static void report_read(struct guard *guard)
{
	struct status status;
	ssize_t count = read(guard->report, &status, sizeof status);

	if (count < 0 && errno == EINTR)
		return;
	if (count != sizeof status)
		status = (struct status){ .kind = STATUS_STARTED, .value = guard->command };
	tell(guard, &status);
	guard->failed = status.kind == STATUS_FAILED;
	close(guard->report);
	guard->report = -1; /* poll(2) passes over it */
}

/*
 * Who calls PTRACE_TRACEME is traced by its parent, and that is us where it asked for nobody else: it would stop at each
 * signal and wait for a debugger. It gets the signal that it stopped at, and is traced no more; only the SIGTRAP after
 * execve(2) was meant for the debugger. Nothing happens to one that has stopped in the ordinary way.
 */
static bool trace_end(pid_t pid, int signal)
{
	return !ptrace(PTRACE_DETACH, pid, NULL, (long)(signal == SIGTRAP ? 0 : signal));
}

/* What is to end it, and waits for it to go on: the stop is seen here as long as nobody else was told of it. */
static void command_wake(const struct guard *guard)
{
	siginfo_t stop = { 0 };

	if (waitid(P_PID, (id_t)guard->command, &stop, WSTOPPED | WNOHANG | WNOWAIT) || !stop.si_pid)
		return;
	if (!trace_end(guard->command, 0))
		kill(guard->command, SIGCONT);
}

static void signal_pass(const struct guard *guard, int number)
{
	if (number != SIGCONT)
		kill(guard->command, number);
	else if (guard->leads) /* otherwise the whole group gets it, as it was stopped */
		kill(-guard->command, SIGCONT);
}

static bool is_to_end(uint32_t number)
{
	return number == SIGTERM || number == SIGINT || number == SIGHUP || number == SIGQUIT;
}

/*
 * What the terminal sends (SI_KERNEL) has reached the command already, in the same foreground
 * group: twice would be wrong. In a session of its own it has not.
 */
static void signals_relay(struct guard *guard)
{
	struct signalfd_siginfo info;

	while (read(guard->signals, &info, sizeof info) == sizeof info) {
		bool from_process = info.ssi_code <= 0;

		if (info.ssi_signo == END_SIGNAL && from_process)
			guard->end = true;
		if (info.ssi_signo == SIGCHLD || info.ssi_signo == END_SIGNAL || guard->ended)
			continue;
		if (from_process || guard->relay_terminal)
			signal_pass(guard, (int)info.ssi_signo);
		if (is_to_end(info.ssi_signo))
			command_wake(guard);
	}
}

/* How many; -1 when there is no child left, and therefore, as orphans come to us, nothing below us. */
static int reap(struct guard *guard, int most)
{
	int wait_status, count, flags = WNOHANG | (guard->leads ? WUNTRACED : 0);
	pid_t pid = 0;

	for (count = 0; count < most && (pid = waitpid(-1, &wait_status, flags)) > 0; count++) {
		if (WIFSTOPPED(wait_status) && trace_end(pid, WSTOPSIG(wait_status)))
			continue;
		if (pid != guard->command)
			continue;
		if (WIFSTOPPED(wait_status)) {
			tell(guard, &(struct status){ .kind = STATUS_STOPPED, .value = WSTOPSIG(wait_status) });
			continue;
		}
		guard->ended = true;
		guard->wait_status = wait_status;
	}
	return pid < 0 ? -1 : count;
}

/*
 * However long it takes. Whoever loses its parent becomes our child, so killing our children again
 * and again ends every tree, level by level, and is quick enough for one that forks all the time;
 * the walk is for one that grows faster than it loses levels. Nobody's status is of interest any
 * more, so the kernel keeps none: a flood of them would leave us no time to kill.
 */
static void kill_all(struct guard *guard)
{
	const struct sigaction keep_none = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDWAIT };
	struct pollfd wake = { .fd = guard->signals, .events = POLLIN };

	guard->ended = true; /* as far as signals go: its number is free once it was killed */
	sigaction(SIGCHLD, &keep_none, NULL);
	for (unsigned int round = 1; reap(guard, INT_MAX) >= 0; round++) {
		if (round % ROUNDS_PER_WALK)
			children_kill(guard->processes);
		else
			tree_kill(guard->processes);
		poll(&wake, 1, PAUSE_MS);
		signals_relay(guard);
	}
}

/* Of the command, or of nono, or because nono wants it. */
static void wait_for_end(struct guard *guard)
{
	int reaped = 0;

	for (;;) {
		struct pollfd wake[] = {
			{ .fd = guard->report, .events = POLLIN },
			{ .fd = guard->signals, .events = POLLIN },
			{ .fd = guard->status }, /* POLLERR or POLLHUP: its reader has closed it */
		};

		/* one signal may stand for many ends: where they were too many, look again without it */
		if (poll(wake, 3, reaped == REAP_MAX ? 0 : -1) < 0)
			continue;
		if (wake[0].revents)
			report_read(guard);
		signals_relay(guard);
		reaped = reap(guard, REAP_MAX);
		if (guard->ended || guard->end || wake[2].revents)
			return;
	}
}

/* launch.h: until nono has read what the terminal still holds, or is gone itself. */
static void terminal_leave(struct guard *guard)
{
	struct pollfd reader = { .fd = guard->status };

	while (poll(&reader, 1, -1) <= 0)
		continue;
	terminal_restore(&guard->terminal);
}

int guard_watch(struct guard *guard)
{
	wait_for_end(guard);
	if (guard->leads && !guard->ended)
		terminal_restore(&guard->terminal);
	kill_all(guard);
	if (!guard->failed)
		tell(guard, &(struct status){ .kind = STATUS_EXITED, .value = guard->wait_status });
	if (guard->leads)
		terminal_leave(guard);
	if (WIFSIGNALED(guard->wait_status))
		return EXIT_SIGNAL_BASE + WTERMSIG(guard->wait_status);
	return WEXITSTATUS(guard->wait_status);
}
