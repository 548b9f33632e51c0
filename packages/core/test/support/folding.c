/*
 * A file system in memory whose names mean the same in upper and lower case, as those of Windows and macOS do where they are
 * mounted into Linux: folding DIRECTORY mounts it there (root only), says "ready", and serves it until its input ends.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define FILES_MAX 64
#define SIZE_MAX_OF_FILE 4096

/* The number in the array is the inode; the first is not used, and the second the root. */
static struct file {
	char name[64]; /* empty: none */
	unsigned int parent, mode, size;
	char content[SIZE_MAX_OF_FILE];
} files[FILES_MAX] = { [FUSE_ROOT_ID] = { .name = "/", .mode = S_IFDIR | 0777 } };

static int device;

static unsigned int find(unsigned long parent, const char *name)
{
	for (unsigned int i = FUSE_ROOT_ID + 1; i < FILES_MAX; i++)
		if (files[i].parent == parent && files[i].name[0] && !strcasecmp(files[i].name, name))
			return i;
	return 0;
}

static unsigned int make(unsigned long parent, const char *name, unsigned int mode)
{
	for (unsigned int i = FUSE_ROOT_ID + 1; i < FILES_MAX; i++)
		if (!files[i].name[0]) {
			files[i] = (struct file){ .parent = (unsigned int)parent, .mode = mode };
			strncat(files[i].name, name, sizeof files[i].name - 1);
			return i;
		}
	return 0;
}

static void answer(const struct fuse_in_header *in, int error, const void *body, size_t length)
{
	struct fuse_out_header out = { .len = (unsigned int)(sizeof out + length), .error = -error, .unique = in->unique };
	struct iovec parts[] = { { &out, sizeof out }, { (void *)body, length } };

	if (writev(device, parts, 2) < 0 && errno != ENOENT)
		perror("answer");
}

static struct fuse_attr attributes(unsigned long number)
{
	const struct file *file = &files[number];

	return (struct fuse_attr){ .ino = number, .size = file->size, .mode = file->mode, .nlink = 1, .blksize = 512 };
}

static struct fuse_entry_out entry(unsigned long number)
{
	return (struct fuse_entry_out){ .nodeid = number, .attr = attributes(number) };
}

static void list(const struct fuse_in_header *in, const struct fuse_read_in *read)
{
	_Alignas(8) char buffer[8192] = { 0 };
	size_t length = 0;

	for (unsigned int i = FUSE_ROOT_ID + 1; i < FILES_MAX; i++) {
		struct fuse_dirent *one = (struct fuse_dirent *)(buffer + length);

		if (!files[i].name[0] || files[i].parent != in->nodeid || i < read->offset)
			continue;
		*one = (struct fuse_dirent){ .ino = i, .off = i + 1, .namelen = (unsigned int)strlen(files[i].name), .type = files[i].mode >> 12 };
		memcpy(one->name, files[i].name, one->namelen);
		length += FUSE_DIRENT_SIZE(one);
	}
	answer(in, 0, buffer, length < read->size ? length : read->size);
}

static void move(const struct fuse_in_header *in, unsigned long directory, const char *from)
{
	unsigned int file = find(in->nodeid, from), over = find(directory, from + strlen(from) + 1);

	if (!file) {
		answer(in, ENOENT, NULL, 0);
		return;
	}
	if (over && over != file)
		files[over].name[0] = 0;
	files[file].parent = (unsigned int)directory;
	files[file].name[0] = 0;
	strncat(files[file].name, from + strlen(from) + 1, sizeof files[file].name - 1);
	answer(in, 0, NULL, 0);
}

static void serve(const struct fuse_in_header *in, const char *body)
{
	struct { struct fuse_entry_out entry; struct fuse_open_out open; } created = { 0 };
	struct file *file = &files[in->nodeid < FILES_MAX ? in->nodeid : 0];
	struct fuse_attr_out attr = { .attr = attributes(in->nodeid < FILES_MAX ? in->nodeid : 0) };
	struct fuse_entry_out found;
	unsigned int number;

	switch (in->opcode) {
	case FUSE_INIT:
		answer(in, 0, &(struct fuse_init_out){ .major = FUSE_KERNEL_VERSION, .minor = 31, .max_write = SIZE_MAX_OF_FILE,
						       .max_readahead = SIZE_MAX_OF_FILE }, sizeof(struct fuse_init_out));
		return;
	case FUSE_LOOKUP:
		number = find(in->nodeid, body);
		found = entry(number);
		answer(in, number ? 0 : ENOENT, &found, number ? sizeof found : 0);
		return;
	case FUSE_GETATTR:
		answer(in, 0, &attr, sizeof attr);
		return;
	case FUSE_SETATTR:
		if (((const struct fuse_setattr_in *)body)->valid & FATTR_SIZE)
			file->size = 0;
		attr.attr = attributes(in->nodeid);
		answer(in, 0, &attr, sizeof attr);
		return;
	case FUSE_OPEN:
	case FUSE_OPENDIR:
		answer(in, 0, &created.open, sizeof created.open);
		return;
	case FUSE_READ:
		answer(in, 0, file->content, file->size);
		return;
	case FUSE_WRITE: {
		const struct fuse_write_in *write = (const struct fuse_write_in *)body;
		struct fuse_write_out written = { .size = write->size };

		memcpy(file->content + write->offset % SIZE_MAX_OF_FILE, body + sizeof *write, write->size);
		file->size = (unsigned int)write->offset + write->size;
		answer(in, 0, &written, sizeof written);
		return;
	}
	case FUSE_READDIR:
		list(in, (const struct fuse_read_in *)body);
		return;
	case FUSE_MKDIR:
		found = entry(make(in->nodeid, body + sizeof(struct fuse_mkdir_in), S_IFDIR | 0777));
		answer(in, 0, &found, sizeof found);
		return;
	case FUSE_CREATE:
		created.entry = entry(make(in->nodeid, body + sizeof(struct fuse_create_in), S_IFREG | 0666));
		answer(in, 0, &created, sizeof created);
		return;
	case FUSE_UNLINK:
	case FUSE_RMDIR:
		number = find(in->nodeid, body);
		files[number].name[0] = 0;
		answer(in, number ? 0 : ENOENT, NULL, 0);
		return;
	case FUSE_RENAME:
		move(in, ((const struct fuse_rename_in *)body)->newdir, body + sizeof(struct fuse_rename_in));
		return;
	case FUSE_RENAME2:
		move(in, ((const struct fuse_rename2_in *)body)->newdir, body + sizeof(struct fuse_rename2_in));
		return;
	case FUSE_FORGET:
	case FUSE_BATCH_FORGET:
		return; /* these are not answered */
	case FUSE_RELEASE:
	case FUSE_RELEASEDIR:
	case FUSE_FLUSH:
		answer(in, 0, NULL, 0);
		return;
	case FUSE_STATFS:
		answer(in, 0, &(struct fuse_statfs_out){ .st = { .namelen = 60, .bsize = 512 } }, sizeof(struct fuse_statfs_out));
		return;
	default:
		answer(in, ENOSYS, NULL, 0);
	}
}

int main(int argc, char **argv)
{
	static _Alignas(8) char request[1 << 17];
	char options[96];

	device = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	snprintf(options, sizeof options, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other", device);
	if (argc != 2 || device < 0 || mount("folding", argv[1], "fuse", MS_NOSUID | MS_NODEV, options)) {
		perror("folding");
		return 1;
	}
	puts("ready");
	fflush(stdout);
	struct pollfd wait[] = { { .fd = device, .events = POLLIN }, { .fd = 0, .events = POLLIN } };
	while (poll(wait, 2, -1) > 0 && !wait[1].revents) {
		ssize_t length = read(device, request, sizeof request);

		if (length < (ssize_t)sizeof(struct fuse_in_header))
			break;
		serve((const struct fuse_in_header *)request, request + sizeof(struct fuse_in_header));
	}
	return umount2(argv[1], MNT_DETACH) != 0;
}
