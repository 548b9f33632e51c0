/*
 * Names that mean the same though their bytes differ: upper and lower case, and what else Windows, macOS and file
 * systems with Unicode tables take for the same name. Such file systems are mounted into Linux as well, from the machine
 * that a container or WSL runs on.
 */
#ifndef NONO_PLAN_FOLDING_H
#define NONO_PLAN_FOLDING_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether names in the directory may mean the same; true for file systems that are not known to tell them apart. Where a
 * directory says it of itself and may not be listed, it is as the one `above`.
 */
bool directory_folds(int directory, bool above);

/*
 * Whether some file system that folds may take `name` for `known`. Rather too often than not: what lies beyond ASCII may
 * stand for up to three characters, or for none.
 */
bool names_alike(const char *known, size_t known_length, const char *name, size_t length);

#endif
