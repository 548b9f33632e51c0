/*
 * Signals that a process sends to us, passed on to a process below, which nobody waits for as long as we live: its number
 * is its own. All state is static and atomic, as on Linux.
 */
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include "../../addon/addon.h"

static const int relayed[] = { SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGUSR1, SIGUSR2, SIGWINCH };

#define RELAYED (sizeof relayed / sizeof *relayed)

_Static_assert(RELAYED == RELAYED_SIGNALS, "one former action for each");

static atomic_int target;  /* 0: none yet */
static atomic_uint held;   /* bit n: signal n has come and not been passed on */
static atomic_bool all;    /* also what the terminal sends */

/* Whoever comes last, a handler or the one who sets the target, finds both. */
static void pass_on(void)
{
	int process = atomic_load(&target);
	unsigned int signals = process ? atomic_exchange(&held, 0) : 0;

	for (size_t i = 0; i < RELAYED; i++)
		if (signals >> relayed[i] & 1)
			kill(process, relayed[i]);
}

/* What the terminal sends has reached the whole foreground group already, and has no sender. */
static void receive(int number, siginfo_t *info, void *context)
{
	int error = errno;

	(void)context;
	if (info->si_pid != 0 || atomic_load(&all)) {
		atomic_fetch_or(&held, 1u << number);
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

	unsigned int signals = atomic_exchange(&held, 0);
	for (size_t i = 0; i < RELAYED; i++)
		if (signals >> relayed[i] & 1)
			kill(getpid(), relayed[i]);
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
	if (kill(pid, 0))
		return throw_errno(env, errno);
	relay_hold(&unused);
	atomic_store(&all, from_terminal);
	atomic_store(&target, pid);
	pass_on();
	return NULL;
}
