// What the worker and a batch library tell each other: one call runs lanes of stimulus rows through the model.
#ifndef POSEDGE_CALL_H
#define POSEDGE_CALL_H

#include <cstdint>

struct PosedgeCall {
    uint64_t lanes;
    uint64_t ticks;                 // rows of each lane
    uint32_t fresh;                 // 1: a new model for each lane
    uint32_t seed;                  // of the start values, 0: all are 0; another one than the last call's makes a new model
    uint32_t draw;                  // lane libraries: the seed of the stimulus where it is drawn
    uint32_t guide;                 // lane libraries: rows of a guide, which ``stimulus`` then is, [guide][words]
    uint32_t shown;                 // lane libraries: 1 for the rows that were drawn in place of observed ones
    uint64_t first;                 // lane libraries: number of the first lane, a multiple of 64
    const uint32_t* stimulus;       // [lanes][ticks][words of a stimulus row]; lane libraries: null to draw it
    const int32_t* lengths;         // [lanes]: rows that count; null: all
    int32_t* first_fail;            // [lanes][monitors]: tick, -1 for none
    uint32_t* seen;                 // [lanes][monitors]: ticks in which the rule's condition was met
    int32_t* ended;                 // [lanes]: last tick that counts, -1 for all, -2 for none
    uint32_t* observed;             // [lanes][ticks][words of an observed row], or null
    uint32_t* hits;                 // [lanes][words]: coverage points that were hit, bit n of word n / 32; or null
    int32_t* hit_ticks;             // [lanes][points]: first tick of each hit, -1 for never; or null; needs hits
    uint32_t stimuli;               // lane libraries, with select: how many stimuli share a word of lanes, a power of 2; each
                                    // has as many lanes, its first one the original, and ``stimulus`` is [stimuli][ticks][words]
    const uint32_t* select;         // [lanes]: number of the mutant; then each plays the rows of the first lane, which is
                                    // the original: number 0, and in lane libraries every first lane of a word; or null
    int32_t* differs;               // [lanes]: first tick in which an observed port is not what the original shows, -1 for
                                    // none; needs select
    int32_t* touched;               // lane libraries: [lanes]: first tick after which a register is not what it is in the original,
                                    // -1 for none; or null; needs select
    uint32_t stop;                  // with select: 1 to end a lane at its first failure, 2 also where it differs first
    volatile uint64_t* finished;    // counts the lanes that are done
};

// The library calls these, the worker defines them. ``posedge_abort`` does not return.
struct PosedgeHost {
    void (*abort)(const char* file, int line, const char* message);
    void (*end)(const char* file, int line, const char* how);
};

extern "C" {
typedef void (*PosedgeRun)(const PosedgeCall*);
typedef void (*PosedgeAttach)(const PosedgeHost*);
typedef uint32_t (*PosedgeCounters)(uint32_t* into, int zero);   // how many; copies where ``into`` isn't null
}

#endif
