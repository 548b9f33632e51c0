#include "launch.h"

#include <signal.h>
#include <unistd.h>

#include "../../include/kernel.h"

/*
 * execve(2) resets handlers by itself but passes on what is ignored, and runtimes ignore some for
 * their own reasons (Node: SIGPIPE). HUP, INT and QUIT stay: nohup(1), and shells for what they
 * start in the background, ignore them on purpose. Raw calls, because libc hides the signals that
 * it keeps for itself.
 */
void signals_reset(void)
{
	static const struct kernel_sigaction by_default;
	static const uint64_t none;

	for (int number = 1; number <= 64; number++) {
		struct kernel_sigaction action;

		if (number == SIGHUP || number == SIGINT || number == SIGQUIT)
			continue;
		if (!syscall(SYS_rt_sigaction, number, NULL, &action, sizeof none) && action.handler == SIG_IGN)
			syscall(SYS_rt_sigaction, number, &by_default, NULL, sizeof none);
	}
	syscall(SYS_rt_sigprocmask, SIG_SETMASK, &none, NULL, sizeof none);
}
