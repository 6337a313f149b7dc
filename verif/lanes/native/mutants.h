// Mutants as lanes: all lanes get the same rows, each with a mutant of its own, and the first lane of each word is the original.
// Included by lanes.h.
namespace {

// The word in which every lane has what ``word`` has in its first one.
inline Word as_first(const Word& word) { return ZERO - (Word{} + (part(word, 0) & 1)); }

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

// One row for all lanes.
void drive_all(const uint32_t* row) {
    for (uint32_t number = 0; number < Shim::MOVING; ++number) {
        const Moving bit = Shim::moving[number];
        state->in[bit.place] = ZERO - (Word{} + (row[bit.word] >> bit.bit & uint64_t{1}));
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

Word other_than_original() {
    Word word = ZERO;
    for (uint32_t number = 0; number < Shim::COMPARED; ++number) {
        const Word& shown = observed_word(Shim::compared[number]);
        word |= shown ^ as_first(shown);
    }
    return word;
}

Word registers_other_than_original() {
    Word word = ZERO;
    for (uint32_t number = 0; number < Shim::REGISTERS; ++number) {
        word |= state->registers[number] ^ as_first(state->registers[number]);
    }
    return word;
}

void run_crowd(const Group& group) {
    clear();
    choose(group);
    begin(0, 0);
    uint32_t phase = reset();
    Word alive = lanes_below(group.count), same = alive, untouched = alive;
    const Word first = lanes_below(1);
    for (int32_t tick = 0; tick < static_cast<int32_t>(group.call.ticks) && any(alive & ~first); ++tick) {
        drive_all(group.call.stimulus + static_cast<uint64_t>(tick) * Shim::STIMULUS);
        step(phase);
        if (Shim::ASSUMED) {
            assume(group, tick, alive);
            alive &= ~state->over;
            if (!any(alive & first)) break;
        }
        const Word failing = note_failures(group, tick, alive);
        if (any(same & alive)) {
            const Word fresh = other_than_original() & same & alive;
            same &= ~fresh;
            for_each_lane(fresh, [&](uint32_t lane) { group.call.differs[group.first + lane] = tick; });
        }
        if (group.call.stop) {
            const Word failed = (group.call.stop > 1 ? failing | (alive & ~same) : failing) & ~first;
            for_each_lane(failed, [&](uint32_t lane) { group.call.ended[group.first + lane] = tick; });
            alive &= ~failed;
        }
        if (group.call.touched && any(untouched & alive)) {
            const Word fresh = registers_other_than_original() & untouched & alive;
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
