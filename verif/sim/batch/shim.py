"""The C++ that ties a Verilated harness to the batch loop: its ports by name, its clocks, its counters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from verif.design.model import Edge
from verif.harness.model import COVERS, FieldKind, Harness
from verif.sim.batch.layout import WORD_BITS, Layout, Slot

EVAL = "Vtop___024root___eval"
"""The model's evaluation without the bookkeeping around it, which costs a third of a small design's time."""
_NEW_OBJECT = "VL_NEW("
"""Designs that make objects need the bookkeeping: it is what deletes them."""

_HEAD = """\
// Made from the harness: which ports there are, where they lie in a row, which clock's edge ends a tick.
#include "verilated.h"
#include "verilated_cov.h"
// The counters are read in place; registering them by name would take the greater part of making a model.
#undef VL_COVER_INSERT
#define VL_COVER_INSERT(...) do { } while (false)
// What an X stands for is drawn from the seed; where all start values are 0 it is 0 too.
inline bool posedge_draws() { return Verilated::threadContextp()->randReset() != 0; }
#define VL_SCOPED_RAND_RESET_ASSIGN_I(...) (posedge_draws() ? (VL_SCOPED_RAND_RESET_ASSIGN_I)(__VA_ARGS__) : 0)
#define VL_SCOPED_RAND_RESET_ASSIGN_Q(...) (posedge_draws() ? (VL_SCOPED_RAND_RESET_ASSIGN_Q)(__VA_ARGS__) : 0)
inline WDataOutP posedge_zero(int bits, WDataOutP into, ...) { return VL_ZERO_W(bits, into); }
#define VL_SCOPED_RAND_RESET_ASSIGN_W(...) \\
    (posedge_draws() ? (VL_SCOPED_RAND_RESET_ASSIGN_W)(__VA_ARGS__) : posedge_zero(__VA_ARGS__))
"""

_ACCESS = """\
#include <type_traits>

using Root = std::remove_reference_t<decltype(*std::declval<Vtop>().rootp)>;

template <uint32_t WIDTH>
constexpr uint32_t top_mask() { return WIDTH % 32 ? (uint32_t{1} << WIDTH % 32) - 1 : ~uint32_t{0}; }

template <uint32_t WIDTH, typename T>
inline void put(T& port, const uint32_t* words) {
    if constexpr (std::is_integral_v<T>) {
        if constexpr (WIDTH <= 32) {
            port = static_cast<T>(words[0] & top_mask<WIDTH>());
        } else {
            port = words[0] | static_cast<uint64_t>(words[1] & top_mask<WIDTH>()) << 32;
        }
    } else {
        constexpr uint32_t WORDS = (WIDTH + 31) / 32;
        for (uint32_t index = 0; index < WORDS; ++index) port[index] = words[index];
        port[WORDS - 1] &= top_mask<WIDTH>();
    }
}

template <uint32_t WIDTH, typename T>
inline void get(const T& port, uint32_t* words) {
    if constexpr (std::is_integral_v<T>) {
        words[0] = static_cast<uint32_t>(port);
        if constexpr (WIDTH > 32) words[1] = static_cast<uint32_t>(static_cast<uint64_t>(port) >> 32);
    } else {
        for (uint32_t index = 0; index < (WIDTH + 31) / 32; ++index) words[index] = port[index];
    }
}
"""


def unity_source(harness: Harness, files: Iterable[tuple[str, str]], counters: int) -> str:
    """Return one C++ file that holds the model, the shim and the loop.

    ``files`` are names and texts of the model's C++, ``counters`` says how many coverage counters it has.
    """
    sources = sorted(files)
    includes = [f'#include "{name}"' for name, _ in sources]
    return "\n".join(
        [
            _HEAD,
            *includes,
            "",
            _ACCESS,
            *_shim(harness, "\n".join(text for _, text in sources), counters),
            "",
            '#include "loop.h"',
            "",
        ]
    )


def reads_active_edges_only(model: str, clock: str, edge: Edge) -> bool:
    """Whether the model's C++ reads ``clock`` for its active edges alone, so that its other edge changes nothing.

    A use in any form that isn't known counts as another use: that costs time, never a wrong answer.
    """
    name = re.escape(encoded(clock))
    port = rf"vlSelf(?:Ref\.|->){name}\b"
    before = rf"vlSelf(?:Ref\.|->)__Vtrigprevexpr___TOP__{name}__\d+"
    toggled = r"[\w.>-]+____Vtogcov__\w+"
    spaceless = re.sub(r"\s+", "", model)
    uses = len(re.findall(rf"(?:\.|->){name}\b", spaceless))
    rising = rf"\(IData\)\({port}\)&\(~\(IData\)\({before}\)\)"
    falling = rf"\(~\(IData\)\({port}\)\)&\(IData\)\({before}\)"
    known = (
        rising if edge is Edge.RISING else falling,
        rf"{before}={port};",
        rf"{port}=VL_\w+\(",
        rf"{port}=0;",
        rf"\({port}&0xfeU\)",
        rf"\b{name}\{{vlSymsp->TOP\.{name}\}}",
        # Toggles are counted in every evaluation, whatever else happens in it.
        rf"\(IData\)\({port}\)\^\(IData\)\({toggled}\)",
        rf",{port},{toggled}\)",
        rf"{toggled}={port};",
    )
    return uses == sum(len(re.findall(form, spaceless)) for form in known)


def encoded(name: str) -> str:
    """Return what Verilator calls a port in C++."""
    return name.replace("__", "___05F")


def _shim(harness: Harness, model: str, counters: int) -> Iterator[str]:
    stimulus, observed = Layout.of(harness.stimulus), Layout.of(harness.observed)
    direct = f"void {EVAL}(" in model and _NEW_OBJECT not in model
    merged = all(reads_active_edges_only(model, clock.name, clock.edge) for clock in harness.clocks)
    yield f"#define POSEDGE_EVAL(root) {f'{EVAL}(&root)' if direct else 'model->eval()'}"
    yield "namespace {"
    yield "struct Shim {"
    constants = {
        "STIMULUS": stimulus.words,
        "OBSERVED": observed.words,
        "MONITORS": len(harness.monitors),
        "COVERS": len(harness.covers),
        "COVER_WORDS": -(-len(harness.covers) // WORD_BITS),
        "RESET_TICKS": harness.reset_ticks,
        "PHASES": len(harness.schedule),
        "COUNTERS": counters,
        "HELD": int(harness.held is not None),
    }
    yield from (f"    static constexpr uint32_t {name} = {value};" for name, value in constants.items())
    yield f"    static constexpr bool MERGED = {str(merged).lower()};"
    yield f"    static constexpr bool DIRECT = {str(direct).lower()};"
    yield from _function("void rest(Root& root)", _rest(harness, stimulus))
    yield from _function("void hold_resets(Root& root)", _held(harness))
    yield from _choosing(harness, stimulus)
    yield from _function(
        "void drive(Root& root, const uint32_t* row)",
        (f"put<{slot.width}>({_port(slot.name)}, row + {slot.offset});" for slot in stimulus.slots),
    )
    yield from _function(
        "void observe(const Root& root, uint32_t* row)",
        (f"get<{slot.width}>({_port(slot.name)}, row + {slot.offset});" for slot in observed.slots),
    )
    width = len(harness.covers)
    yield from _function(
        "void covers(const Root& root, uint32_t* words)",
        [f"get<{width}>({_port(COVERS)}, words);"] if width else (),
    )
    yield from _monitors(harness)
    yield from _function("void clock(Root& root, uint32_t phase, bool active)", _clock(harness))
    yield from _counters(counters)
    yield "};"
    yield "}  // namespace"


def _function(head: str, body: Iterable[str]) -> Iterator[str]:
    yield f"    static inline {head} {{"
    yield from (f"        {line}" for line in body)
    yield "    }"


def _rest(harness: Harness, layout: Layout) -> Iterator[str]:
    """Put clocks to their inactive level and every field to its default; a reset's default is inactive."""
    for clock in harness.clocks:
        yield f"{_port(clock.name)} = {int(clock.edge is Edge.FALLING)};"
    for slot in layout.slots:
        yield f"{{ static const uint32_t words[] = {{{_words(slot)}}}; put<{slot.width}>({_port(slot.name)}, words); }}"


def _held(harness: Harness) -> Iterator[str]:
    return (f"{_port(field.name)} = 1;" for field in harness.stimulus if field.kind is FieldKind.RESET)


def _choosing(harness: Harness, layout: Layout) -> Iterator[str]:
    """Give the functions for the field that a lane keeps: its value out of a row, and one that is given."""
    slot = layout.slot(harness.held.name) if harness.held else None
    port = _port(slot.name) if slot else ""
    yield from _function(
        "void hold(Root& root, const uint32_t* row)",
        [f"put<{slot.width}>({port}, row + {slot.offset});"] if slot else (),
    )
    given = [f"const uint32_t words[{slot.words}] = {{number}};", f"put<{slot.width}>({port}, words);"] if slot else ()
    yield from _function("void choose(Root& root, uint32_t number)", given)


def _monitors(harness: Harness) -> Iterator[str]:
    judges = [(n, _port(monitor.fail)) for n, monitor in enumerate(harness.monitors) if monitor.judges]
    assumed = [(n, _port(monitor.fail)) for n, monitor in enumerate(harness.monitors) if monitor.assumption]
    for any_fails, note, those in (("failing", "note", judges), ("illegal", "note_illegal", assumed)):
        either = " | ".join(fail for _, fail in those)
        yield from _function(f"bool {any_fails}(const Root& root)", [f"return {either or '0'};"])
        yield from _function(
            f"void {note}(const Root& root, int32_t* first, int32_t now)",
            (f"if ({fail} && first[{number}] < 0) first[{number}] = now;" for number, fail in those),
        )
    yield from _function(
        "void count(const Root& root, uint32_t* seen)",
        (f"seen[{index}] += {_port(monitor.seen)};" for index, monitor in enumerate(harness.monitors)),
    )


def _clock(harness: Harness) -> Iterator[str]:
    levels = {clock.name: "active" if clock.edge is Edge.RISING else "!active" for clock in harness.clocks}
    if len(set(harness.schedule)) == 1:
        yield f"{_port(harness.schedule[0])} = {levels[harness.schedule[0]]};"
    elif harness.schedule:
        yield "switch (phase) {"
        for phase, name in enumerate(harness.schedule):
            yield f"    case {phase}: {_port(name)} = {levels[name]}; break;"
        yield "}"


def _counters(count: int) -> Iterator[str]:
    """Give the functions for the coverage counters: those of models that are gone are kept and added."""
    yield "    static inline uint32_t kept[COUNTERS + 1];"
    now = "const uint32_t* now = reinterpret_cast<const uint32_t*>(model.rootp->vlSymsp->__Vcoverage);"
    each = "for (uint32_t index = 0; index < COUNTERS; ++index)"
    keep = [now, f"{each} kept[index] += now[index];"]
    copy = [now, f"{each} into[index] = kept[index] + now[index];"]
    zero = [
        "memset(kept, 0, sizeof kept);",
        "memset(reinterpret_cast<void*>(model.rootp->vlSymsp->__Vcoverage), 0, COUNTERS * sizeof(uint32_t));",
    ]
    yield from _function("void keep_counters(Vtop& model)", keep if count else ())
    yield from _function("void copy_counters(Vtop& model, uint32_t* into)", copy if count else ())
    yield from _function("void zero_counters(Vtop& model)", zero if count else ())


def _port(name: str) -> str:
    return f"root.{encoded(name)}"


def _words(slot: Slot) -> str:
    return ", ".join(f"{slot.default >> 32 * index & 0xFFFFFFFF:#x}u" for index in range(slot.words))
