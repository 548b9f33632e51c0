/* SHA-256 (FIPS 180-4) of bytes that are at hand. */
#ifndef NONO_SHA256_H
#define NONO_SHA256_H

#include <stddef.h>
#include <stdint.h>

#define SHA256_SIZE 32

void sha256(const uint8_t *bytes, size_t length, uint8_t digest[SHA256_SIZE]);

#endif
