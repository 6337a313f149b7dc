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
#define CHOOSE(low, high, which) ((low) ^ (((low) ^ (high)) & (which)))
#if WORD_BITS == 512
#define TERNARY(a, b, c, values) \
    ((Word)_mm512_ternarylogic_epi64((__m512i)(a), (__m512i)(b), (__m512i)(c), (values)))
#endif

namespace {

constexpr uint32_t BLOCKS = WORD_BITS / 32;    // values in a Row
constexpr uint32_t PARTS = WORD_BITS / 64;

// Where bits of a row's word go in packed words.
struct Piece {
    uint32_t word, mask, shift, into;
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
