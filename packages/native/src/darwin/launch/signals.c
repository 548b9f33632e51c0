#include <signal.h>
#include <stddef.h>

#include "../../launch/launch.h"

/*
 * execve(2) resets handlers by itself but passes on what is ignored, and runtimes ignore some for their own reasons (Node:
 * SIGPIPE). HUP, INT and QUIT stay: nohup(1) and shells ignore them on purpose.
 */
void signals_reset(void)
{
	sigset_t none;

	for (int number = 1; number < NSIG; number++) {
		struct sigaction action;

		if (number == SIGHUP || number == SIGINT || number == SIGQUIT)
			continue;
		if (!sigaction(number, NULL, &action) && action.sa_handler == SIG_IGN)
			signal(number, SIG_DFL);
	}
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}
