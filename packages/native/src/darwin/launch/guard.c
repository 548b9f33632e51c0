/*
 * The guardian: stays outside of the sandbox, between nono and the command, so that the end of either is the end of
 * everything below. It leaves the terminal's foreground group, so that what the terminal sends reaches the command once.
 */
#include "guard.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/event.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "../../../include/status.h"

static const int relayed[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };

#define RELAYED (sizeof relayed / sizeof *relayed)
#define END_SIGNAL SIGALRM /* from nono: end the whole tree; the command may refuse what else it is sent */
#define PAUSE_NS 20000000  /* between two looks at what is left */

/* EVFILT_SIGNAL tells of blocked signals as well, so that nothing ends the guardian. */
static int signals_watch(int queue)
{
	struct kevent changes[RELAYED + 1];
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_SETMASK, &all, NULL))
		return -1;
	for (size_t i = 0; i < RELAYED; i++)
		EV_SET(&changes[i], (uintptr_t)relayed[i], EVFILT_SIGNAL, EV_ADD, 0, 0, NULL);
	EV_SET(&changes[RELAYED], END_SIGNAL, EVFILT_SIGNAL, EV_ADD, 0, 0, NULL);
	return kevent(queue, changes, RELAYED + 1, NULL, 0, NULL);
}

static int watch(const struct guardian *guardian, int subject, int16_t filter, uint16_t flags, uint32_t detail)
{
	struct kevent change;

	EV_SET(&change, (uintptr_t)subject, filter, EV_ADD | flags, detail, 0, NULL);
	return kevent(guardian->queue, &change, 1, NULL, 0, NULL);
}

/*
 * A pipe's writing end is ready at once; EV_CLEAR: and then only when its reader goes. A command that has ended already
 * cannot be watched any more, and is found by waitpid(2); a parent that has is the end of all.
 */
static int ends_watch(struct guardian *guardian, pid_t parent)
{
	if (watch(guardian, guardian->report, EVFILT_READ, 0, 0) ||
	    watch(guardian, guardian->status, EVFILT_WRITE, EV_CLEAR, 0))
		return -1;
	if (watch(guardian, guardian->command, EVFILT_PROC, 0, NOTE_EXIT) && errno != ESRCH)
		return -1;
	if (parent && watch(guardian, parent, EVFILT_PROC, 0, NOTE_EXIT)) {
		guardian->end = true;
		return errno == ESRCH ? 0 : -1;
	}
	return 0;
}

static int pipe_make(int ends[2])
{
	if (pipe(ends))
		return -1;
	return fcntl(ends[0], F_SETFD, FD_CLOEXEC) || fcntl(ends[1], F_SETFD, FD_CLOEXEC) ? -1 : 0;
}

/* A pipe that somebody reads to its end must not stay open in us. */
static int guardian_settle(const struct guardian *guardian)
{
	uint32_t keep[3] = { (uint32_t)guardian->status, (uint32_t)guardian->report, (uint32_t)guardian->queue };
	int null = open("/dev/null", O_RDWR);

	if (null < 0)
		return -1;
	for (int standard = 0; standard < 3; standard++)
		if (dup2(null, standard) < 0)
			return -1;
	return close_all_but(keep, 3);
}

/* The command's side of the fork: its failures go to the guardian. */
static int command_settle(const struct guardian *guardian, struct channels *channels, int report,
			  struct failure *failure)
{
	sigset_t none;

	close(guardian->status);
	close(guardian->report);
	channels->status = report;
	sigemptyset(&none);
	return sigprocmask(SIG_SETMASK, &none, NULL) ? failed(failure, STEP_GUARD, 0, errno) : 0;
}

pid_t guardian_fork(struct guardian *guardian, const struct plan *plan, struct channels *channels,
		    struct failure *failure)
{
	pid_t parent = (plan->flags & PLAN_DEATH_SIGNAL) ? (pid_t)plan->parent : 0;
	int report[2];

	*guardian = (struct guardian){
		.status = channels->status,
		.marker = plan->marker.bytes,
		.wait_status = SIGKILL, /* if nono ends first */
	};
	if (channels->spoken) /* a guardian needs somebody whose end it can see */
		return failed(failure, STEP_GUARD, 0, EINVAL);
	guardian->queue = kqueue();
	if (guardian->queue < 0 || signals_watch(guardian->queue) || pipe_make(report))
		return failed(failure, STEP_GUARD, 0, errno);
	guardian->report = report[0];
	guardian->command = fork();
	if (guardian->command < 0)
		return failed(failure, STEP_GUARD, 0, errno);
	if (guardian->command == 0)
		return command_settle(guardian, channels, report[1], failure);
	if (guardian_settle(guardian) || ends_watch(guardian, parent) || setpgid(0, 0)) {
		failed(failure, STEP_GUARD, 0, errno);
		kill(guardian->command, SIGKILL);
		return -1;
	}
	return guardian->command;
}

/* A reader that is gone is no failure of ours: what has to be done then does not depend on it. */
static void tell(const struct guardian *guardian, const struct status *status)
{
	(void)!write(guardian->status, status, sizeof *status);
}

/* One record: nothing was executed. End of file: execve(2) has closed the other end. */
static void report_read(struct guardian *guardian)
{
	struct status status;
	ssize_t count = read(guardian->report, &status, sizeof status);

	if (count < 0 && errno == EINTR)
		return;
	if (count != sizeof status)
		status = (struct status){ .kind = STATUS_STARTED, .value = guardian->command };
	tell(guardian, &status);
	guardian->failed = status.kind == STATUS_FAILED;
	close(guardian->report);
	guardian->report = -1;
}

static void command_reap(struct guardian *guardian)
{
	int wait_status;

	if (guardian->ended || waitpid(guardian->command, &wait_status, WNOHANG) != guardian->command)
		return;
	guardian->ended = true;
	guardian->wait_status = wait_status;
}

static void event_take(struct guardian *guardian, const struct kevent *event)
{
	switch (event->filter) {
	case EVFILT_READ:
		report_read(guardian);
		break;
	case EVFILT_WRITE:
		if (event->flags & EV_EOF)
			guardian->end = true;
		break;
	case EVFILT_PROC:
		if ((pid_t)event->ident != guardian->command)
			guardian->end = true;
		break;
	case EVFILT_SIGNAL:
		if (event->ident == END_SIGNAL)
			guardian->end = true;
		else if (!guardian->ended)
			kill(guardian->command, (int)event->ident);
		break;
	default:
		break;
	}
}

/* Of the command, or of nono, or because nono wants it. What the command reported before its end is told first. */
static void wait_for_end(struct guardian *guardian)
{
	struct kevent event;

	for (;;) {
		command_reap(guardian);
		if (guardian->end || (guardian->ended && guardian->report < 0))
			return;
		if (guardian->ended) {
			report_read(guardian);
			continue;
		}
		if (kevent(guardian->queue, NULL, 0, &event, 1, NULL) == 1)
			event_take(guardian, &event);
	}
}

/* However long it takes: until a look finds nobody. The command itself may not be in its sandbox yet. */
static void kill_all(struct guardian *guardian)
{
	const struct timespec pause = { .tv_nsec = PAUSE_NS };

	if (!guardian->ended)
		kill(guardian->command, SIGKILL);
	while (members_kill(guardian->marker) != 0) {
		command_reap(guardian);
		nanosleep(&pause, NULL);
	}
	if (!guardian->ended && waitpid(guardian->command, &guardian->wait_status, 0) < 0)
		guardian->wait_status = SIGKILL;
}

int guardian_watch(struct guardian *guardian)
{
	wait_for_end(guardian);
	kill_all(guardian);
	if (!guardian->failed)
		tell(guardian, &(struct status){ .kind = STATUS_EXITED, .value = guardian->wait_status });
	if (WIFSIGNALED(guardian->wait_status))
		return EXIT_SIGNAL_BASE + WTERMSIG(guardian->wait_status);
	return WEXITSTATUS(guardian->wait_status);
}
