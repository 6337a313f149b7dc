"""The decoding loop of the local backend: one prompt, several answers in one batch, each under its own matcher."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy
import torch
from llguidance import LLTokenizer
from tokenizers import Tokenizer

from llm_assist.model import Constraint
from llm_assist.store import InstalledModel


@dataclass(slots=True)
class Row:
    """One answer as it grows."""

    matcher: Any
    """The constraint's state; None where anything goes."""
    random: numpy.random.Generator
    answer: list[int] = field(default_factory=list)
    """Token ids, without the end mark."""
    fed: list[int] = field(default_factory=list)
    """Tokens that the network has not read yet."""
    length: int = 0
    """Tokens of prompt and answer that the network has read."""
    finished: bool = False
    cut: bool = False

    @property
    def alive(self) -> bool:
        """Whether the answer goes on."""
        return not (self.finished or self.cut)


class Engine:
    """Weights and tokenizer of one installed model."""

    def __init__(self, model: InstalledModel, *, threads: int, end_of_turn: str, matchers: Callable[..., Any]) -> None:
        from transformers import LlamaForCausalLM
        from transformers.utils import logging

        logging.disable_progress_bar()
        torch.set_num_threads(threads)
        self.tokenizer = Tokenizer.from_file(str(model.tokenizer))
        self.network = LlamaForCausalLM.from_pretrained(model.folder, dtype=_fast_type(), local_files_only=True).eval()
        self._end = self.tokenizer.token_to_id(end_of_turn)
        self._vocabulary = self.network.config.vocab_size
        self._ll = LLTokenizer(model.tokenizer.read_text(encoding="utf-8"), eos_token=self._end)
        self._matchers = matchers

    def sample(
        self,
        prompt: list[int],
        *,
        n: int,
        constraint: Constraint | None,
        seed: int,
        max_tokens: int,
        temperature: float,
    ) -> list[Row]:
        """Grow ``n`` answers to ``prompt``; each ends at the end mark, where its constraint ends, or at the limit."""
        matchers = self._matchers(self._ll, constraint) if constraint else None
        rows = [
            Row(matcher=matchers.new() if matchers else None, random=numpy.random.default_rng([seed, index]))
            for index in range(n)
        ]
        batch = _Batch(self.network, rows, prompt)
        with torch.inference_mode():
            scores = batch.read_prompt()
            while batch.rows:
                for row, row_scores in zip(batch.rows, scores, strict=True):
                    self._grow(row, row_scores, max_tokens, temperature)
                batch.drop_ended()
                if batch.rows:
                    scores = batch.read()
        return rows

    def _grow(self, row: Row, scores: Any, max_tokens: int, temperature: float) -> None:
        """Take one token, and those that the constraint then forces, into ``row``."""
        allowed = self._allowed(row)
        token = _choose(scores, allowed, temperature, row.random)
        if token == self._end:
            row.finished = True
            return
        row.fed = [token]
        if row.matcher is not None:
            row.matcher.consume_token(token)
            forced = row.matcher.compute_ff_tokens()
            if forced and row.matcher.consume_tokens(forced):
                row.fed += forced
            row.finished = row.matcher.is_stopped()
        row.fed = row.fed[: max_tokens - len(row.answer)]
        row.answer += row.fed
        row.cut = not row.finished and len(row.answer) >= max_tokens

    def _allowed(self, row: Row) -> Any:
        """Return the ids of the tokens that may come next, or None for all."""
        if row.matcher is None:
            return None
        bits = numpy.unpackbits(numpy.frombuffer(row.matcher.compute_bitmask(), dtype=numpy.uint8), bitorder="little")
        return numpy.flatnonzero(bits[: self._vocabulary])


class _Batch:
    """The rows that still grow and the network's cache of what they have read.

    Rows may be fed different numbers of tokens at once; the shorter ones are padded, and the padding stays masked.
    """

    def __init__(self, network: Any, rows: list[Row], prompt: list[int]) -> None:
        from transformers import DynamicCache

        self.rows = rows
        self._network = network
        self._prompt = prompt
        self._cache = DynamicCache(config=network.config)
        self._mask = torch.ones((len(rows), len(prompt)), dtype=torch.long)

    def read_prompt(self) -> Any:
        """Let the network read the prompt once; return the scores of the first token, (rows, vocabulary)."""
        ids = torch.tensor([self._prompt])
        hidden = self._network.model(input_ids=ids, past_key_values=self._cache, use_cache=True).last_hidden_state
        self._cache.batch_repeat_interleave(len(self.rows))
        for row in self.rows:
            row.length = len(self._prompt)
        return self._scores(hidden[:, -1]).repeat(len(self.rows), axis=0)

    def read(self) -> Any:
        """Let the network read each row's new tokens; return the next token's scores, (rows, vocabulary)."""
        width = max(len(row.fed) for row in self.rows)
        ids = torch.zeros((len(self.rows), width), dtype=torch.long)
        new = torch.zeros((len(self.rows), width), dtype=torch.long)
        positions = torch.zeros((len(self.rows), width), dtype=torch.long)
        for index, row in enumerate(self.rows):
            count = len(row.fed)
            ids[index, :count] = torch.tensor(row.fed)
            new[index, :count] = 1
            positions[index] = torch.arange(row.length, row.length + width)
            row.length += count
        self._mask = torch.cat([self._mask, new], dim=1)
        hidden = self._network.model(
            input_ids=ids,
            attention_mask=self._mask,
            position_ids=positions,
            past_key_values=self._cache,
            use_cache=True,
        ).last_hidden_state
        last = torch.tensor([len(row.fed) - 1 for row in self.rows])
        return self._scores(hidden[torch.arange(len(self.rows)), last])

    def drop_ended(self) -> None:
        """Forget the rows that have ended."""
        kept = [index for index, row in enumerate(self.rows) if row.alive]
        if len(kept) == len(self.rows):
            return
        self.rows = [self.rows[index] for index in kept]
        if kept:
            self._cache.batch_select_indices(torch.tensor(kept))
            self._mask = self._mask[kept]

    def _scores(self, hidden: Any) -> Any:
        return self._network.lm_head(hidden).float().numpy()


def _choose(scores: Any, allowed: Any, temperature: float, random: numpy.random.Generator) -> int:
    """Draw a token from ``scores`` (vocabulary) over the ``allowed`` ids."""
    if allowed is not None:
        scores = scores[allowed]
    if temperature > 0:
        scores = scores / temperature + random.gumbel(size=scores.shape)
    index = int(scores.argmax())
    return int(allowed[index]) if allowed is not None else index


def _fast_type() -> Any:
    """Return bfloat16 where the CPU computes in it, else float32 (which is then several times faster)."""
    supported = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    return torch.bfloat16 if supported else torch.float32
