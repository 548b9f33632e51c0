/*
 * Terminals: a pseudo-terminal for the command, and the modes of the real one. Modes go to JavaScript as the bytes of struct
 * termios, which only the functions below look into.
 */
#include "addon.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#ifndef TIOCGPTPEER
#define TIOCGPTPEER _IO('T', 0x41) /* Linux 4.13; the slave without its name, whatever is mounted at /dev/pts */
#endif

/* The master never blocks; the slave does, as programs expect. */
static int pair_open(int *master, int *slave, char *name, size_t size)
{
	*master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	if (*master < 0)
		return errno;
	if (!grantpt(*master) && !unlockpt(*master) && !ptsname_r(*master, name, size)) {
		*slave = ioctl(*master, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
		if (*slave >= 0)
			return 0;
	}

	int error = errno;
	close(*master);
	return error;
}

/* () */
napi_value terminal_open(napi_env env, napi_callback_info info)
{
	int master, slave = -1;
	napi_value result, text;
	char name[64];

	(void)info;
	int error = pair_open(&master, &slave, name, sizeof name);
	if (error)
		return throw_errno(env, error);
	napi_create_object(env, &result);
	set_int(env, result, "master", master);
	set_int(env, result, "slave", slave);
	napi_create_string_utf8(env, name, NAPI_AUTO_LENGTH, &text);
	napi_set_named_property(env, result, "name", text);
	return result;
}

static napi_value modes_give(napi_env env, const struct termios *modes)
{
	napi_value result;

	napi_create_buffer_copy(env, sizeof *modes, modes, NULL, &result);
	return result;
}

static bool modes_take(napi_env env, napi_value value, struct termios *modes)
{
	struct bytes bytes;

	if (!take_bytes(env, value, &bytes))
		return false;
	if (bytes.length != sizeof *modes) {
		napi_throw_type_error(env, NULL, "not the modes of a terminal");
		return false;
	}
	memcpy(modes, bytes.start, sizeof *modes);
	return true;
}

/* (descriptor) */
napi_value terminal_modes(napi_env env, napi_callback_info info)
{
	struct termios modes;
	napi_value argument;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	memset(&modes, 0, sizeof modes); /* what lies between its members is compared, too */
	return tcgetattr(descriptor, &modes) ? throw_errno(env, errno) : modes_give(env, &modes);
}

/* (descriptor, modes). At once: waiting for output would wait for a person who has stopped it. */
napi_value terminal_set_modes(napi_env env, napi_callback_info info)
{
	napi_value arguments[2];
	struct termios modes;
	int32_t descriptor;

	if (!take_arguments(env, info, 2, arguments) || !take_int(env, arguments[0], &descriptor) ||
	    !modes_take(env, arguments[1], &modes))
		return NULL;
	return tcsetattr(descriptor, TCSANOW, &modes) ? throw_errno(env, errno) : NULL;
}

/* (modes): the same without any processing by the terminal */
napi_value terminal_raw_modes(napi_env env, napi_callback_info info)
{
	struct termios modes;
	napi_value argument;

	if (!take_arguments(env, info, 1, &argument) || !modes_take(env, argument, &modes))
		return NULL;
	cfmakeraw(&modes);
	return modes_give(env, &modes);
}

/* (descriptor) */
napi_value terminal_size(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	struct winsize size;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	if (ioctl(descriptor, TIOCGWINSZ, &size))
		return throw_errno(env, errno);
	napi_create_object(env, &result);
	set_int(env, result, "rows", size.ws_row);
	set_int(env, result, "columns", size.ws_col);
	set_int(env, result, "height", size.ws_ypixel);
	set_int(env, result, "width", size.ws_xpixel);
	return result;
}

static bool take_short(napi_env env, napi_value value, unsigned short *number)
{
	int32_t wide;

	if (!take_int(env, value, &wide))
		return false;
	if (wide < 0 || wide > 0xffff) {
		napi_throw_range_error(env, NULL, "not a 16-bit number");
		return false;
	}
	*number = (unsigned short)wide;
	return true;
}

/* (descriptor, rows, columns, height, width): the kernel tells the foreground group, if it is another size */
napi_value terminal_resize(napi_env env, napi_callback_info info)
{
	napi_value arguments[5];
	struct winsize size;
	int32_t descriptor;

	if (!take_arguments(env, info, 5, arguments) || !take_int(env, arguments[0], &descriptor) ||
	    !take_short(env, arguments[1], &size.ws_row) || !take_short(env, arguments[2], &size.ws_col) ||
	    !take_short(env, arguments[3], &size.ws_ypixel) || !take_short(env, arguments[4], &size.ws_xpixel))
		return NULL;
	return ioctl(descriptor, TIOCSWINSZ, &size) ? throw_errno(env, errno) : NULL;
}

/* (descriptor): whether our group is the foreground one; null if it is not the controlling terminal of this process */
napi_value terminal_foreground(napi_env env, napi_callback_info info)
{
	napi_value argument, result;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	pid_t foreground = tcgetpgrp(descriptor);
	if (foreground < 0)
		napi_get_null(env, &result);
	else
		napi_get_boolean(env, foreground == getpgrp(), &result);
	return result;
}

/*
 * (descriptor): the terminal may have been left so that it stops whoever writes to it from outside the foreground (TOSTOP),
 * with a group in the foreground that is not there any more.
 */
napi_value terminal_take_back(napi_env env, napi_callback_info info)
{
	napi_value argument;
	int32_t descriptor;

	if (!take_arguments(env, info, 1, &argument) || !take_int(env, argument, &descriptor))
		return NULL;
	signal(SIGTTOU, SIG_IGN);
	pid_t foreground = tcgetpgrp(descriptor);
	if (foreground > 1 && kill(-foreground, 0) && errno == ESRCH)
		tcsetpgrp(descriptor, getpgrp());
	return NULL;
}
