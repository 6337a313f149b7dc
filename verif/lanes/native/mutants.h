// Mutants as lanes: all lanes of a stimulus get the same rows, each with a mutant of its own, and the first is the original.
// Included by lanes.h.
namespace {

// The lanes that have a mutant.
Word chosen(const Group& group) {
    Word word = ZERO;
    for (uint32_t lane = 0; lane < group.count; ++lane) {
        if (!group.call.select[group.first + lane]) continue;
        set_part(word, lane / 64, part(word, lane / 64) | uint64_t{1} << lane % 64);
    }
    return word;
}

// How stimuli share a word: each has some blocks of 32 lanes, and the first lane of those is the original.
struct Share {
    uint32_t stimuli;
    uint32_t blocks;
    Word leaders = ZERO;    // the first lane of each
    Row leading{};    // in each block the number of that with its leader
    Row rows{};    // where the rows of each block's stimulus begin, in words

    Share(uint32_t count, uint64_t stride) : stimuli(count), blocks(BLOCKS / count) {
        Row first{};
        for (uint32_t index = 0; index < BLOCKS; ++index) {
            leading[index] = index - index % blocks;
            rows[index] = index / blocks * stride;
            first[index] = index % blocks == 0;
        }
        leaders = (Word)first;
    }

    // The word in which every lane has what ``word`` has in the lane of its original.
    Word as_original(const Word& word) const { return (Word)(Row{} - (__builtin_shuffle((Row)word, leading) & 1)); }
};

// Which lanes have which mutants: a field of one bit a mutant has a bit for each, any other holds the number.
void choose(const Group& group) {
    for (uint32_t lane = 0; lane < group.count; ++lane) {
        const uint32_t number = group.call.select[group.first + lane];
        for (uint32_t bit = 0; bit < Shim::HELD_BITS; ++bit) {
            if (Shim::ONE_HOT ? bit + 1 != number : !(bit < 32 && number >> bit & 1)) continue;
            Word& word = state->held[bit];
            set_part(word, lane / 64, part(word, lane / 64) | uint64_t{1} << lane % 64);
        }
    }
}

// One row for all lanes of a stimulus.
void drive_all(const Share& share, const uint32_t* row) {
    uint32_t word = UINT32_MAX;
    Row values{};
    for (uint32_t number = 0; number < Shim::MOVING; ++number) {
        const Moving bit = Shim::moving[number];
        if (bit.word != word) {
            word = bit.word;
            values = share.stimuli > 1 ? gather(row + word, share.rows) : Row{} + row[word];
        }
        state->in[bit.place] = (Word)(Row{} - (values >> bit.bit & 1));
    }
}

constexpr bool is_assumption(uint32_t number) {
    if (!Shim::ASSUMED) return false;
    for (const uint32_t assumed : Shim::assumed) {
        if (assumed == number) return true;
    }
    return false;
}

// Notes first failures; returns the lanes in which a check of the design fails.
Word note_failures(const Group& group, int32_t tick, const Word& alive) {
    Word failing = ZERO;
    for (uint32_t number = 0; number < Shim::MONITORS; ++number) {
        const Word now = state->out[number] & alive;
        if (__builtin_expect(!any(now), 1)) continue;
        if (!is_assumption(number)) failing |= now;
        for_each_lane(now & ~state->failed[number], [&](uint32_t lane) {
            group.call.first_fail[(group.first + lane) * Shim::MONITORS + number] = tick;
        });
        state->failed[number] |= now;
    }
    return failing;
}

Word other_than_original(const Share& share) {
    Word word = ZERO;
#pragma GCC unroll 8
    for (uint32_t number = 0; number < Shim::COMPARED; ++number) {
        const Word& shown = state->out[Shim::compared[number]];
        word |= shown ^ share.as_original(shown);
    }
    return word;
}

Word registers_other_than_original(const Share& share) {
    Word word = ZERO;
    for (uint32_t number = 0; number < Shim::REGISTERS; ++number) {
        word |= state->registers[number] ^ share.as_original(state->registers[number]);
    }
    return word;
}

void run_crowd(const Group& group) {
    clear();
    choose(group);
    begin(0, 0);
    uint32_t phase = reset();
    const Share share(group.call.stimuli, group.call.ticks * Shim::STIMULUS);
    const Word first = share.leaders;
    Word alive = first | chosen(group), same = alive, untouched = alive;
    for (int32_t tick = 0; tick < static_cast<int32_t>(group.call.ticks) && any(alive & ~first); ++tick) {
        drive_all(share, group.call.stimulus + static_cast<uint64_t>(tick) * Shim::STIMULUS);
        step<true>(phase);
        if (Shim::ASSUMED) {
            assume(group, tick, alive);
            alive &= ~state->over;
            alive &= share.as_original(alive);
        }
        const Word failing = note_failures(group, tick, alive);
        if (any(same & alive)) {
            const Word fresh = other_than_original(share) & same & alive;
            same &= ~fresh;
            for_each_lane(fresh, [&](uint32_t lane) { group.call.differs[group.first + lane] = tick; });
        }
        if (group.call.stop) {
            const Word failed = (group.call.stop > 1 ? failing | (alive & ~same) : failing) & ~first;
            for_each_lane(failed, [&](uint32_t lane) { group.call.ended[group.first + lane] = tick; });
            alive &= ~failed;
        }
        if (group.call.touched && any(untouched & alive)) {
            const Word fresh = registers_other_than_original(share) & untouched & alive;
            untouched &= ~fresh;
            for_each_lane(fresh, [&](uint32_t lane) { group.call.touched[group.first + lane] = tick; });
        }
        phase = following(phase);
    }
}

void run_mutants(const PosedgeCall& call) {
    for (uint64_t first = 0; first < call.lanes; first += WORD_BITS) {
        const uint64_t left = call.lanes - first;
        const Group group{call, first, left < WORD_BITS ? left : WORD_BITS};
        run_crowd(group);
        *call.finished = first + group.count;
    }
}

}  // namespace
