"""Which transactor stands for which kind of driver."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from verif.harness.transactors import fifos, masters, plain, serial, streams, targets
from verif.harness.transactors.parts import Parts
from verif.harness.transactors.use import TransactorUse

TRANSACTORS: Mapping[str, Callable[[Parts], TransactorUse]] = MappingProxyType(
    {
        "StreamSource": streams.stream_source,
        "StreamSink": streams.stream_sink,
        "InstructionSource": streams.instruction_source,
        "FifoPush": fifos.fifo_push,
        "FifoPop": fifos.fifo_pop,
        "Requester": plain.requester,
        "Operation": plain.operation,
        "Instructions": plain.instructions,
        "Pulses": plain.pulses,
        "ApbMaster": masters.apb_master,
        "AxiLiteMaster": masters.axi_lite_master,
        "WishboneMaster": masters.wishbone_master,
        "MemoryResponder": targets.memory_responder,
        "ApbTarget": targets.apb_target,
        "WishboneTarget": targets.wishbone_target,
        "AxiLiteTarget": targets.axi_lite_target,
        "UartLine": serial.uart_line,
        "SpiSubordinate": serial.spi_subordinate,
    }
)
"""Driver kind to what makes its transactor. The other kinds have no protocol: their ports take stimulus as it is."""
