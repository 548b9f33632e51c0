#include "launch.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/*
 * Before a new session is entered: the controlling terminal is still nono's. The command's own
 * terminal, among the standard descriptors, has got its modes from there, and they are looked at
 * here because that one may be raw already.
 */
void terminal_remember(struct terminal *terminal)
{
	terminal->descriptor = open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
	for (int standard = 0; standard < 3; standard++)
		if (!tcgetattr(standard, &terminal->modes))
			return;
	if (terminal->descriptor >= 0)
		close(terminal->descriptor);
	terminal->descriptor = -1;
}

/* Only from exactly what nono has made of them: a shell that has taken the terminal back has its own. */
void terminal_restore(const struct terminal *terminal)
{
	struct termios raw = terminal->modes, current;

	if (terminal->descriptor < 0 || tcgetattr(terminal->descriptor, &current))
		return;
	cfmakeraw(&raw);
	if (current.c_iflag == raw.c_iflag && current.c_oflag == raw.c_oflag && current.c_cflag == raw.c_cflag &&
	    current.c_lflag == raw.c_lflag && !memcmp(current.c_cc, raw.c_cc, sizeof raw.c_cc))
		tcsetattr(terminal->descriptor, TCSANOW, &terminal->modes);
}
