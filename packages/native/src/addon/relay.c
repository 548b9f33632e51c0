/*
 * Signals that a process sends to us, passed on to a process below. All state is static and atomic:
 * a handler is given nothing of ours, any thread may run it, and the disposition of a signal
 * belongs to the process, not to an environment.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "../../include/kernel.h"

static const int relayed[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };

#define RELAYED (sizeof relayed / sizeof *relayed)

_Static_assert(RELAYED == RELAYED_SIGNALS, "one former action for each");

static atomic_int target = -1; /* pidfd: a number that is used anew never gets a signal */
static atomic_ullong held;     /* bit n: signal n has come and not been passed on */
static atomic_bool all;        /* the target is in a session of its own: the terminal has not told it */

/* Whoever comes last, a handler or the one who sets the target, finds both. */
static void pass_on(void)
{
	int process = atomic_load(&target);
	unsigned long long signals = process < 0 ? 0 : atomic_exchange(&held, 0);

	for (size_t i = 0; i < RELAYED; i++)
		if (signals >> relayed[i] & 1)
			syscall(SYS_pidfd_send_signal, process, relayed[i], NULL, 0);
}

/* What the terminal sends (SI_KERNEL) has reached the whole foreground group already. */
static void receive(int number, siginfo_t *info, void *context)
{
	int error = errno;

	(void)context;
	if (info->si_code <= 0 || atomic_load(&all)) {
		atomic_fetch_or(&held, 1ull << number);
		pass_on();
	}
	errno = error;
}

void relay_hold(struct relay_before *before)
{
	struct sigaction action = { .sa_sigaction = receive, .sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK };

	sigfillset(&action.sa_mask);
	for (size_t i = 0; i < RELAYED; i++)
		sigaction(relayed[i], &action, &before->actions[i]);
}

void relay_release(const struct relay_before *before)
{
	for (size_t i = 0; i < RELAYED; i++)
		sigaction(relayed[i], &before->actions[i], NULL);

	unsigned long long signals = atomic_exchange(&held, 0);
	for (size_t i = 0; i < RELAYED; i++)
		if (signals >> relayed[i] & 1)
			kill(getpid(), relayed[i]);
}

/*
 * A second target takes the descriptor of the first: a handler that has just read its number must
 * not find another file.
 */
static void target_set(int process)
{
	int before = atomic_load(&target);

	if (before < 0) {
		atomic_store(&target, process);
		return;
	}
	dup3(process, before, O_CLOEXEC);
	close(process);
}

napi_value signals_relay(napi_env env, napi_callback_info info)
{
	struct relay_before unused;
	napi_value arguments[2];
	bool from_terminal;
	int32_t pid;

	if (!take_arguments(env, info, 2, arguments) || !take_int(env, arguments[0], &pid) ||
	    !take_bool(env, arguments[1], &from_terminal))
		return NULL;
	int process = (int)syscall(SYS_pidfd_open, pid, 0);
	if (process < 0)
		return throw_errno(env, errno);
	relay_hold(&unused);
	atomic_store(&all, from_terminal);
	target_set(process);
	pass_on();
	return NULL;
}
