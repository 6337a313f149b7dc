"""Files of the workspace that several builds write at once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from verif.sim.placing import put


def test_many_threads_put_one_file(tmp_path: Path) -> None:
    data = bytes(200_000)
    with ThreadPoolExecutor(8) as pool:
        for turn in range(40):
            file = tmp_path / f"{turn}.sv"
            for done in [pool.submit(put, file, data) for _ in range(8)]:
                done.result()
            assert file.read_bytes() == data
    assert len(list(tmp_path.iterdir())) == 40
