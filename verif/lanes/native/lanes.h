// The loop of a lane library: rows of words to words of lanes, ticks, verdicts. Included after ``Shim`` and the functions made
// from the netlist. What a tick is, and the reset before a run, are those of the batch engine's loop.h.
#include "call.h"

namespace {

// Counts by lane: a word for each binary digit. Of two words of one weight, the first waits until the second comes.
struct Counter {
    static constexpr uint32_t DIGITS = 32;
    Word sum[DIGITS], waiting[DIGITS];

    // ``times`` says how often it was called before.
    void add(Word word, uint32_t times) {
        uint32_t digit = 0;
        for (; times & 1; times >>= 1, ++digit) {
            const Word one = sum[digit] ^ waiting[digit], both = sum[digit] & waiting[digit];
            sum[digit] = one ^ word;
            word = both | (one & word);
        }
        waiting[digit] = word;
    }

    // Leaves all in ``sum``.
    void finish(uint32_t times) {
        for (uint32_t digit = 0; digit < DIGITS; ++digit) {
            if (!(times >> digit & 1)) continue;
            Word carry = waiting[digit];
            for (uint32_t place = digit; place < DIGITS; ++place) {
                const Word both = sum[place] & carry;
                sum[place] ^= carry;
                carry = both;
            }
        }
    }
};

constexpr int32_t NOTHING_COUNTS = -2;    // last tick of a lane whose first one breaks an assumption
constexpr uint32_t AHEAD = 16;    // rows that are fetched at once

struct State {
    Word registers[Shim::REGISTERS + 1];
    union {
        Word in[32 * Shim::INPUT_WORDS + 1];
        Row rows[32 * Shim::INPUT_WORDS + 1];
    };
    Word out[Shim::OUTPUTS + 1];
    Word exchange[Shim::EXCHANGE + 1];
    Word loads[Shim::LOADS + 1];
    Word failed[Shim::MONITORS + 1];
    Word held[Shim::HELD_BITS + 1];    // the inputs that lanes keep from before their reset on
    Word over;    // lanes whose stimulus broke an assumption
    Counter seen[Shim::MONITORS + 1];
    Word hits[32 * Shim::COVER_WORDS + 1];
    Drawing drawing;
    Row shown[32];
    static constexpr uint32_t STRIDE = (AHEAD * Shim::STIMULUS + 31) / 32 * 32 + 16;    // of lanes in ``ahead``
    uint32_t ahead[WORD_BITS * STRIDE];
};

State* state;

// What one call wants of the lanes from ``first`` on.
struct Group {
    const PosedgeCall& call;
    uint64_t first;
    uint64_t count;

    uint64_t row(uint32_t lane, uint64_t tick) const { return (first + lane) * call.ticks + tick; }
    int32_t length(uint32_t lane) const {
        return call.lengths ? call.lengths[first + lane] : static_cast<int32_t>(call.ticks);
    }
};

inline uint32_t following(uint32_t tick) { return tick + 1 >= Shim::TICKS ? 0 : tick + 1; }

inline void settle_after_edge() {
    if (!Shim::LOADS) return;
    hold(state->registers, state->in, state->out, state->exchange, state->loads);
    load_moving(state->registers, state->in, state->out, state->exchange, state->loads);
}

// Observed bits that registers show, before the edge at which they move.
inline void show_registers() {
    for (uint32_t number = 0; number < Shim::SHOWN; ++number) {
        state->out[Shim::shows[number].into] = state->registers[Shim::shows[number].from];
    }
}

// Inputs have changed: everything settles, outputs are sampled, and the edges come. What only registers show is copied where
// it is ``OBSERVED``.
template <bool OBSERVED>
inline void step(uint32_t tick) {
    if (Shim::LOADS) load(state->registers, state->in, state->out, state->exchange, state->loads);
    if (OBSERVED) show_registers();
    first_edge(tick, state->registers, state->in, state->out, state->exchange, state->loads);
    settle_after_edge();
    if (second_edge(tick, state->registers, state->in, state->out, state->exchange, state->loads)) settle_after_edge();
}

void begin(uint32_t seed, uint64_t lane) {
    for (uint32_t number = 0; number < Shim::REGISTERS; ++number) {
        const int known = Shim::start[number];
        Word& word = state->registers[number];
        word = known > 0 ? ONES : ZERO;
        if (known >= 0 || !seed) continue;
        for (uint32_t index = 0; index < PARTS; ++index) set_part(word, index, spread(seed, 0, Shim::numbers[number], lane / 64 + index));
    }
    begin_memories(seed, lane);
}

// What is hit now, in all lanes.
void keep_hits() {
    for (uint32_t number = 0; number < Shim::COVERS; ++number) state->hits[number] |= state->out[Shim::HITS + number];
}

// Rest with the resets inactive, so that activating them is an edge; then hold them.
uint32_t reset() {
    for (uint32_t bit = 0; bit < 32 * Shim::INPUT_WORDS; ++bit) {
        state->in[bit] = Shim::rest[bit / 32] >> bit % 32 & 1 ? ONES : ZERO;
    }
    copy(state->in + Shim::HELD_PLACE, state->held, 0, Shim::HELD_BITS);
    if (Shim::LOADS) load(state->registers, state->in, state->out, state->exchange, state->loads);
    for (uint32_t number = 0; number < Shim::RESETS; ++number) state->in[Shim::resets[number]] = ONES;
    uint32_t tick = 0;
    for (uint32_t row = 0; row < Shim::RESET_TICKS; ++row) {
        step<false>(tick);
        if (Shim::HITS_FROM_RESET) keep_hits();
        tick = following(tick);
    }
    return tick;
}

// Copies the next rows of all lanes side by side: lanes lie so far apart in the call that they would take each other's places in
// the caches.
void fetch(const Group& group, uint64_t tick) {
    const uint64_t stride = group.call.ticks * Shim::STIMULUS;
    const uint64_t left = (group.call.ticks - tick) * Shim::STIMULUS;
    const uint64_t words = left < AHEAD * Shim::STIMULUS ? left : AHEAD * Shim::STIMULUS;
    const uint32_t* from = group.call.stimulus + group.row(0, tick) * Shim::STIMULUS;
    for (uint32_t lane = 0; lane < group.count; ++lane) {
        memcpy(state->ahead + lane * State::STRIDE, from + lane * stride, words * sizeof(uint32_t));
    }
}

// Words of the lanes' rows, packed, then transposed: that is the inputs.
void drive(const Group& group, uint64_t tick) {
    if (tick % AHEAD == 0) fetch(group, tick);
    memset(state->rows, 0, sizeof(Row) * 32 * Shim::INPUT_WORDS);
    Row first;
    for (uint32_t block = 0; block < BLOCKS; ++block) first[block] = 32 * block * State::STRIDE;
    for (uint32_t at = 0; at < 32; ++at) {
        const uint32_t* rows = state->ahead + at * State::STRIDE + tick % AHEAD * Shim::STIMULUS;
        for (uint32_t number = 0; number < Shim::PIECES; ++number) {
            const Piece piece = Shim::pieces[number];
            state->rows[32 * piece.into + at] |= (gather(rows + piece.word, first) & piece.mask) << piece.shift;
        }
    }
    for (uint32_t word = 0; word < Shim::INPUT_WORDS; ++word) transpose(state->rows + 32 * word);
}

// A bit of the observed row; inputs are observed where they are.
inline const Word& observed_word(uint32_t place) {
    const int32_t at = Shim::shown[place];
    return at < 0 ? state->in[~at] : state->out[at];
}

// Back to rows of words, 0 for lanes that are at their end.
void observe(const Group& group, uint64_t tick, const Word& alive) {
    for (uint32_t word = 0; word < Shim::OBSERVED; ++word) {
        for (uint32_t bit = 0; bit < 32; ++bit) state->shown[bit] = (Row)(observed_word(32 * word + bit) & alive);
        transpose(state->shown);
        for (uint32_t lane = 0; lane < group.count; ++lane) {
            group.call.observed[group.row(lane, tick) * Shim::OBSERVED + word] = state->shown[lane % 32][lane / 32];
        }
    }
}

// The same for the rows that were drawn.
void show(const Group& group, uint64_t tick, const Word& alive) {
    for (uint32_t word = 0; word < Shim::STIMULUS; ++word) {
        for (uint32_t bit = 0; bit < 32; ++bit) {
            const int32_t place = Shim::places[32 * word + bit];
            state->shown[bit] = place < 0 ? Row{} : (Row)(state->in[place] & alive);
        }
        transpose(state->shown);
        for (uint32_t lane = 0; lane < group.count; ++lane) {
            group.call.observed[group.row(lane, tick) * Shim::STIMULUS + word] = state->shown[lane % 32][lane / 32];
        }
    }
}

// Ends lanes in which this tick breaks an assumption: it does not count any more.
void assume(const Group& group, int32_t tick, Word& alive) {
    Word broken = ZERO;
    for (const uint32_t number : Shim::assumed) {
        const Word fresh = state->out[number] & alive;
        for_each_lane(fresh, [&](uint32_t lane) {
            group.call.first_fail[(group.first + lane) * Shim::MONITORS + number] = tick;
            group.call.ended[group.first + lane] = tick ? tick - 1 : NOTHING_COUNTS;
        });
        broken |= fresh;
    }
    state->over |= broken;
    alive &= ~broken;
}

void judge(const Group& group, int32_t tick, const Word& alive) {
    for (uint32_t number = 0; number < Shim::MONITORS; ++number) {
        const Word fresh = state->out[number] & alive & ~state->failed[number];
        state->seen[number].add(state->out[Shim::MONITORS + number] & alive, tick);
        if (__builtin_expect(!any(fresh), 1)) continue;
        state->failed[number] |= fresh;
        for_each_lane(fresh, [&](uint32_t lane) {
            group.call.first_fail[(group.first + lane) * Shim::MONITORS + number] = tick;
        });
    }
}

void note_hits(const Group& group, int32_t tick, const Word& alive) {
    for (uint32_t number = 0; number < Shim::COVERS; ++number) {
        const Word fresh = state->out[Shim::HITS + number] & alive & ~state->hits[number];
        if (!any(fresh)) continue;
        state->hits[number] |= fresh;
        if (!group.call.hit_ticks) continue;
        for_each_lane(fresh, [&](uint32_t lane) {
            group.call.hit_ticks[(group.first + lane) * Shim::COVERS + number] = tick;
        });
    }
}

// The lanes that have a row for ``tick``, and the tick in which the next lane ends.
Word living(const Group& group, int32_t tick, int32_t& until) {
    Word word = ZERO;
    until = INT32_MAX;
    for (uint32_t lane = 0; lane < group.count; ++lane) {
        const int32_t length = group.length(lane);
        if (length <= tick) continue;
        set_part(word, lane / 64, part(word, lane / 64) | uint64_t{1} << lane % 64);
        if (length < until) until = length;
    }
    return word;
}

// The same lanes come out of a seed, whatever the width of words is.
void draw(const PosedgeCall& call, uint32_t phase, uint64_t tick) {
    if (tick % TURN == 0) draw_turn(state->drawing, state->in);
    draw_step(state->drawing, state->in, phase, tick);
    if (tick >= call.guide) return;
    guide_step(state->drawing.state, state->in, call.stimulus + tick * Shim::STIMULUS, phase, tick);
}

inline bool is_drawn(const PosedgeCall& call) { return !call.stimulus || call.guide; }

template <bool OBSERVED, bool HITS>
int32_t play(const Group& group, uint32_t phase) {
    const bool drawn = is_drawn(group.call);
    int32_t until = 0, tick = 0;
    Word alive = living(group, 0, until);
    for (; any(alive); ++tick) {
        if (drawn) draw(group.call, phase, tick);
        else drive(group, tick);
        step<OBSERVED>(phase);
        if (Shim::ASSUMED) assume(group, tick, alive);
        judge(group, tick, alive);
        if (OBSERVED && group.call.shown) show(group, tick, alive);
        else if (OBSERVED) observe(group, tick, alive);
        if (HITS) note_hits(group, tick, alive);
        phase = following(phase);
        if (tick + 1 >= until) alive = living(group, tick + 1, until) & ~state->over;
    }
    return tick;
}

// Tells what the lanes counted and hit, lane by lane.
void tell(const Group& group, int32_t ticks) {
    for (uint32_t number = 0; number < Shim::MONITORS; ++number) {
        state->seen[number].finish(ticks);
        Row* counts = reinterpret_cast<Row*>(state->seen[number].sum);
        transpose(counts);
        for (uint32_t lane = 0; lane < group.count; ++lane) {
            group.call.seen[(group.first + lane) * Shim::MONITORS + number] = counts[lane % 32][lane / 32];
        }
    }
    if (!group.call.hits) return;
    for (uint32_t word = 0; word < Shim::COVER_WORDS; ++word) {
        Row* hits = reinterpret_cast<Row*>(state->hits + 32 * word);
        transpose(hits);
        for (uint32_t lane = 0; lane < group.count; ++lane) {
            group.call.hits[(group.first + lane) * Shim::COVER_WORDS + word] = hits[lane % 32][lane / 32];
        }
    }
}

// Hits of the reset count as if they came in the first tick.
void tell_of_reset(const Group& group) {
    int32_t until = 0;
    const Word alive = living(group, 0, until);
    for (uint32_t number = 0; number < Shim::COVERS; ++number) {
        state->hits[number] &= alive;
        if (!group.call.hit_ticks) continue;
        for_each_lane(state->hits[number], [&](uint32_t lane) {
            group.call.hit_ticks[(group.first + lane) * Shim::COVERS + number] = 0;
        });
    }
}

void clear() {
    if (!state) state = new (std::align_val_t{64}) State;
    memset(static_cast<void*>(state), 0, sizeof *state);
}

void run_group(const Group& group) {
    clear();
    if (Shim::HELD_BITS && !is_drawn(group.call) && group.call.ticks) {
        drive(group, 0);
        copy(state->held, state->in + Shim::HELD_PLACE, 0, Shim::HELD_BITS);
    }
    begin(group.call.seed, group.call.first + group.first);
    const uint32_t phase = reset();
    if (is_drawn(group.call)) state->drawing.begin(group.call.draw, group.call.first + group.first);
    if (Shim::HITS_FROM_RESET) tell_of_reset(group);
    const auto play_all = group.call.observed ? (group.call.hits ? play<true, true> : play<true, false>)
                                              : (group.call.hits ? play<false, true> : play<false, false>);
    const int32_t ticks = play_all(group, phase);
    tell(group, ticks);
    if (!group.call.observed) return;
    const uint64_t words = group.call.shown ? Shim::STIMULUS : Shim::OBSERVED;
    for (uint32_t lane = 0; lane < group.count; ++lane) {
        memset(group.call.observed + group.row(lane, ticks) * words, 0,
               (group.call.ticks - ticks) * words * sizeof(uint32_t));
    }
}

}  // namespace

#include "mutants.h"

#define POSEDGE_PUBLIC extern "C" __attribute__((visibility("default")))

POSEDGE_PUBLIC void posedge_attach(const PosedgeHost*) {}

POSEDGE_PUBLIC void posedge_run(const PosedgeCall* call) {
    if (call->select) return run_mutants(*call);
    for (uint64_t first = 0; first < call->lanes; first += WORD_BITS) {
        const uint64_t left = call->lanes - first;
        const Group group{*call, first, left < WORD_BITS ? left : WORD_BITS};
        run_group(group);
        *call->finished = first + group.count;
    }
}

POSEDGE_PUBLIC uint32_t posedge_counters(uint32_t*, int) { return 0; }
