"""The embedded model itself: what it answers, and that batching and forced tokens change nothing."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from llm_assist.backends.local import LocalModel
from llm_assist.chat import render
from llm_assist.model import Constraint, Message

pytestmark = [pytest.mark.model, pytest.mark.xdist_group("model")]

QUESTION = (Message(role="user", content="Name three logic gates."),)


@pytest.fixture(scope="module")
def greedy(smollm2: Path) -> LocalModel:
    return LocalModel("smollm2", temperature=0)


@pytest.fixture(scope="module")
def sampling(smollm2: Path, greedy: LocalModel) -> LocalModel:
    model = LocalModel("smollm2")
    model._engine = greedy.load()
    return model


def test_greedy_text_is_what_the_weights_are_known_to_say(greedy: LocalModel) -> None:
    (answer,) = greedy.generate((Message(role="user", content="What is the capital of France?"),), max_tokens=16)
    assert answer.text == "The capital of France is Paris."
    assert answer.finished


def test_greedy_text_equals_the_library_s_own_loop(greedy: LocalModel) -> None:
    import torch

    engine = greedy.load()
    ids = torch.tensor([engine.tokenizer.encode(render(QUESTION)).ids])
    whole = engine.network.generate(
        ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24, eos_token_id=2, pad_token_id=2
    )
    (answer,) = greedy.generate(QUESTION, max_tokens=24)
    assert answer.text == engine.tokenizer.decode(whole[0, ids.shape[1] :].tolist())


def test_forced_tokens_leave_the_greedy_answer_as_it_is(greedy: LocalModel) -> None:
    """A grammar that allows exactly one text forces all of it; each row of a batch must read it alike."""
    text = "assign y = a ^ b;\n"
    constraint = Constraint(lark=f"start: {json.dumps(text)}")
    answers = greedy.generate(QUESTION, n=3, constraint=constraint, max_tokens=64)
    assert [answer.text for answer in answers] == [text] * 3
    assert all(answer.finished for answer in answers)


def test_rows_of_unequal_pace_do_not_disturb_each_other(greedy: LocalModel, sampling: LocalModel) -> None:
    """Forced runs of different length pad the batch; after them each row must still know its own text."""
    branches = '"1 is followed by " NEXT | "The number that comes after the number seven is " NEXT'
    grammar = f"start: {branches}\nNEXT: /[0-9]/\n"
    question = (Message(role="user", content="Say which number follows 1, or which follows 7."),)
    answers = sampling.generate(question, n=8, constraint=Constraint(lark=grammar), seed=1, max_tokens=32)
    alone = {
        start: greedy.generate(question, prefix=start, constraint=Constraint(lark="start: /[0-9]/"))[0].text
        for start in {answer.text[:-1] for answer in answers}
    }
    assert len(alone) == 2
    agreeing = sum(answer.text == answer.text[:-1] + alone[answer.text[:-1]] for answer in answers)
    assert agreeing >= 6


def test_seeds_repeat_and_differ(sampling: LocalModel) -> None:
    def texts(seed: int) -> list[str]:
        return [answer.text for answer in sampling.generate(QUESTION, n=4, seed=seed, max_tokens=12)]

    assert texts(1) == texts(1)
    assert texts(1) != texts(2)
    assert len(set(texts(1))) > 1


def test_an_answer_cut_at_the_limit_is_not_finished(greedy: LocalModel) -> None:
    (answer,) = greedy.generate(QUESTION, max_tokens=3)
    assert answer.completion_tokens == 3
    assert not answer.finished


def test_the_prompt_is_counted_once_for_a_batch(greedy: LocalModel) -> None:
    answers = greedy.generate(QUESTION, n=3, max_tokens=2)
    assert answers[0].prompt_tokens > 10
    assert [answer.prompt_tokens for answer in answers[1:]] == [0, 0]


def test_the_answer_goes_on_from_the_prefix(greedy: LocalModel) -> None:
    question = (Message(role="user", content="What is the capital of France?"),)
    (answer,) = greedy.generate(question, prefix="The capital of France is", max_tokens=4)
    assert answer.text.startswith(" Paris")
