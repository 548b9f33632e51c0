#include "launch.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A descriptor above the standard three, or -1: digits only, no sign, no zero in front, below a million. */
static int number_of(const char *text)
{
	int number = 0;

	if (text[0] == '0')
		return -1;
	for (int i = 0; text[i]; i++) {
		if (text[i] < '0' || text[i] > '9' || i == 6)
			return -1;
		number = number * 10 + (text[i] - '0');
	}
	return number > 2 ? number : -1;
}

static int close_on_exec(int descriptor)
{
	return fcntl(descriptor, F_SETFD, FD_CLOEXEC);
}

/*
 * A number, or where a person reads: a copy of stderr, or nowhere. Close-on-exec all the same; -1
 * when it cannot be had.
 */
static int status_open(const char *text, struct channels *channels)
{
	channels->spoken = true;
	if (!strcmp(text, "stderr"))
		return fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
	if (!strcmp(text, "quiet"))
		return open("/dev/null", O_WRONLY | O_CLOEXEC);
	channels->spoken = false;
	int status = number_of(text);

	return status < 0 || close_on_exec(status) ? -1 : status;
}

int channels_parse(int argc, char **argv, struct channels *channels, struct failure *failure)
{
	*channels = (struct channels){ .plan = -1, .status = -1, .listener = -1 };
	if (argc != 3 && argc != 4)
		return failed(failure, STEP_ARGUMENTS, 0, EINVAL);
	channels->plan = number_of(argv[1]);
	channels->status = status_open(argv[2], channels);
	if (channels->status < 0)
		return failed(failure, STEP_ARGUMENTS, 2, EBADF);
	if (channels->plan < 0 || channels->plan == channels->status || close_on_exec(channels->plan))
		return failed(failure, STEP_ARGUMENTS, 1, EBADF);
	if (argc == 3)
		return 0;
	channels->listener = number_of(argv[3]);
	if (channels->listener < 0 || channels->listener == channels->status || channels->listener == channels->plan ||
	    close_on_exec(channels->listener))
		return failed(failure, STEP_ARGUMENTS, 3, EBADF);
	return 0;
}
