"""The switch that keeps tests away from real models."""

from __future__ import annotations

import pytest

from llm_assist.model import Message
from llm_assist.permission import ModelRequestForbidden, demand_permission, model_requests_allowed
from llm_assist.registry import load_model

QUESTION = (Message(role="user", content="?"),)


def test_requests_are_forbidden_in_every_test_that_is_not_marked() -> None:
    assert not model_requests_allowed()


def test_a_forbidden_request_is_one_sentence_and_loads_nothing() -> None:
    with pytest.raises(ModelRequestForbidden) as refusal:
        load_model("smollm2").generate(QUESTION)
    assert refusal.value.sentence == (
        "a request to the model 'smollm2' is forbidden here; scripted:FILE and replay:FILE answer without a request; "
        "unset POSEDGE_ALLOW_MODEL_REQUESTS to allow requests."
    )


@pytest.mark.model
def test_a_marked_test_may_ask() -> None:
    demand_permission("any")
