/*
 * Tries to read and to write every path of its standard input, one a line, and says of each whether it could:
 * `r-`, `-w`, `rw` or `--`. What goes wrong for another reason than a refusal ends it.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int refused(const char *path)
{
	if (errno == EACCES)
		return 0;
	fprintf(stderr, "%s: %s\n", path, strerror(errno));
	exit(1);
}

static int can_create(const char *path)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	if (file < 0)
		return refused(path);
	close(file);
	return unlink(path) == 0 ? 1 : refused(path);
}

static int can_read(const char *path, int exists)
{
	int file = open(path, O_RDONLY | O_CLOEXEC);
	if (file < 0 && !exists && errno == ENOENT)
		return -1; /* nothing to refuse */
	if (file < 0)
		return refused(path);
	close(file);
	return 1;
}

static int can_write(const char *path, int exists, int directory)
{
	if (!exists)
		return can_create(path);
	if (directory) {
		char *name = NULL;
		if (asprintf(&name, "%s/attempt", path) < 0)
			exit(1);
		int can = can_create(name);
		free(name);
		return can;
	}
	int file = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC);
	if (file < 0)
		return refused(path);
	close(file);
	return 1;
}

int main(void)
{
	char path[4096];
	while (fgets(path, sizeof path, stdin)) {
		path[strcspn(path, "\n")] = 0;
		struct stat stat_of;
		int exists = stat(path, &stat_of) == 0;
		int read = can_read(path, exists);
		int write = can_write(path, exists, exists && S_ISDIR(stat_of.st_mode));
		printf("%c%c\n", read < 0 ? '?' : read ? 'r' : '-', write ? 'w' : '-');
	}
	return 0;
}
