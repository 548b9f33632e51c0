/*
 * Makes, copies and removes Btrfs subvolumes by descriptors that may only be read:
 *
 *   make DIRECTORY NAME
 *   copy SUBVOLUME DIRECTORY NAME
 *   remove DIRECTORY NAME
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>

static unsigned long command_of(const char *word)
{
	if (!strcmp(word, "copy"))
		return BTRFS_IOC_SNAP_CREATE;
	return strcmp(word, "make") ? BTRFS_IOC_SNAP_DESTROY : BTRFS_IOC_SUBVOL_CREATE;
}

int main(int count, char **words)
{
	struct btrfs_ioctl_vol_args of = { 0 };

	if (count < 4 || strlen(words[count - 1]) >= sizeof of.name)
		return 2;
	strcpy(of.name, words[count - 1]);
	of.fd = open(words[2], O_RDONLY | O_DIRECTORY);
	int directory = open(words[count - 2], O_RDONLY | O_DIRECTORY);
	if (of.fd < 0 || directory < 0 || ioctl(directory, command_of(words[1]), &of)) {
		puts(strerror(errno));
		return 1;
	}
	puts("done");
	return 0;
}
