// A memory as an array of each lane, or one array for all where nothing writes it.
#ifndef POSEDGE_MEMORY_H
#define POSEDGE_MEMORY_H

#include "words.h"

namespace {

// Values of 32 bits and words of lanes in the same place.
union Block {
    Word words[32];
    Row rows[32];
};

// The word ``row`` of a block of lanes, gathered by the index of each lane.
inline Row gather(const uint32_t* from, const Row& index) {
#if WORD_BITS == 512
    return (Row)_mm512_i32gather_epi32((__m512i)index, from, 4);
#elif WORD_BITS == 256
    return (Row)_mm256_i32gather_epi32(reinterpret_cast<const int*>(from), (__m256i)index, 4);
#else
    Row row;
    for (uint32_t block = 0; block < BLOCKS; ++block) row[block] = from[index[block]];
    return row;
#endif
}

inline void scatter(uint32_t* into, const Row& index, const Row& row, const Row& which) {
#if WORD_BITS == 512
    const __mmask16 mask = _mm512_test_epi32_mask((__m512i)which, (__m512i)which);
    _mm512_mask_i32scatter_epi32(into, mask, (__m512i)index, (__m512i)row, 4);
#else
    for (uint32_t block = 0; block < BLOCKS; ++block) {
        if (which[block]) into[index[block]] = row[block];
    }
#endif
}

constexpr uint32_t FEW = 4;    // bits that are faster one by one than transposed

// Values of ``BITS`` bits of the lanes' words. Words beyond them need not be there.
template <uint32_t BITS>
inline void to_rows(const Word* words, Block& block) {
    if (BITS > FEW) {
        for (uint32_t bit = 0; bit < 32; ++bit) block.words[bit] = bit < BITS ? words[bit] : ZERO;
        transpose(block.rows);
        return;
    }
    for (uint32_t row = 0; row < 32; ++row) {
        Row value{};
        for (uint32_t bit = 0; bit < BITS; ++bit) value |= (((Row)words[bit] >> row) & 1) << bit;
        block.rows[row] = value;
    }
}

// Words of the values' ``BITS`` bits; leaves the block in any state.
template <uint32_t BITS>
inline void to_words(Block& block, Word* words) {
    if (BITS > FEW) {
        transpose(block.rows);
        memcpy(words, block.words, BITS * sizeof(Word));
        return;
    }
    for (uint32_t bit = 0; bit < BITS; ++bit) {
        Row value{};
        for (uint32_t row = 0; row < 32; ++row) value |= ((block.rows[row] >> bit) & 1) << row;
        words[bit] = (Word)value;
    }
}

template <uint32_t WORDS, uint32_t WIDTH, uint32_t OFFSET, uint32_t ADDRESS, bool SHARED>
class Memory {
    static constexpr uint32_t SLICES = (WIDTH + 31) / 32;
    static constexpr uint32_t LANES = SHARED ? 1 : WORD_BITS;
    static constexpr uint64_t SIZE = uint64_t{WORDS} * LANES;
    static constexpr bool BOUNDED = OFFSET != 0 || (uint64_t{1} << ADDRESS) > WORDS;
    static_assert(ADDRESS <= 31 && SIZE < uint64_t{1} << 31, "indices have 31 bits");

public:
    Memory(uint32_t number, const uint32_t* start, const unsigned char* known)
        : number(number), start(start), known(known) {}

    // Fills all lanes: what is known, else zero for the seed 0, else a value drawn from the seed. ``first`` is the number of
    // the first lane.
    void begin(uint32_t seed, uint64_t first) {
        if (!content) content.reset(new uint32_t[SIZE * SLICES]);
        else if (SHARED) return;
        for (uint32_t slice = 0; slice < SLICES; ++slice) {
            for (uint64_t word = 0; word < WORDS; ++word) fill(slice, word, seed, first);
        }
    }

    template <uint32_t BITS>
    void read(const Word* address, Word* data) const {
        Block at;
        Row inside[32];
        place<BITS>(address, at, inside);
        read_slice<0>(at, inside, data);
    }

    // With ``ONE`` there is one enable for all bits.
    template <uint32_t BITS, bool ONE>
    void write(const Word* address, const Word* data, const Word* enables) {
        Word enabled = enables[0];
        for (uint32_t bit = 1; bit < (ONE ? 1 : WIDTH); ++bit) enabled |= enables[bit];
        if (!any(enabled)) return;
        Block at;
        Row inside[32];
        place<BITS>(address, at, inside);
        write_slice<ONE, 0>(at, inside, data, enables, enabled);
    }

private:
    struct Content {
        uint32_t* values = nullptr;
        ~Content() { delete[] values; }
        void reset(uint32_t* given) { values = given; }
        uint32_t* get() const { return values; }
        explicit operator bool() const { return values; }
    };

    void fill(uint32_t slice, uint64_t word, uint32_t seed, uint64_t first) {
        uint32_t* into = content.get() + slice * SIZE + word * LANES;
        const uint64_t place = word * SLICES + slice;
        const bool fixed = known && known[word];
        for (uint32_t lane = 0; lane < LANES; ++lane) {
            const uint32_t drawn = seed && !fixed ? spread(seed, number + 1, place, SHARED ? 0 : first + order(lane)) : 0;
            into[lane] = fixed ? start[place] : drawn;
        }
    }

    // Lanes lie as ``transpose`` leaves them.
    static uint32_t order(uint32_t at) { return at % BLOCKS * 32 + at / BLOCKS; }

    // The index of each lane's word, 0 where the address is none of the memory's.
    template <uint32_t BITS>
    static void place(const Word* address, Block& at, Row* inside) {
        to_rows<BITS>(address, at);
        Row lane;
        for (uint32_t block = 0; block < BLOCKS; ++block) lane[block] = SHARED ? 0 : block;
        for (uint32_t row = 0; row < 32; ++row) {
            Row word = at.rows[row] - OFFSET;
            if (BOUNDED) {
                inside[row] = (Row)(word < WORDS);
                word &= inside[row];
            }
            at.rows[row] = word * LANES + lane;
            if (!SHARED) lane += BLOCKS;
        }
    }

    static constexpr uint32_t bits_of(uint32_t slice) { return slice + 1 < SLICES ? 32 : WIDTH - 32 * slice; }

    template <uint32_t SLICE>
    void read_slice(const Block& at, const Row* inside, Word* data) const {
        const uint32_t* from = content.get() + SLICE * SIZE;
        Block found;
        for (uint32_t row = 0; row < 32; ++row) {
            found.rows[row] = gather(from, at.rows[row]);
            if (BOUNDED) found.rows[row] &= inside[row];
        }
        to_words<bits_of(SLICE)>(found, data + 32 * SLICE);
        if constexpr (SLICE + 1 < SLICES) read_slice<SLICE + 1>(at, inside, data);
    }

    template <bool ONE, uint32_t SLICE>
    void write_slice(const Block& at, const Row* inside, const Word* data, const Word* enables, const Word& enabled) {
        uint32_t* into = content.get() + SLICE * SIZE;
        Block value, mask;
        to_rows<bits_of(SLICE)>(data + 32 * SLICE, value);
        if (!ONE) to_rows<bits_of(SLICE)>(enables + 32 * SLICE, mask);
        for (uint32_t row = 0; row < 32; ++row) {
            Row which = ONE ? ((Row)enabled >> row) & 1 : mask.rows[row];
            if (BOUNDED) which &= inside[row];
            Row next = value.rows[row];
            if (!ONE) next = (next & which) | (gather(into, at.rows[row]) & ~which);
            scatter(into, at.rows[row], next, which);
        }
        if constexpr (SLICE + 1 < SLICES) write_slice<ONE, SLICE + 1>(at, inside, data, enables, enabled);
    }

    uint32_t number;
    const uint32_t* start;
    const unsigned char* known;
    Content content;
};

}  // namespace

#endif
