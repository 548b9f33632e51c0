/* A file that is shown in the place of another: what a program reads under one name. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "worker.h"

#define SHOWN_TO (O_CREAT | O_TRUNC | O_DIRECTORY | O_PATH | O_ACCMODE) /* to none that sets one of these */

struct stand_in {
	int file;
	char path[];
};

int supervisor_stand_in(struct supervisor *supervisor, const char *path, int file)
{
	struct stand_in *none = NULL, *made = malloc(sizeof *made + strlen(path) + 1);

	if (!made)
		return ENOMEM;
	strcpy(made->path, path);
	made->file = fcntl(file, F_DUPFD_CLOEXEC, 0);
	int error = made->file < 0 ? errno : 0;
	if (!error && !atomic_compare_exchange_strong(&supervisor->stand_in, &none, made))
		error = EEXIST;
	if (error && made->file >= 0)
		close(made->file);
	if (error)
		free(made);
	return error;
}

void stand_in_free(struct supervisor *supervisor)
{
	struct stand_in *made = supervisor->stand_in;

	if (made)
		close(made->file);
	free(made);
}

bool has_stand_in(struct supervisor *supervisor, const struct request *request, const char *path)
{
	const struct stand_in *made = supervisor->stand_in;

	return made && !request->resolve && !(request->flags & SHOWN_TO) && !strcmp(path, made->path);
}

long open_stand_in(struct supervisor *supervisor, struct request *request)
{
	const struct stand_in *made = supervisor->stand_in;

	request->result = open(fd_path(made->file).text, O_RDONLY | O_CLOEXEC);
	return request->result < 0 ? PERFORMED_NATIVE : 0;
}
