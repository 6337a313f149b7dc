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

// Which lanes of a row are meant.
#if WORD_BITS == 512
typedef __mmask16 Which;
#else
typedef Row Which;
#endif

// The lanes of a row that a word of lanes names.
inline Which lanes_of(const Word& word, uint32_t row) {
#if WORD_BITS == 512
    return _mm512_test_epi32_mask((__m512i)word, _mm512_set1_epi32(1 << row));
#else
    return ((Row)word >> row) & 1;
#endif
}

// The values at the index of each lane.
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

inline void scatter(uint32_t* into, const Row& index, const Row& row, const Which& which) {
#if WORD_BITS == 512
    _mm512_mask_i32scatter_epi32(into, which, (__m512i)index, (__m512i)row, 4);
#else
    for (uint32_t block = 0; block < BLOCKS; ++block) {
        if (which[block]) into[index[block]] = row[block];
    }
#endif
}

inline uint32_t count_of(const Word& word) {
    uint32_t count = 0;
    for (uint32_t index = 0; index < PARTS; ++index) count += __builtin_popcountll(part(word, index));
    return count;
}

constexpr uint32_t FEW = 4;    // bits that are faster one by one than transposed
constexpr uint32_t FEW_LANES = WORD_BITS / 4;    // lanes that are faster layer by layer than transposed

// One bit of all values, moved up by ``by``, or down where that is negative.
inline Row moved(const Row& row, int32_t by) { return by < 0 ? row >> -by : row << by; }

inline Row with_bits(const Row& row, const Row& other, uint32_t bits) {
#if WORD_BITS == 512
    return (Row)TERNARY(row, other, _mm512_set1_epi32(bits), 0xf8);
#else
    return row | (other & bits);
#endif
}

// Values of ``BITS`` bits of the lanes' words, 0 above. Words beyond them need not be there.
template <uint32_t BITS>
inline void to_rows(const Word* words, Block& block) {
    if (BITS > FEW) {
        for (uint32_t bit = 0; bit < 32; ++bit) block.words[bit] = bit < BITS ? words[bit] : ZERO;
        transpose(block.rows);
        return;
    }
#pragma GCC unroll 32
    for (int32_t row = 0; row < 32; ++row) {
        Row value{};
#pragma GCC unroll 4
        for (int32_t bit = 0; bit < static_cast<int32_t>(BITS); ++bit) {
            value = with_bits(value, moved((Row)words[bit], bit - row), 1u << bit);
        }
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
#pragma GCC unroll 4
    for (int32_t bit = 0; bit < static_cast<int32_t>(BITS); ++bit) {
        Row value{};
#pragma GCC unroll 32
        for (int32_t row = 0; row < 32; ++row) value = with_bits(value, moved(block.rows[row], row - bit), 1u << row);
        words[bit] = (Word)value;
    }
}

// One lane of each block at a time, named by its bit; where a block has none left it is 0.
template <typename Action>
inline void for_each_layer(const Word& word, Action action) {
    for (Row left = (Row)word; any((Word)left);) {
        const Row lanes = left & (Row{} - left);
        left ^= lanes;
        action(lanes);
    }
}

// ``row`` and the bit ``bit`` of it where ``word`` has one of ``lanes``.
inline Row with_bit(const Row& row, const Word& word, const Row& lanes, uint32_t bit) {
#if WORD_BITS == 512
    const __m512i all = (__m512i)row;
    return (Row)_mm512_mask_or_epi32(all, _mm512_test_epi32_mask((__m512i)word, (__m512i)lanes), all, _mm512_set1_epi32(1u << bit));
#else
    return row | ((Row)(((Row)word & lanes) != 0) & 1u << bit);
#endif
}

// Each value turned to the left by its own distance, up to 31.
inline Row turned(const Row& row, const Row& by) {
#if WORD_BITS == 512
    return (Row)_mm512_rolv_epi32((__m512i)row, (__m512i)by);
#else
    return row << by | row >> (-by & 31);
#endif
}

// The values of ``BITS`` bits of a layer's lanes.
template <uint32_t BITS>
inline Row values_of(const Word* words, const Row& lanes) {
    Row row{};
#pragma GCC unroll 32
    for (uint32_t bit = 0; bit < BITS; ++bit) row = with_bit(row, words[bit], lanes, bit);
    return row;
}

// Gives a layer's lanes these values; in the ``first`` layer, other lanes may get anything.
template <uint32_t BITS>
inline void set_values(Word* words, const Row& lanes, const Row& numbers, const Row& values, bool first) {
    Row row = turned(values, numbers);
#pragma GCC unroll 32
    for (uint32_t bit = 0; bit < BITS; ++bit, row = row >> 1 | row << 31) {
        words[bit] = first ? (Word)row : CHOOSE(words[bit], (Word)row, (Word)lanes);
    }
}

constexpr uint32_t log2_of(uint32_t number) { return number < 2 ? 0 : 1 + log2_of(number / 2); }

// How many bits of the address tell apart the words that share 32 bits of a lane: narrow words of a large memory do, so that it
// stays in the caches.
constexpr uint32_t bits_within(uint32_t words, uint32_t width, bool alone) {
    uint32_t bits = 0, field = 1;
    while (field < width) field *= 2;
    if (alone || uint64_t{words} * WORD_BITS * 4 <= 1 << 17) return 0;
    for (; field <= 16 && words % 2 == 0; words /= 2, field *= 2) ++bits;
    return bits;
}

template <uint32_t WORDS, uint32_t WIDTH, uint32_t OFFSET, uint32_t ADDRESS, bool SHARED>
class Memory {
    static constexpr uint32_t SLICES = (WIDTH + 31) / 32;
    static constexpr uint32_t LANES = SHARED ? 1 : WORD_BITS;
    static constexpr uint32_t SHIFT = log2_of(LANES);
    static constexpr uint32_t WITHIN = bits_within(WORDS, WIDTH, SHARED || OFFSET || SHIFT + ADDRESS > 24);
    static constexpr uint32_t FIELD = 32 >> WITHIN;    // bits of a word; WITHIN may leave some unused
    static constexpr uint32_t HELD = WORDS >> WITHIN;    // 32-bit values of a lane
    static constexpr uint64_t SIZE = uint64_t{HELD} * LANES;
    static constexpr bool BOUNDED = OFFSET != 0 || (uint64_t{1} << ADDRESS) > WORDS;
    static constexpr bool DIRECT = SHIFT + ADDRESS <= 32;    // transposing the address can give the index
    static constexpr uint32_t BELOW = 32 - WITHIN - log2_of(FIELD);    // where the place within 32 bits begins, times FIELD
    static_assert(ADDRESS <= 31 && SIZE < uint64_t{1} << 31, "indices have 31 bits");

    // Where the lanes' words are: the value at ``index`` of the row's own, and how far up in it.
    struct At {
        Block index;
        Row up[WITHIN ? 32 : 1];
        Row inside[BOUNDED ? 32 : 1];
    };

public:
    Memory(uint32_t number, const uint32_t* start, const unsigned char* known)
        : number(number), start(start), known(known) {}

    // Fills all lanes: what is known, else zero for the seed 0, else a value drawn from the seed. ``first`` is the number of
    // the first lane.
    void begin(uint32_t seed, uint64_t first) {
        if (!content) content.reset(new (std::align_val_t{64}) uint32_t[SIZE * SLICES]);
        else if (SHARED) return;
        memset(content.get(), 0, SIZE * SLICES * sizeof(uint32_t));
        for (uint32_t slice = 0; slice < SLICES; ++slice) {
            for (uint64_t word = 0; word < WORDS; ++word) fill(slice, word, seed, first);
        }
    }

    // What lanes that are not ``needed`` read may be anything; with ``ALL`` they all are.
    template <uint32_t BITS, bool ALL>
    void read(const Word* address, const Word& needed, Word* data) const {
        const uint32_t count = ALL ? WORD_BITS : count_of(needed);
        if (!count) return;
        if (count <= FEW_LANES) {
            bool first = true;
            return for_each_layer(needed, [&](const Row& lanes) {
                read_layer<0>(layer_of<BITS>(address, lanes), first, data);
                first = false;
            });
        }
        At at;
        place<BITS>(address, at);
        read_slice<0>(at, data);
    }

    // With ``ONE`` there is one enable for all bits.
    template <uint32_t BITS, bool ONE>
    void write(const Word* address, const Word* data, const Word* enables) {
        Word enabled = enables[0];
        for (uint32_t bit = 1; bit < (ONE ? 1 : WIDTH); ++bit) enabled |= enables[bit];
        const uint32_t count = count_of(enabled);
        if (!count) return;
        if (count <= FEW_LANES) {
            return for_each_layer(
                enabled, [&](const Row& lanes) { write_layer<ONE, 0>(layer_of<BITS>(address, lanes), data, enables); });
        }
        At at;
        place<BITS>(address, at);
        write_slice<ONE, 0>(at, data, enables, enabled);
    }

private:
    struct Content {
        uint32_t* values = nullptr;
        ~Content() { ::operator delete[](values, std::align_val_t{64}); }
        void reset(uint32_t* given) { values = given; }
        uint32_t* get() const { return values; }
        explicit operator bool() const { return values; }
    };

    void fill(uint32_t slice, uint64_t word, uint32_t seed, uint64_t first) {
        uint32_t* into = content.get() + slice * SIZE + (word >> WITHIN) * LANES;
        const uint64_t place = word * SLICES + slice;
        const uint32_t up = (word & ((1u << WITHIN) - 1)) * FIELD;
        const bool fixed = known && known[word];
        if (!fixed && !seed) return;
        for (uint32_t lane = 0; lane < LANES; ++lane) {
            const uint32_t value = fixed ? start[place] : spread(seed, number + 1, place, SHARED ? 0 : first + order(lane));
            into[lane] |= (value & field()) << up;
        }
    }

    static constexpr uint32_t field() { return FIELD == 32 ? ~0u : (1u << FIELD % 32) - 1; }

    // Lanes lie as ``transpose`` leaves them.
    static uint32_t order(uint32_t at) { return at % BLOCKS * 32 + at / BLOCKS; }

    // Where a row's own values begin.
    static constexpr uint32_t own(uint32_t row) { return SHARED ? 0 : row * BLOCKS; }

    // Each lane's number within its row.
    static Row block_numbers() {
        Row lane{};
        for (uint32_t block = 0; block < BLOCKS && !SHARED; ++block) lane[block] = block;
        return lane;
    }

    template <uint32_t BITS>
    static void place(const Word* address, At& at) {
        if (!DIRECT) return place_by_steps<BITS>(address, at);
        Block& index = at.index;
        for (Word& word : index.words) word = ZERO;
        for (uint32_t bit = 0; bit < log2_of(BLOCKS) && !SHARED; ++bit) {
            index.words[bit] = (Word)-(block_numbers() >> bit & 1);
        }
        for (uint32_t bit = 0; bit < BITS; ++bit) {
            index.words[bit < WITHIN ? BELOW + log2_of(FIELD) + bit : SHIFT + bit - WITHIN] = address[bit];
        }
        transpose(index.rows);
        for (uint32_t row = 0; row < 32 && (WITHIN || BOUNDED); ++row) {
            Row& found = index.rows[row];
            if (WITHIN) {
                at.up[row] = found >> BELOW % 32;
                found &= (1u << BELOW % 32) - 1;
            }
            if (!BOUNDED) continue;
            found -= OFFSET << SHIFT;
            at.inside[row] = (Row)(found < (HELD << SHIFT));
            found &= at.inside[row];
        }
    }

    // The same where the index has no room beside a far offset.
    template <uint32_t BITS>
    static void place_by_steps(const Word* address, At& at) {
        to_rows<BITS>(address, at.index);
        for (uint32_t row = 0; row < 32; ++row) {
            const Row word = at.index.rows[row] - OFFSET;
            const Row inside = (Row)(word < WORDS);
            if (BOUNDED) at.inside[row] = inside;
            at.index.rows[row] = (word & inside) * LANES + block_numbers();
        }
    }

    // Where the words of a layer's lanes are, in the first slice.
    struct Layer {
        Row lanes, numbers;    // bit and number of each lane in its block
        Row index, up, inside;
    };

    template <uint32_t BITS>
    static Layer layer_of(const Word* address, const Row& lanes) {
        static constexpr uint32_t digits[5] = {0xaaaaaaaa, 0xcccccccc, 0xf0f0f0f0, 0xff00ff00, 0xffff0000};
        Layer layer{lanes};
        for (uint32_t bit = 0; bit < 5; ++bit) layer.numbers = with_bit(layer.numbers, (Word)(Row{} + digits[bit]), lanes, bit);
        Row word = values_of<BITS>(address, lanes) - OFFSET;
        if (BOUNDED) word &= layer.inside = (Row)(word < WORDS);
        layer.up = (word & ((1u << WITHIN) - 1)) * FIELD;
        layer.index = (word >> WITHIN) * LANES + (SHARED ? Row{} : layer.numbers * BLOCKS + block_numbers());
        return layer;
    }

    template <uint32_t SLICE>
    void read_layer(const Layer& at, bool first, Word* data) const {
        Row found = gather(content.get() + SLICE * SIZE, at.index);
        if (WITHIN) found >>= at.up;
        if (BOUNDED) found &= at.inside;
        set_values<bits_of(SLICE)>(data + 32 * SLICE, at.lanes, at.numbers, found, first);
        if constexpr (SLICE + 1 < SLICES) read_layer<SLICE + 1>(at, first, data);
    }

    template <bool ONE, uint32_t SLICE>
    void write_layer(const Layer& at, const Word* data, const Word* enables) {
        uint32_t* into = content.get() + SLICE * SIZE;
        Row next = values_of<bits_of(SLICE)>(data + 32 * SLICE, at.lanes);
        Row changed = ONE ? Row{} + field() : values_of<bits_of(SLICE)>(enables + 32 * SLICE, at.lanes);
        if (WITHIN) next <<= at.up, changed <<= at.up;
        if (WITHIN || !ONE) next = (next & changed) | (gather(into, at.index) & ~changed);
        scatter(into, at.index, next, as_which(BOUNDED ? at.lanes & at.inside : at.lanes));
        if constexpr (SLICE + 1 < SLICES) write_layer<ONE, SLICE + 1>(at, data, enables);
    }

    static constexpr uint32_t bits_of(uint32_t slice) { return slice + 1 < SLICES ? 32 : WIDTH - 32 * slice; }

    template <uint32_t SLICE>
    void read_slice(const At& at, Word* data) const {
        const uint32_t* from = content.get() + SLICE * SIZE;
        Block found;
        for (uint32_t row = 0; row < 32; ++row) {
            found.rows[row] = gather(from + own(row), at.index.rows[row]);
            if (WITHIN) found.rows[row] >>= at.up[row];
            if (BOUNDED) found.rows[row] &= at.inside[row];
        }
        to_words<bits_of(SLICE)>(found, data + 32 * SLICE);
        if constexpr (SLICE + 1 < SLICES) read_slice<SLICE + 1>(at, data);
    }

    template <bool ONE, uint32_t SLICE>
    void write_slice(const At& at, const Word* data, const Word* enables, const Word& enabled) {
        uint32_t* into = content.get() + SLICE * SIZE;
        Block value, mask;
        to_rows<bits_of(SLICE)>(data + 32 * SLICE, value);
        if (!ONE) to_rows<bits_of(SLICE)>(enables + 32 * SLICE, mask);
        for (uint32_t row = 0; row < 32; ++row) {
            Which which = lanes_of(enabled, row);
            if (BOUNDED) which &= as_which(at.inside[row]);
            Row next = value.rows[row], changed = ONE ? Row{} + field() : mask.rows[row];
            if (WITHIN) next <<= at.up[row], changed <<= at.up[row];
            if (WITHIN || !ONE) next = (next & changed) | (gather(into + own(row), at.index.rows[row]) & ~changed);
            scatter(into + own(row), at.index.rows[row], next, which);
        }
        if constexpr (SLICE + 1 < SLICES) write_slice<ONE, SLICE + 1>(at, data, enables, enabled);
    }

    static Which as_which(const Row& row) {
#if WORD_BITS == 512
        return _mm512_test_epi32_mask((__m512i)row, (__m512i)row);
#else
        return row;
#endif
    }

    uint32_t number;
    const uint32_t* start;
    const unsigned char* known;
    Content content;
};

}  // namespace

#endif
