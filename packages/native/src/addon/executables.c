/*
 * Directories of executables, which hold a thousand names: which of a few names are there, and by which
 * names an object is reached. They are looked into on a thread, beside JavaScript, which has other things
 * to do until it asks.
 */
#include "names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "addon.h"

/* Device and inode. */
struct object {
	uint64_t device, inode;
};

/* A link, and what it leads to. */
struct link {
	struct object object;
	char *name;
};

struct look {
	struct bytes directories, names; /* copies */
	uint32_t *present;               /* three numbers for each name that is there */
	size_t present_count;
	struct link *links;
	size_t link_count, link_room;
	int error;
	pthread_t thread;
	bool running;
};

/* Some file systems leave the kind of an entry open. */
static bool is_kind(int directory, const struct dirent64 *entry, bool link)
{
	struct stat stat;

	if (entry->d_type != DT_UNKNOWN)
		return entry->d_type == (link ? DT_LNK : DT_REG);
	return !fstatat(directory, entry->d_name, &stat, AT_SYMLINK_NOFOLLOW) &&
	       (link ? S_ISLNK(stat.st_mode) : S_ISREG(stat.st_mode));
}

/* Calls `note` with what each link, or else each file, of a directory leads to; stops at what is not 0. */
static int each_entry(const char *path, bool links, void *context,
		      int (*note)(void *context, const char *name, const struct stat *stat))
{
	_Alignas(struct dirent64) char buffer[32768];
	int directory = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int noted = 0;
	ssize_t length;

	if (directory < 0)
		return 0;
	while (!noted && (length = getdents64(directory, (void *)buffer, sizeof buffer)) > 0) {
		for (ssize_t at = 0; !noted && at < length;) {
			const struct dirent64 *entry = (const struct dirent64 *)(buffer + at);
			struct stat stat;

			if (is_kind(directory, entry, links) &&
			    !fstatat(directory, entry->d_name, &stat, AT_NO_AUTOMOUNT))
				noted = note(context, entry->d_name, &stat);
			at += entry->d_reclen;
		}
	}
	close(directory);
	return noted;
}

static int note_link(void *context, const char *name, const struct stat *stat)
{
	struct look *look = context;

	if (look->link_count == look->link_room) {
		size_t room = look->link_room ? 2 * look->link_room : 512;
		struct link *links = realloc(look->links, room * sizeof *links);

		if (!links)
			return ENOMEM;
		look->links = links;
		look->link_room = room;
	}
	struct link *link = &look->links[look->link_count];

	link->object = (struct object){ .device = stat->st_dev, .inode = stat->st_ino };
	link->name = strdup(name);
	if (!link->name)
		return ENOMEM;
	look->link_count++;
	return 0;
}

static void look_for_names(struct look *look, uint32_t number, const char *path)
{
	int directory = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	uint32_t asked = 0;

	if (directory < 0)
		return;
	EACH_NAME(&look->names, name) {
		uint8_t kind = kind_of(directory, name);

		if (kind) {
			look->present[look->present_count++] = number;
			look->present[look->present_count++] = asked;
			look->present[look->present_count++] = kind;
		}
		asked++;
	}
	close(directory);
}

/* Nothing of JavaScript's. */
static void *look_into_all(void *data)
{
	struct look *look = data;
	uint32_t number = 0;

	EACH_NAME(&look->directories, path) {
		look_for_names(look, number++, path);
		if (!look->error)
			look->error = each_entry(path, true, look, note_link);
	}
	return NULL;
}

static void look_end(struct look *look)
{
	if (look->running)
		pthread_join(look->thread, NULL);
	look->running = false;
}

static void look_free(napi_env env, void *data, void *hint)
{
	struct look *look = data;

	(void)env;
	(void)hint;
	look_end(look);
	for (size_t i = 0; i < look->link_count; i++)
		free(look->links[i].name);
	free(look->links);
	free(look->present);
	free((void *)look->directories.start);
	free((void *)look->names.start);
	free(look);
}

static bool copy(struct bytes *into, const struct bytes *from)
{
	uint8_t *start = malloc(from->length + 1);

	if (!start)
		return false;
	*into = (struct bytes){ .start = memcpy(start, from->start, from->length), .length = from->length };
	return true;
}

/* A signal is for the threads of JavaScript. Where there can be no further thread the work is done at once. */
static void look_begin(struct look *look)
{
	sigset_t all, before;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	look->running = !pthread_create(&look->thread, NULL, look_into_all, look);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!look->running)
		look_into_all(look);
}

/* (directories, names): a look that has begun, for those below */
napi_value executables_look(napi_env env, napi_callback_info info)
{
	napi_value arguments[2], result;
	struct bytes directories, names;

	if (!take_arguments(env, info, 2, arguments) || !take_names(env, arguments[0], &directories) ||
	    !take_names(env, arguments[1], &names))
		return NULL;
	struct look *look = calloc(1, sizeof *look);

	if (!look)
		return throw_errno(env, ENOMEM);
	look->present = malloc(names_count(&directories) * names_count(&names) * 3 * sizeof *look->present + 1);
	if (!look->present || !copy(&look->directories, &directories) || !copy(&look->names, &names) ||
	    napi_create_external(env, look, look_free, NULL, &result) != napi_ok) {
		look_free(env, look, NULL);
		return throw_errno(env, ENOMEM);
	}
	look_begin(look);
	return result;
}

/* What was found; NULL with an exception. */
static struct look *take_look(napi_env env, napi_value value)
{
	void *data;

	if (napi_get_value_external(env, value, &data) != napi_ok) {
		napi_throw_type_error(env, NULL, "no look at executables");
		return NULL;
	}
	look_end(data);
	if (!((struct look *)data)->error)
		return data;
	throw_errno(env, ((struct look *)data)->error);
	return NULL;
}

/* (look): of each name that is in a directory: both their numbers, and what it is */
napi_value names_present(napi_env env, napi_callback_info info)
{
	napi_value argument, result;

	if (!take_arguments(env, info, 1, &argument))
		return NULL;
	struct look *look = take_look(env, argument);

	if (!look)
		return NULL;
	napi_create_buffer_copy(env, look->present_count * sizeof *look->present, look->present, NULL, &result);
	return result;
}

/* What is asked for, and what was found of it: numbers of objects and names in turn. */
struct search {
	napi_env env;
	napi_value found;
	const struct object *objects;
	size_t count;
};

static void match(const struct search *search, const struct object *object, const char *text)
{
	napi_env env = search->env;
	uint32_t length;
	napi_value number, name;

	for (size_t i = 0; i < search->count; i++) {
		if (search->objects[i].device != object->device || search->objects[i].inode != object->inode)
			continue;
		napi_create_uint32(env, (uint32_t)i, &number);
		napi_create_buffer_copy(env, strlen(text), text, NULL, &name);
		napi_get_array_length(env, search->found, &length);
		napi_set_element(env, search->found, length, number);
		napi_set_element(env, search->found, length + 1, name);
	}
}

static int match_file(void *context, const char *name, const struct stat *stat)
{
	match(context, &(struct object){ .device = stat->st_dev, .inode = stat->st_ino }, name);
	return 0;
}

static void search_in(struct search *search, const struct look *look, bool links)
{
	if (links) {
		for (size_t i = 0; i < look->link_count; i++)
			match(search, &look->links[i].object, look->links[i].name);
		return;
	}
	EACH_NAME(&look->directories, path)
		each_entry(path, false, search, match_file);
}

/*
 * (look, links, objects: device u64, inode u64 each): by which links, or else by which files, of the
 * directories they are reached, as a list of numbers and names in turn
 */
napi_value names_behind(napi_env env, napi_callback_info info)
{
	napi_value arguments[3];
	struct bytes bytes;
	struct search search = { .env = env };
	bool links;

	if (!take_arguments(env, info, 3, arguments) || !take_bool(env, arguments[1], &links) ||
	    !take_bytes(env, arguments[2], &bytes))
		return NULL;
	struct look *look = take_look(env, arguments[0]);

	if (!look)
		return NULL;
	struct object *objects = malloc(bytes.length + 1); /* aligned */

	if (!objects)
		return throw_errno(env, ENOMEM);
	search.objects = memcpy(objects, bytes.start, bytes.length);
	search.count = bytes.length / sizeof *objects;
	napi_create_array(env, &search.found);
	search_in(&search, look, links);
	free(objects);
	return search.found;
}
