// Mutants in a batch library: the same rows for the original and each mutant, which a port of the harness chooses. Included by
// loop.h.
#include <vector>

namespace {

// The rows of observed ports that the original showed, and how many of them count.
std::vector<uint32_t> original;
int32_t original_rows;

inline bool shows_another(const Root& root, const uint32_t* row) {
    uint32_t shown[Shim::OBSERVED + 1];
    Shim::observe(root, shown);
    return memcmp(shown, row, Shim::OBSERVED * sizeof(uint32_t)) != 0;
}

void run_mutant(const PosedgeCall& call, uint64_t lane) {
    ended = false;
    restart(call.seed);
    Root& root = *model->rootp;
    const uint32_t number = call.select[lane];
    const bool is_original = lane == 0;
    uint32_t phase = reset(root, [&] { Shim::choose(root, number); });
    int32_t* const first = call.first_fail + lane * Shim::MONITORS;
    uint32_t* const seen = call.seen + lane * Shim::MONITORS;
    int32_t& differs = call.differs[lane];
    int32_t last = ended ? 0 : -1;
    const uint32_t* stimulus = call.stimulus;
    const int32_t rows = is_original ? static_cast<int32_t>(call.ticks) : original_rows;
    for (int32_t now = 0; now < rows && last < 0; ++now) {
        Shim::drive(root, stimulus);
        Shim::choose(root, number);
        settle(root);
        if (!judge(root, now, first, seen)) {
            last = now > 0 ? now - 1 : NOTHING_COUNTS;
            break;
        }
        uint32_t* const row = original.data() + static_cast<uint64_t>(now) * Shim::OBSERVED;
        if (is_original) Shim::observe(root, row);
        else if (differs < 0 && shows_another(root, row)) differs = now;
        if (call.stop && !is_original && Shim::failing(root)) last = now;
        if (call.stop > 1 && differs >= 0) last = now;
        edge(root, phase);
        phase = next(phase);
        stimulus += Shim::STIMULUS;
        if (VL_UNLIKELY(ended)) last = now;
    }
    call.ended[lane] = last;
    if (is_original) original_rows = last < -1 ? 0 : last < 0 ? rows : last + 1;
}

void run_mutants(const PosedgeCall& call) {
    original.assign(call.ticks * Shim::OBSERVED + 1, 0);
    for (uint64_t lane = 0; lane < call.lanes; ++lane) {
        run_mutant(call, lane);
        *call.finished = lane + 1;
    }
}

}  // namespace
