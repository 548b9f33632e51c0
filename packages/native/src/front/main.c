/*
 * nono on Linux: says what the runtime beside it would only crash of, and becomes it. Static, so
 * that it speaks where the runtime's C library is not.
 */

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char RUNTIME[] = "nono-runtime";
static const char ENGINE_OPTIONS[] = "BUN_JSC_"; /* the beginning of each of their names */

/* The exit codes of packages/cli/src/exit-code.ts. */
enum { EXIT_REFUSED = 1, EXIT_UNSTARTABLE = 126 };

static _Noreturn __attribute__((format(printf, 2, 3))) void refuse(int code, const char *format, ...)
{
	char line[8192];
	va_list values;

	va_start(values, format);
	vsnprintf(line, sizeof line, format, values);
	va_end(values);
	/* A path may hold what a terminal obeys. */
	for (char *c = line; *c; c++)
		if (*c < ' ' || *c > '~')
			*c = '?';
	dprintf(STDERR_FILENO, "nono: %s\n", line);
	_exit(code);
}

static _Noreturn void unusable(const char *file, const char *reason)
{
	refuse(EXIT_UNSTARTABLE, "%s cannot be used (%s): install nono again", file, reason);
}

/* Of this executable, by its real path: links to it lie elsewhere. */
static void own_directory(char *directory, size_t size)
{
	ssize_t length = readlink("/proc/self/exe", directory, size - 1);

	if (length < 0 && errno != ENOENT)
		refuse(EXIT_REFUSED, "/proc/self/exe cannot be read (%s), so nono does not find its files", strerror(errno));
	if (length < 0)
		refuse(EXIT_REFUSED, "/proc is not mounted, without which processes cannot be told apart: "
				     "mount -t proc proc /proc, or start the container with it");
	directory[length] = '\0';
	*strrchr(directory, '/') = '\0';
}

/* The kernel starts a file whose end is missing, and kills it later. elf(5) */
static void check_whole(const char *file)
{
	Elf64_Ehdr header;
	struct stat stat;
	int descriptor = open(file, O_RDONLY | O_CLOEXEC);

	if (descriptor < 0 || fstat(descriptor, &stat) < 0)
		unusable(file, strerror(errno));
	if (read(descriptor, &header, sizeof header) != sizeof header || memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
		unusable(file, "it is no executable of Linux");
	/* The table of sections is the last thing in a file that a linker writes. */
	if (header.e_shoff + (Elf64_Off)header.e_shentsize * header.e_shnum > (Elf64_Off)stat.st_size)
		unusable(file, "its end is missing");
	close(descriptor);
}

/*
 * They set options of the runtime's JavaScript engine, one of which puts code from a file in the
 * place of nono's own. What a project sets must not steer what confines it.
 */
static void drop_engine_options(char **environment)
{
	char **kept = environment;

	for (char **one = environment; *one; one++)
		if (strncmp(*one, ENGINE_OPTIONS, sizeof ENGINE_OPTIONS - 1))
			*kept++ = *one;
	*kept = NULL;
}

int main(int argc, char **argv, char **environment)
{
	char directory[4096], file[sizeof directory + sizeof RUNTIME];

	(void)argc;
	own_directory(directory, sizeof directory);
	snprintf(file, sizeof file, "%s/%s", directory, RUNTIME);
	if (access(file, F_OK) < 0)
		refuse(EXIT_UNSTARTABLE, "%s is missing in %s: install nono again, with all its files in one directory",
		       RUNTIME, directory);
	check_whole(file);
	drop_engine_options(environment);
	execve(file, argv, environment);
	if (errno == ENOENT)
		refuse(EXIT_UNSTARTABLE,
		       "%s is for another C library than this system has: install nono for the other one, "
		       "glibc (gnu) or musl",
		       file);
	unusable(file, errno == ENOEXEC ? "it is made for another processor" :
		       errno == EACCES	? "it may not be executed" :
					  strerror(errno));
}
