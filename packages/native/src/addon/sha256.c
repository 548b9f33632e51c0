/* With the processor's own instructions where it has them (SHA-NI), else in plain C. */
#include "sha256.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#define BLOCK 64

static const uint32_t constants[64] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
	0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
	0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
	0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
	0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
	0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
	0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t rotated(uint32_t word, unsigned int by)
{
	return word >> by | word << (32 - by);
}

static uint32_t big_endian(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
}

static void plain_block(uint32_t state[8], const uint8_t *bytes)
{
	uint32_t words[64], s[8];

	for (int t = 0; t < 16; t++)
		words[t] = big_endian(bytes + 4 * t);
	for (int t = 16; t < 64; t++) {
		uint32_t early = words[t - 15], late = words[t - 2];

		words[t] = words[t - 16] + (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3) + words[t - 7] +
			   (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10);
	}
	memcpy(s, state, sizeof s);
	/* instead of the eight words it is their numbers that move on */
#pragma GCC unroll 64
	for (int t = 0; t < 64; t++) {
		uint32_t a = s[-t & 7], b = s[(1 - t) & 7], c = s[(2 - t) & 7];
		uint32_t e = s[(4 - t) & 7], f = s[(5 - t) & 7], g = s[(6 - t) & 7], h = s[(7 - t) & 7];
		uint32_t first = h + (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25)) + ((e & f) ^ (~e & g)) +
				 constants[t] + words[t];

		s[(3 - t) & 7] += first;
		s[(7 - t) & 7] =
			first + (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
	}
	for (int i = 0; i < 8; i++)
		state[i] += s[i];
}

static void plain_blocks(uint32_t state[8], const uint8_t *bytes, size_t count)
{
	for (; count; count--, bytes += BLOCK)
		plain_block(state, bytes);
}

#ifdef __x86_64__
#include <cpuid.h>
#include <immintrin.h>

static bool asked(void)
{
	unsigned int a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & bit_SSSE3) || !(c & bit_SSE4_1))
		return false;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & bit_SHA;
}

/* Asked once: under a hypervisor the question costs more than the hashing of a page. */
static bool has_instructions(void)
{
	static atomic_int known; /* a fact of the machine: 0 not yet, 1 yes, -1 no */

	if (!atomic_load_explicit(&known, memory_order_relaxed))
		atomic_store_explicit(&known, asked() ? 1 : -1, memory_order_relaxed);
	return atomic_load_explicit(&known, memory_order_relaxed) > 0;
}

/*
 * The instructions want the state as two registers, ABEF and CDGH; one does two rounds. Source:
 * Intel's manual of the architecture, volume 2, SHA256RNDS2, SHA256MSG1 and SHA256MSG2.
 */
__attribute__((target("sha,sse4.1,ssse3"))) static void fast_blocks(uint32_t state[8], const uint8_t *bytes,
								     size_t count)
{
	const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	__m128i dcba = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)state), 0xb1);
	__m128i hgfe = _mm_shuffle_epi32(_mm_loadu_si128((const __m128i *)(state + 4)), 0x1b);
	__m128i abef = _mm_alignr_epi8(dcba, hgfe, 8);
	__m128i cdgh = _mm_blend_epi16(hgfe, dcba, 0xf0);

	for (; count; count--, bytes += BLOCK) {
		const __m128i abef_before = abef, cdgh_before = cdgh;
		__m128i words[4];

		for (int i = 0; i < 4; i++)
			words[i] = _mm_shuffle_epi8(_mm_loadu_si128((const __m128i *)bytes + i), swap);
#pragma GCC unroll 16
		for (int i = 0; i < 16; i++) {
			__m128i *oldest = &words[i % 4];
			const __m128i before = words[(i + 1) % 4], later = words[(i + 2) % 4], last = words[(i + 3) % 4];
			__m128i with = _mm_add_epi32(*oldest, _mm_loadu_si128((const __m128i *)constants + i));

			cdgh = _mm_sha256rnds2_epu32(cdgh, abef, with);
			abef = _mm_sha256rnds2_epu32(abef, cdgh, _mm_shuffle_epi32(with, 0x0e));
			*oldest = _mm_sha256msg2_epu32(_mm_add_epi32(_mm_sha256msg1_epu32(*oldest, before),
								     _mm_alignr_epi8(last, later, 4)),
						       last);
		}
		abef = _mm_add_epi32(abef, abef_before);
		cdgh = _mm_add_epi32(cdgh, cdgh_before);
	}
	__m128i feba = _mm_shuffle_epi32(abef, 0x1b);
	__m128i dchg = _mm_shuffle_epi32(cdgh, 0xb1);
	_mm_storeu_si128((__m128i *)state, _mm_blend_epi16(feba, dchg, 0xf0));
	_mm_storeu_si128((__m128i *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

static void blocks(uint32_t state[8], const uint8_t *bytes, size_t count)
{
	if (has_instructions())
		fast_blocks(state, bytes, count);
	else
		plain_blocks(state, bytes, count);
}
#else
static void blocks(uint32_t state[8], const uint8_t *bytes, size_t count)
{
	plain_blocks(state, bytes, count);
}
#endif

void sha256(const uint8_t *bytes, size_t length, uint8_t digest[SHA256_SIZE])
{
	uint32_t state[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
			      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };
	uint8_t end[2 * BLOCK] = { 0 };
	size_t rest = length % BLOCK;
	size_t last = rest < BLOCK - 8 ? BLOCK : 2 * BLOCK;
	uint64_t bits = (uint64_t)length * 8;

	blocks(state, bytes, length / BLOCK);
	memcpy(end, bytes + length - rest, rest);
	end[rest] = 0x80;
	for (int i = 0; i < 8; i++)
		end[last - 1 - i] = (uint8_t)(bits >> 8 * i);
	blocks(state, end, last / BLOCK);
	for (int i = 0; i < 8; i++)
		for (int j = 0; j < 4; j++)
			digest[4 * i + j] = (uint8_t)(state[i] >> (24 - 8 * j));
}
