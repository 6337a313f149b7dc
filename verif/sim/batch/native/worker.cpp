// Runs a batch library in a process of its own, so that whatever the design does ends no more than this process.
//
//     worker LIBRARY SOCKET PARENT MEMORY
//
// SOCKET is an open descriptor of a packet socket, PARENT a process descriptor of who started it (or -1), MEMORY the
// limit in bytes of private memory (0: none). A request is one packet; memory to share comes with it as a descriptor.
// Shared memory 0 is the control page: progress, how it failed, coverage counters.
#include <dlfcn.h>
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <new>

#include "call.h"

namespace {

enum Kind : uint32_t { SHARE = 1, FORGET = 2, RUN = 3 };
enum Fault : uint32_t { NONE = 0, FATAL = 1, MEMORY = 2, LIBRARY = 3 };

struct Place {
    uint64_t share;
    uint64_t offset;
};

struct Request {
    uint32_t kind;
    uint32_t fresh;
    uint32_t seed;
    uint32_t zero;         // set the coverage counters to zero first
    uint32_t guide;
    uint32_t shown;
    uint32_t stop;
    uint32_t stimuli;
    uint64_t draw;
    uint64_t first;
    uint64_t lanes;        // SHARE, FORGET: number of the shared memory
    uint64_t ticks;        // SHARE: bytes
    Place stimulus, lengths, first_fail, seen, ended, observed, hits, hit_ticks, select, differs, touched;    // share ~0 is null
};

struct Control {
    uint64_t finished;
    uint32_t fault;
    uint32_t line;         // of the source, where the fault or the end has one
    uint32_t ready;        // 1 once the library is loaded
    uint32_t unused;
    char file[1008];
    char message[1024];
    uint32_t counters[];
};

struct Share {
    char* start;
    size_t bytes;
};

int channel, parent;
Control* control;
std::map<uint64_t, Share> shares;

void tell(const char* file, int line, const char* message) {
    control->line = static_cast<uint32_t>(line);
    snprintf(control->file, sizeof control->file, "%s", file);
    snprintf(control->message, sizeof control->message, "%s", message);
}

[[noreturn]] void give_up(Fault fault, const char* file, int line, const char* message) {
    if (control) {
        tell(file, line, message);
        control->fault = fault;
    }
    _exit(3);
}

void on_fatal(const char* file, int line, const char* message) { give_up(FATAL, file, line, message); }
void on_end(const char* file, int line, const char* how) { tell(file, line, how); }

// Ends the process when the one that started it is gone, whatever the design is doing.
void* watch(void*) {
    pollfd watched[2] = {{channel, POLLRDHUP, 0}, {parent, POLLIN, 0}};
    while (poll(watched, parent < 0 ? 1 : 2, -1) <= 0) {
    }
    _exit(0);
}

void limit(int resource, rlim_t value) {
    rlimit both{value, value};
    setrlimit(resource, &both);
}

void share(const Request& request, int descriptor) {
    void* start = mmap(nullptr, request.ticks, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    close(descriptor);
    if (start == MAP_FAILED) _exit(4);
    shares[request.lanes] = Share{static_cast<char*>(start), static_cast<size_t>(request.ticks)};
    if (request.lanes == 0) control = static_cast<Control*>(start);
}

void forget(const Request& request) {
    const auto found = shares.find(request.lanes);
    if (found == shares.end()) return;
    munmap(found->second.start, found->second.bytes);
    shares.erase(found);
}

template <typename T>
T* at(const Place& place) {
    if (place.share == ~uint64_t{0}) return nullptr;
    return reinterpret_cast<T*>(shares.at(place.share).start + place.offset);
}

bool receive(Request& request, int& descriptor) {
    iovec part{&request, sizeof request};
    alignas(cmsghdr) char extra[CMSG_SPACE(sizeof(int))];
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = extra;
    message.msg_controllen = sizeof extra;
    ssize_t got;
    do {
        got = recvmsg(channel, &message, MSG_CMSG_CLOEXEC);
    } while (got < 0 && errno == EINTR);
    if (got != static_cast<ssize_t>(sizeof request)) return false;
    descriptor = -1;
    if (cmsghdr* header = CMSG_FIRSTHDR(&message)) memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return true;
}

void run(const Request& request, PosedgeRun library, PosedgeCounters counters) {
    control->finished = 0;
    control->message[0] = 0;
    PosedgeCall call{};
    call.lanes = request.lanes;
    call.ticks = request.ticks;
    call.fresh = request.fresh;
    call.seed = request.seed;
    call.draw = static_cast<uint32_t>(request.draw);
    call.guide = request.guide;
    call.shown = request.shown;
    call.first = request.first;
    call.stimulus = at<const uint32_t>(request.stimulus);
    call.lengths = at<const int32_t>(request.lengths);
    call.first_fail = at<int32_t>(request.first_fail);
    call.seen = at<uint32_t>(request.seen);
    call.ended = at<int32_t>(request.ended);
    call.observed = at<uint32_t>(request.observed);
    call.hits = at<uint32_t>(request.hits);
    call.hit_ticks = at<int32_t>(request.hit_ticks);
    call.select = at<const uint32_t>(request.select);
    call.differs = at<int32_t>(request.differs);
    call.touched = at<int32_t>(request.touched);
    call.stop = request.stop;
    call.stimuli = request.stimuli;
    call.finished = &control->finished;
    if (request.zero) counters(nullptr, 1);
    try {
        library(&call);
    } catch (const std::bad_alloc&) {
        give_up(MEMORY, "", 0, "");
    }
    counters(control->counters, 0);
}

template <typename T>
T symbol(void* library, const char* name) {
    void* found = dlsym(library, name);
    if (!found) give_up(LIBRARY, "", 0, dlerror());
    return reinterpret_cast<T>(found);
}

}  // namespace

int main(int count, char** words) {
    if (count != 5) return 2;
    channel = atoi(words[2]);
    parent = atoi(words[3]);
    pthread_t watcher;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 64 * 1024);
    pthread_create(&watcher, &small, watch, nullptr);
    limit(RLIMIT_CORE, 0);
    if (const rlim_t memory = strtoull(words[4], nullptr, 10)) limit(RLIMIT_DATA, memory);
    Request request;
    int descriptor;
    if (!receive(request, descriptor) || request.kind != SHARE) return 0;
    share(request, descriptor);
    void* library = dlopen(words[1], RTLD_NOW);
    if (!library) give_up(LIBRARY, "", 0, dlerror());
    const PosedgeHost host{on_fatal, on_end};
    symbol<PosedgeAttach>(library, "posedge_attach")(&host);
    const PosedgeRun library_run = symbol<PosedgeRun>(library, "posedge_run");
    const PosedgeCounters counters = symbol<PosedgeCounters>(library, "posedge_counters");
    control->ready = 1;
    while (receive(request, descriptor)) {
        if (request.kind == SHARE) share(request, descriptor);
        if (request.kind == FORGET) forget(request);
        if (request.kind != RUN) continue;
        run(request, library_run, counters);
        if (send(channel, &request.kind, sizeof request.kind, MSG_NOSIGNAL) < 0) break;
    }
    _exit(0);    // nothing of the design's runs any more
}
