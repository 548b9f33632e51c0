#include "folding.h"

#include <fcntl.h>
#include <linux/fs.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "../../include/kernel.h"

#define NAME_ROOM 256 /* NAME_MAX and one */
#define STANDS_FOR 3  /* characters, at most: U+FB03 for "ffi" */

/* linux/magic.h, as far as headers have them: file systems that never fold, and those that say it of each directory. */
static const unsigned int exact[] = {
	0x58465342, /* XFS */
	0x9123683e, /* Btrfs */
	0x858458f6, /* ramfs */
	0x73717368, /* SquashFS */
	0xe0f5e1e2, /* EROFS */
	0x9fa0,	    /* proc */
	0x62656572, /* sysfs */
	0x63677270, /* cgroup2 */
	0x1cd1,	    /* devpts */
};
static const unsigned int telling[] = {
	0xef53,	    /* ext4 */
	0xf2f52010, /* F2FS */
	0x01021994, /* tmpfs */
	0x794c7630, /* overlay */
	0xca451a4e, /* bcachefs */
};

static bool is_among(const unsigned int *types, size_t count, unsigned int type)
{
	for (size_t i = 0; i < count; i++)
		if (types[i] == type)
			return true;
	return false;
}

/* Not where the file system has no such flags at all. */
static bool is_flagged(int directory, bool above)
{
	int readable = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), flags = 0;

	if (readable < 0)
		return above;
	bool known = !ioctl(readable, FS_IOC_GETFLAGS, &flags);
	close(readable);
	return known && flags & FS_CASEFOLD_FL;
}

bool directory_folds(int directory, bool above)
{
	struct statfs filesystem;

	if (fstatfs(directory, &filesystem))
		return true;
	unsigned int type = (unsigned int)filesystem.f_type;
	if (is_among(telling, sizeof telling / sizeof *telling, type))
		return is_flagged(directory, above);
	return !is_among(exact, sizeof exact / sizeof *exact, type);
}

static bool is_ascii(char character)
{
	return (unsigned char)character < 0x80;
}

static char folded(char character)
{
	return character >= 'A' && character <= 'Z' ? (char)(character + ('a' - 'A')) : character;
}

/* The end of the character that starts at `at`, in UTF-8 or as a byte of its own. */
static size_t after(const char *name, size_t length, size_t at)
{
	for (at++; at < length && ((unsigned char)name[at] & 0xc0) == 0x80;)
		at++;
	return at;
}

/* As Windows has it: a stream behind a colon is the file's, and dots and spaces at the end are nothing. */
static size_t trimmed(const char *name, size_t length)
{
	const char *colon = memchr(name, ':', length);
	size_t end = colon && colon != name ? (size_t)(colon - name) : length;

	while (end > 1 && (name[end - 1] == '.' || name[end - 1] == ' '))
		end--;
	return end;
}

/* "GITCON~1": the short name that FAT and NTFS give to a long one, of which they keep the first letter. */
static bool is_short_for(const char *known, size_t known_length, const char *name, size_t length)
{
	const char *tilde = memchr(name, '~', length);

	if (!tilde || tilde == name || tilde + 1 == name + length || tilde[1] < '0' || tilde[1] > '9')
		return false;
	while (known_length > 1 && (*known == '.' || *known == ' ')) {
		known++;
		known_length--;
	}
	return !is_ascii(*known) || folded(*known) == folded(*name);
}

/* reached[i][j]: the first i bytes of the one can be taken for the first j of the other. */
static bool reaches_end(const char *one, size_t one_length, const char *other, size_t other_length)
{
	bool reached[NAME_ROOM][NAME_ROOM];

	memset(reached, 0, (one_length + 1) * sizeof *reached);
	reached[0][0] = true;
	for (size_t i = 0; i <= one_length; i++) {
		for (size_t j = 0; j <= other_length; j++) {
			bool more = i < one_length, others = j < other_length;

			if (!reached[i][j])
				continue;
			if (more && others && is_ascii(one[i]) && folded(one[i]) == folded(other[j]))
				reached[i + 1][j + 1] = true;
			if (more && !is_ascii(one[i]))
				for (size_t count = 0, at = j;; at = after(other, other_length, at), count++) {
					reached[after(one, one_length, i)][at] = true;
					if (count == STANDS_FOR || at == other_length)
						break;
				}
			if (others && !is_ascii(other[j]))
				for (size_t count = 0, at = i;; at = after(one, one_length, at), count++) {
					reached[at][after(other, other_length, j)] = true;
					if (count == STANDS_FOR || at == one_length)
						break;
				}
		}
	}
	return reached[one_length][other_length];
}

static bool is_all_ascii(const char *name, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (!is_ascii(name[i]))
			return false;
	return true;
}

static bool equals(const char *one, const char *other, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (folded(one[i]) != folded(other[i]))
			return false;
	return true;
}

bool names_alike(const char *known, size_t known_length, const char *name, size_t length)
{
	if (!known_length || !length || known_length >= NAME_ROOM || length >= NAME_ROOM)
		return false;
	if (is_short_for(known, known_length, name, length))
		return true;
	known_length = trimmed(known, known_length);
	length = trimmed(name, length);
	if (is_all_ascii(known, known_length) && is_all_ascii(name, length))
		return known_length == length && equals(known, name, length);
	return reaches_end(known, known_length, name, length);
}
