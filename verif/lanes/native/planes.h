// A memory whose lanes mostly look at the same place, as mutants on one stimulus do: bits as words, those of 64 lanes together.
#ifndef POSEDGE_PLANES_H
#define POSEDGE_PLANES_H

#include "words.h"

namespace {

typedef uint64_t Eight __attribute__((vector_size(64)));    // a bit of 64 lanes each

// Between words and what 64 lanes have of eight of them: ``out[part * stride][word]`` is part ``part`` of ``words[word]``.
inline void by_part(const Word* words, uint32_t count, Eight* out, uint32_t stride) {
    for (uint32_t index = 0; index < PARTS; ++index) {
        for (uint32_t word = 0; word < 8; ++word) out[index * stride][word] = word < count ? part(words[word], index) : 0;
    }
}

#if WORD_BITS == 512
inline void turn(const __m512i* in, uint32_t stride, __m512i* out, uint32_t step) {
    __m512i pair[8], four[8];
#pragma GCC unroll 4
    for (uint32_t at = 0; at < 4; ++at) {
        pair[at] = _mm512_unpacklo_epi64(in[2 * at * stride], in[(2 * at + 1) * stride]);
        pair[at + 4] = _mm512_unpackhi_epi64(in[2 * at * stride], in[(2 * at + 1) * stride]);
    }
#pragma GCC unroll 4
    for (uint32_t at = 0; at < 4; ++at) {
        four[2 * at] = _mm512_shuffle_i64x2(pair[2 * at], pair[2 * at + 1], 0x88);
        four[2 * at + 1] = _mm512_shuffle_i64x2(pair[2 * at], pair[2 * at + 1], 0xdd);
    }
#pragma GCC unroll 4
    for (uint32_t at = 0; at < 4; ++at) {
        const uint32_t odd = at / 2, from = 4 * odd + at % 2, into = odd + at % 2 * 2;
        out[into * step] = _mm512_shuffle_i64x2(four[from], four[from + 2], 0x88);
        out[(into + 4) * step] = _mm512_shuffle_i64x2(four[from], four[from + 2], 0xdd);
    }
}
#endif

template <uint32_t WORDS, uint32_t WIDTH, uint32_t OFFSET>
class Planes {
    static constexpr uint32_t SLICES = (WIDTH + 31) / 32;
    static constexpr uint32_t EIGHTS = (WIDTH + 7) / 8;
    static constexpr uint64_t SIZE = uint64_t{PARTS} * WORDS * EIGHTS;

public:
    Planes(uint32_t number, const uint32_t* start, const unsigned char* known) : number(number), start(start), known(known) {}
    ~Planes() { ::operator delete[](content, std::align_val_t{64}); }

    // Fills all lanes as ``Memory`` does.
    void begin(uint32_t seed, uint64_t first) {
        if (!content) content = new (std::align_val_t{64}) Eight[SIZE];
        memset(static_cast<void*>(content), 0, SIZE * sizeof(Eight));
        for (uint32_t word = 0; word < WORDS; ++word) {
            if (known && known[word]) fill_all(word);
            else if (seed) fill(word, seed, first);
        }
    }

    // What lanes that are not ``needed`` read may be anything; with ``ALL`` they all are.
    template <uint32_t BITS, bool ALL>
    void read(const Word* address, const Word& needed, Word* data) const {
        if (!ALL && !any(needed)) return;
        Eight found[PARTS * EIGHTS];
        for (uint32_t index = 0; index < PARTS; ++index) {
            Eight sum[EIGHTS] = {};
            each_place<BITS>(address, index, ALL ? ~uint64_t{0} : part(needed, index), [&](uint32_t word, uint64_t lanes) {
                const Eight* from = row(index, word);
                for (uint32_t at = 0; at < EIGHTS; ++at) sum[at] |= from[at] & lanes;
            });
            for (uint32_t at = 0; at < EIGHTS; ++at) found[index * EIGHTS + at] = sum[at];
        }
        for (uint32_t at = 0; at < EIGHTS; ++at) to_words(found + at, data + 8 * at);
    }

    // With ``ONE`` there is one enable for all bits.
    template <uint32_t BITS, bool ONE>
    void write(const Word* address, const Word* data, const Word* enables) {
        Word enabled = enables[0];
        for (uint32_t bit = 1; bit < (ONE ? 1 : WIDTH); ++bit) enabled |= enables[bit];
        if (!any(enabled)) return;
        Eight value[PARTS * EIGHTS], mask[ONE ? 1 : PARTS * EIGHTS];
        for (uint32_t at = 0; at < EIGHTS; ++at) {
            from_words(data + 8 * at, WIDTH - 8 * at, value + at);
            if (!ONE) from_words(enables + 8 * at, WIDTH - 8 * at, mask + at);
        }
        for (uint32_t index = 0; index < PARTS; ++index) {
            each_place<BITS>(address, index, part(enabled, index), [&](uint32_t word, uint64_t lanes) {
                Eight* into = row(index, word);
                for (uint32_t at = 0; at < EIGHTS; ++at) {
                    const Eight which = ONE ? Eight{} + lanes : mask[index * EIGHTS + at] & lanes;
                    into[at] = (into[at] & ~which) | (value[index * EIGHTS + at] & which);
                }
            });
        }
    }

private:
    Eight* row(uint32_t index, uint32_t word) const { return content + (uint64_t{index} * WORDS + word) * EIGHTS; }

    // Calls for each word that lanes of a part look at, with the lanes that do.
    template <uint32_t BITS, typename Action>
    static void each_place(const Word* address, uint32_t index, uint64_t left, Action action) {
        const uint64_t* from = reinterpret_cast<const uint64_t*>(address) + index;
        while (left) {
            const uint32_t lane = __builtin_ctzll(left);
            uint32_t value = 0;
            uint64_t lanes = left;
#pragma GCC unroll 32
            for (uint32_t bit = 0; bit < BITS; ++bit) {
                const uint64_t word = from[bit * PARTS], level = word >> lane & 1;
                value |= static_cast<uint32_t>(level) << bit;
                lanes &= ~(word ^ (uint64_t{0} - level));
            }
            left &= ~lanes;
            if (value - OFFSET < WORDS) action(value - OFFSET, lanes);
        }
    }

    static void to_words(const Eight* found, Word* words) {
#if WORD_BITS == 512
        turn(reinterpret_cast<const __m512i*>(found), EIGHTS, reinterpret_cast<__m512i*>(words), 1);
#else
        for (uint32_t word = 0; word < 8; ++word) {
            for (uint32_t index = 0; index < PARTS; ++index) {
                reinterpret_cast<uint64_t*>(words + word)[index] = found[index * EIGHTS][word];
            }
        }
#endif
    }

    static void from_words(const Word* words, uint32_t count, Eight* into) {
#if WORD_BITS == 512
        if (count >= 8) {
            turn(reinterpret_cast<const __m512i*>(words), 1, reinterpret_cast<__m512i*>(into), EIGHTS);
            return;
        }
#endif
        by_part(words, count, into, EIGHTS);
    }

    void fill_all(uint32_t word) {
        for (uint32_t bit = 0; bit < WIDTH; ++bit) {
            if (!(start[uint64_t{word} * SLICES + bit / 32] >> bit % 32 & 1)) continue;
            for (uint32_t index = 0; index < PARTS; ++index) row(index, word)[bit / 8][bit % 8] = ~uint64_t{0};
        }
    }

    void fill(uint32_t word, uint32_t seed, uint64_t first) {
        for (uint32_t lane = 0; lane < WORD_BITS; ++lane) {
            for (uint32_t bit = 0; bit < WIDTH; ++bit) {
                const uint64_t place = uint64_t{word} * SLICES + bit / 32;
                const uint32_t value = spread(seed, number + 1, place, first + lane);
                row(lane / 64, word)[bit / 8][bit % 8] |= uint64_t{value >> bit % 32 & 1} << lane % 64;
            }
        }
    }

    uint32_t number;
    const uint32_t* start;
    const unsigned char* known;
    Eight* content = nullptr;
};

}  // namespace

#endif
