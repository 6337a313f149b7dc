// The loop of a batch library: rows of words to ports, ticks, ports to rows. Included after the model and ``Shim``,
// which is generated from the harness, so that all of it is compiled, and inlined, as one.
#include <cstdint>
#include <cstring>
#include <memory>

#include "call.h"

namespace {

const PosedgeHost* host;
bool ended;    // the design called $finish or $stop
std::unique_ptr<VerilatedContext> context;
std::unique_ptr<Vtop> model;
uint32_t model_seed;

inline void settle(Root& root) {
    if (Shim::DIRECT) {
        POSEDGE_EVAL(root);
    } else {
        model->eval();
    }
}

// What the coverage points of a lane were seen to do.
struct Hits {
    uint32_t* words;
    int32_t* ticks;    // or null
};

inline void note_hits(const Root& root, const Hits& hits, int32_t now) {
    uint32_t shown[Shim::COVER_WORDS + 1];
    Shim::covers(root, shown);
    for (uint32_t index = 0; index < Shim::COVER_WORDS; ++index) {
        uint32_t fresh = shown[index] & ~hits.words[index];
        if (VL_LIKELY(!fresh)) continue;
        hits.words[index] |= fresh;
        if (!hits.ticks) continue;
        for (; fresh; fresh &= fresh - 1) hits.ticks[index * 32 + __builtin_ctz(fresh)] = now;
    }
}

// Notes which monitors fail and what they saw; returns whether the tick counts.
inline bool judge(const Root& root, int32_t now, int32_t* first, uint32_t* seen) {
    if (VL_UNLIKELY(Shim::illegal(root))) {
        Shim::note_illegal(root, first, now);
        return false;
    }
    if (VL_UNLIKELY(Shim::failing(root))) Shim::note(root, first, now);
    Shim::count(root, seen);
    return true;
}

inline void edge(Root& root, uint32_t phase) {
    if (Shim::PHASES == 0) return;
    Shim::clock(root, phase, true);
    settle(root);
    Shim::clock(root, phase, false);
    if (!Shim::MERGED) settle(root);
}

// One tick: settle, sample, active edge, inactive edge. Where nothing but active edges reads a clock, the inactive edge
// settles together with the next row. Returns whether the tick counts: one that breaks an assumption does not, and has
// no edge.
template <bool SAMPLED, bool OBSERVED, bool HITS>
inline bool tick(Root& root, uint32_t phase, int32_t now, int32_t* first, uint32_t* seen, uint32_t* observed,
                 const Hits& hits) {
    settle(root);
    if (SAMPLED) {
        if (!judge(root, now, first, seen)) return false;
        if (OBSERVED) Shim::observe(root, observed);
        if (HITS) note_hits(root, hits, now);
    }
    edge(root, phase);
    return true;
}

// Last tick of a lane whose first one breaks an assumption.
constexpr int32_t NOTHING_COUNTS = -2;

inline uint32_t next(uint32_t phase) { return phase + 1 >= Shim::PHASES ? 0 : phase + 1; }

void restart(uint32_t seed) {
    if (context) Shim::keep_counters(*model);
    model.reset();
    context = std::make_unique<VerilatedContext>();
    context->randReset(seed ? 2 : 0);
    context->randSeed(seed ? static_cast<int>(seed) : 1);
    model = std::make_unique<Vtop>(context.get());
    model_seed = seed;
    Shim::rest(*model->rootp);
    model->eval();
}

// Rest with the resets inactive, so that activating them is an edge; then hold them. ``hold`` puts what a lane keeps.
template <typename Hold>
uint32_t reset(Root& root, Hold hold) {
    Shim::rest(root);
    hold();
    settle(root);
    Shim::hold_resets(root);
    uint32_t phase = 0;
    for (uint32_t row = 0; row < Shim::RESET_TICKS; ++row) {
        tick<false, false, false>(root, phase, 0, nullptr, nullptr, nullptr, Hits{});
        phase = next(phase);
    }
    return phase;
}

template <bool OBSERVED, bool HITS>
int32_t play(Root& root, uint32_t phase, int32_t rows, const uint32_t* stimulus, int32_t* first_out, uint32_t* seen_out,
             uint32_t* observed, const Hits hits) {
    int32_t first[Shim::MONITORS + 1];
    uint32_t seen[Shim::MONITORS + 1];
    for (uint32_t index = 0; index < Shim::MONITORS; ++index) {
        first[index] = -1;
        seen[index] = 0;
    }
    int32_t last = ended ? 0 : -1;
    for (int32_t now = 0; now < rows && last < 0; ++now) {
        Shim::drive(root, stimulus);
        const bool counts = tick<true, OBSERVED, HITS>(root, phase, now, first, seen, observed, hits);
        if (VL_UNLIKELY(!counts)) {
            last = now > 0 ? now - 1 : NOTHING_COUNTS;
            break;
        }
        phase = next(phase);
        stimulus += Shim::STIMULUS;
        if (OBSERVED) observed += Shim::OBSERVED;
        if (VL_UNLIKELY(ended)) last = now;
    }
    memcpy(first_out, first, sizeof(int32_t) * Shim::MONITORS);
    memcpy(seen_out, seen, sizeof(uint32_t) * Shim::MONITORS);
    return last;
}

void run_lane(const PosedgeCall& call, uint64_t lane) {
    ended = false;
    if (!model || call.fresh || call.seed != model_seed) restart(call.seed);
    context->gotFinish(false);
    const uint64_t row = lane * call.ticks;
    const int32_t rows = call.lengths ? call.lengths[lane] : static_cast<int32_t>(call.ticks);
    Root& root = *model->rootp;
    const uint32_t* stimulus = call.stimulus + row * Shim::STIMULUS;
    const uint32_t phase = reset(root, [&] { if (Shim::HELD && rows > 0) Shim::hold(root, stimulus); });
    int32_t* first = call.first_fail + lane * Shim::MONITORS;
    uint32_t* seen = call.seen + lane * Shim::MONITORS;
    const Hits hits{call.hits ? call.hits + lane * Shim::COVER_WORDS : nullptr,
                    call.hit_ticks ? call.hit_ticks + lane * Shim::COVERS : nullptr};
    const auto any = hits.words ? play<false, true> : play<false, false>;
    if (!call.observed) {
        call.ended[lane] = any(root, phase, rows, stimulus, first, seen, nullptr, hits);
        return;
    }
    uint32_t* observed = call.observed + row * Shim::OBSERVED;
    const auto all = hits.words ? play<true, true> : play<true, false>;
    const int32_t last = call.ended[lane] = all(root, phase, rows, stimulus, first, seen, observed, hits);
    const uint64_t played = last == NOTHING_COUNTS ? 0 : last < 0 ? static_cast<uint64_t>(rows) : static_cast<uint64_t>(last) + (rows > 0);
    if (played < call.ticks) {
        memset(observed + played * Shim::OBSERVED, 0, (call.ticks - played) * Shim::OBSERVED * sizeof(uint32_t));
    }
}

}  // namespace

// The runtime library is compiled without its own versions of these three, which print and end the process.
void vl_fatal(const char* file, int line, const char*, const char* message) { host->abort(file, line, message); }

void vl_finish(const char* file, int line, const char*) {
    if (!ended) host->end(file, line, "$finish");
    ended = true;
    context->gotFinish(true);
}

void vl_stop(const char* file, int line, const char*) {
    if (!ended) host->end(file, line, "$stop");
    ended = true;
    context->gotFinish(true);
}

#include "mutants.h"

#define POSEDGE_PUBLIC extern "C" __attribute__((visibility("default")))

POSEDGE_PUBLIC void posedge_attach(const PosedgeHost* given) { host = given; }

POSEDGE_PUBLIC void posedge_run(const PosedgeCall* call) {
    if (call->select) return run_mutants(*call);
    for (uint64_t lane = 0; lane < call->lanes; ++lane) {
        run_lane(*call, lane);
        *call->finished = lane + 1;
    }
}

POSEDGE_PUBLIC uint32_t posedge_counters(uint32_t* into, int zero) {
    if (into && model) Shim::copy_counters(*model, into);
    if (zero && model) Shim::zero_counters(*model);
    return Shim::COUNTERS;
}
