// Words of lanes: bit n of a word belongs to lane n. Everything is done with GCC's vector extension, so that any processor will
// do; where there is AVX-512 any function of three words is one instruction.
#ifndef POSEDGE_WORDS_H
#define POSEDGE_WORDS_H

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <new>
#ifdef __AVX2__
#include <immintrin.h>
#endif

#define NOT_INLINE __attribute__((noinline)) static
#if WORD_BITS == 64
typedef uint64_t Word;
typedef uint32_t Row __attribute__((vector_size(8)));
#else
typedef uint64_t Word __attribute__((vector_size(WORD_BITS / 8)));
typedef uint32_t Row __attribute__((vector_size(WORD_BITS / 8)));    // one 32-bit value of each 32nd lane
#endif

#define ZERO (Word{} ^ Word{})
#define ONES (~ZERO)
#if WORD_BITS == 512
#define TERNARY(a, b, c, values) \
    ((Word)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), (values)))
#define CHOOSE(low, high, which) TERNARY(which, high, low, 0xca)
#define EITHER(ternary, plain) ternary
#else
#define EITHER(ternary, plain) plain
#define CHOOSE(low, high, which) ((low) ^ (((low) ^ (high)) & (which)))
#endif

namespace {

constexpr uint32_t BLOCKS = WORD_BITS / 32;    // values in a Row
constexpr uint32_t PARTS = WORD_BITS / 64;

// Where bits of a row's word go in packed words.
struct Piece {
    uint32_t word, mask, shift, into;
};

// A word that is shown from where it lies.
struct Shown {
    uint32_t from, into;
};

// A bit of a row, and the input that it is.
struct Moving {
    uint32_t word, bit, place;
};

inline uint64_t part(const Word& word, uint32_t index) {
    uint64_t value;
    memcpy(&value, reinterpret_cast<const char*>(&word) + 8 * index, 8);
    return value;
}

inline void set_part(Word& word, uint32_t index, uint64_t value) {
    memcpy(reinterpret_cast<char*>(&word) + 8 * index, &value, 8);
}

inline bool any(const Word& word) {
#if WORD_BITS == 512
    return _mm512_test_epi64_mask((__m512i)word, (__m512i)word) != 0;
#else
    uint64_t all = 0;
    for (uint32_t index = 0; index < PARTS; ++index) all |= part(word, index);
    return all != 0;
#endif
}

// The first ``count`` lanes.
inline Word lanes_below(uint64_t count) {
    Word word = ZERO;
    for (uint32_t index = 0; index < PARTS; ++index) {
        const uint64_t first = 64 * index;
        set_part(word, index, count <= first ? 0 : count - first >= 64 ? ~uint64_t{0} : (uint64_t{1} << (count - first)) - 1);
    }
    return word;
}

template <typename Action>
inline void for_each_lane(const Word& word, Action action) {
    for (uint32_t index = 0; index < PARTS; ++index) {
        for (uint64_t bits = part(word, index); bits; bits &= bits - 1) action(64 * index + __builtin_ctzll(bits));
    }
}

inline void copy(Word* into, const Word* from, uint32_t first, uint32_t end) {
    memcpy(into + first, from + first, (end - first) * sizeof(Word));
}

#if WORD_BITS == 512
// Changes the upper half of each 2 ``STEP`` bits of ``low`` for the lower half of those of ``high``.
template <uint32_t STEP>
inline void exchange(__m512i& low, __m512i& high) {
    constexpr uint32_t MASK = STEP == 4 ? 0x0f0f0f0f : STEP == 2 ? 0x33333333 : 0x55555555;
    const __m512i lower = _mm512_set1_epi32(MASK), up = _mm512_slli_epi32(high, STEP), down = _mm512_srli_epi32(low, STEP);
    low = _mm512_ternarylogic_epi32(lower, low, up, 0xca);
    high = _mm512_ternarylogic_epi32(lower, down, high, 0xca);
}

inline void exchange_bytes(__m512i& low, __m512i& high, __m512i turned, __mmask64 upper) {
    const __m512i before = low;
    low = _mm512_mask_shuffle_epi8(low, upper, high, turned);
    high = _mm512_mask_shuffle_epi8(high, ~upper, before, turned);
}

// Between 32 words of lanes and values of 32 bits, both ways: value ``rows[j]``, block ``b`` belongs to lane 32 b + j.
NOT_INLINE void transpose(Row* rows) {
    __m512i* all = reinterpret_cast<__m512i*>(rows);
    const __m512i halves = _mm512_set4_epi32(0x0d0c0f0e, 0x09080b0a, 0x05040706, 0x01000302);
    const __m512i bytes = _mm512_set4_epi32(0x0e0f0c0d, 0x0a0b0809, 0x06070405, 0x02030001);
#pragma GCC unroll 8
    for (uint32_t at = 0; at < 8; ++at) {
        __m512i a = all[at], b = all[at + 8], c = all[at + 16], d = all[at + 24];
        exchange_bytes(a, c, halves, 0xcccccccccccccccc);
        exchange_bytes(b, d, halves, 0xcccccccccccccccc);
        exchange_bytes(a, b, bytes, 0xaaaaaaaaaaaaaaaa);
        exchange_bytes(c, d, bytes, 0xaaaaaaaaaaaaaaaa);
        all[at] = a, all[at + 8] = b, all[at + 16] = c, all[at + 24] = d;
    }
#pragma GCC unroll 4
    for (uint32_t at = 0; at < 32; at += 8) {
        __m512i row[8];
#pragma GCC unroll 8
        for (uint32_t number = 0; number < 8; ++number) row[number] = all[at + number];
#pragma GCC unroll 4
        for (uint32_t number = 0; number < 4; ++number) exchange<4>(row[number], row[number + 4]);
#pragma GCC unroll 4
        for (uint32_t number = 0; number < 4; ++number) exchange<2>(row[number + number / 2 * 2], row[number + number / 2 * 2 + 2]);
#pragma GCC unroll 4
        for (uint32_t number = 0; number < 8; number += 2) exchange<1>(row[number], row[number + 1]);
#pragma GCC unroll 8
        for (uint32_t number = 0; number < 8; ++number) all[at + number] = row[number];
    }
}
#else
// Between 32 words of lanes and values of 32 bits, both ways: value ``rows[j]``, block ``b`` belongs to lane 32 b + j.
NOT_INLINE void transpose(Row* rows) {
    uint32_t mask = 0x0000ffff;
    for (uint32_t step = 16; step; step >>= 1, mask ^= mask << step) {
        for (uint32_t at = 0; at < 32; at = (at + step + 1) & ~step) {
            const Row moved = ((rows[at] >> step) ^ rows[at + step]) & mask;
            rows[at] ^= moved << step;
            rows[at + step] ^= moved;
        }
    }
}
#endif

// A number that depends on all four, evenly spread (the finaliser of splitmix64 by Steele, Lea and Flood).
inline uint64_t spread(uint32_t seed, uint64_t a, uint64_t b, uint64_t c) {
    uint64_t value = seed + 0x9e3779b97f4a7c15u * (a + 1);
    for (const uint64_t more : {b, c}) {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
        value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
        value = (value ^ (value >> 31)) + 0x9e3779b97f4a7c15u * (more + 1);
    }
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9u;
    value = (value ^ (value >> 27)) * 0x94d049bb133111ebu;
    return value ^ (value >> 31);
}

}  // namespace

#endif
