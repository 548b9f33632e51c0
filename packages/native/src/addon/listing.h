/* The entries of a directory with all that is known of them without reading them. */
#ifndef NONO_LISTING_H
#define NONO_LISTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "addon.h"

/*
 * Records and names, sorted by the names; to be freed. 0, or -1 with errno. The descriptor, which must be
 * one that can be read and was not read from yet, is used up.
 */
int listing_of_directory(int directory, uint8_t **listing, size_t *length);

/*
 * For each entry of a listing which one of another has its name, plus one, or 0 for none; with MATCHES_WHOLLY where the
 * record is the same, too. To be freed; NULL without memory.
 */
uint32_t *listings_match(const struct bytes *then, const struct bytes *now, size_t *count);

#define MATCHES_WHOLLY 0x80000000u

/*
 * Whether the listing would be this one; costs less than to make one. False also where that cannot be told so. The
 * descriptor can be listed afterwards.
 * `same_times`: nothing of the directory itself changed since before it was listed, its times included.
 */
bool directory_is_as_listed(int directory, const uint8_t *listing, size_t length, bool same_times);

#endif
