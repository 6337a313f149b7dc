// What draws stimulus in words of lanes: 64 lanes from one generator, so that a lane is the same in words of any width.
#ifndef POSEDGE_DRAWING_H
#define POSEDGE_DRAWING_H

#include "words.h"

namespace {

template <uint32_t PLACES>
struct DrawingOf {
    Word low, high;    // xoroshiro128+ by Blackman and Vigna, one in each part
    Word state[PLACES];

    void begin(uint32_t seed, uint64_t lane) {
        for (uint32_t index = 0; index < PARTS; ++index) {
            set_part(low, index, spread(seed, 1, lane / 64 + index, 0));
            set_part(high, index, spread(seed, 1, lane / 64 + index, 1));
        }
        for (Word& word : state) word = ZERO;
    }

    Word random() {
        const Word drawn = low + high, mixed = high ^ low;
        low = (low << 24 | low >> 40) ^ mixed ^ mixed << 16;
        high = mixed << 37 | mixed >> 27;
        return drawn;
    }
};

}  // namespace

#endif
