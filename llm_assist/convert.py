"""From a Llama-shaped GGUF file to the three files that load fast: weights (bf16), configuration, tokenizer.

Quantised weights are expanded once here, since expanding them at each start costs half a minute.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from llm_assist.store import CONFIG, TOKENIZER, WEIGHTS
from verif.errors import ToolError

Progress = Callable[[int, int], None]
"""Called with the work done and the whole work, in any one unit."""

_LAYER = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
    "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm",
}
_TOP = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
_CONTROL_TOKEN = 3
"""GGUF's token type of markers such as ``<|im_end|>``."""


def convert(gguf_file: Path, folder: Path, progress: Progress) -> None:
    """Write weights, configuration and tokenizer of the model in ``gguf_file`` into ``folder``."""
    from gguf import GGUFReader

    reader = GGUFReader(gguf_file)
    fields = {key: field.contents() for key, field in reader.fields.items()}
    if fields.get("general.architecture") != "llama":
        raise ToolError("PE505", "not a Llama-shaped model", where=str(gguf_file))
    (folder / CONFIG).write_text(json.dumps(_configuration(fields), indent=1), encoding="utf-8")
    _write_tokenizer(fields, folder / TOKENIZER)
    _write_weights(reader, fields, folder / WEIGHTS, progress)


def _configuration(fields: dict[str, Any]) -> dict[str, Any]:
    def llama(key: str) -> Any:
        return fields[f"llama.{key}"]

    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "vocab_size": llama("vocab_size"),
        "hidden_size": llama("embedding_length"),
        "intermediate_size": llama("feed_forward_length"),
        "num_hidden_layers": llama("block_count"),
        "num_attention_heads": llama("attention.head_count"),
        "num_key_value_heads": llama("attention.head_count_kv"),
        "max_position_embeddings": llama("context_length"),
        "rms_norm_eps": float(llama("attention.layer_norm_rms_epsilon")),
        "rope_parameters": {"rope_type": "default", "rope_theta": float(llama("rope.freq_base"))},
        "hidden_act": "silu",
        "tie_word_embeddings": True,
        "dtype": "bfloat16",
        "bos_token_id": fields["tokenizer.ggml.bos_token_id"],
        "eos_token_id": fields["tokenizer.ggml.eos_token_id"],
        "pad_token_id": fields["tokenizer.ggml.padding_token_id"],
    }


def _write_tokenizer(fields: dict[str, Any], file: Path) -> None:
    """Write a byte-level BPE tokenizer that takes digits one by one (GGUF's ``smollm`` pre-tokenizer)."""
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    tokens = fields["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ", 1)) for merge in fields["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE(vocab={text: index for index, text in enumerate(tokens)}, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    kinds = fields["tokenizer.ggml.token_type"]
    control = [text for text, kind in zip(tokens, kinds, strict=True) if kind == _CONTROL_TOKEN]
    tokenizer.add_special_tokens([AddedToken(text, special=True, normalized=False) for text in control])
    tokenizer.save(str(file))


def _write_weights(reader: Any, fields: dict[str, Any], file: Path, progress: Progress) -> None:
    import numpy
    import torch
    from gguf import dequantize
    from safetensors.torch import save_file

    heads = {
        "attn_q": fields["llama.attention.head_count"],
        "attn_k": fields["llama.attention.head_count_kv"],
    }
    weights = {}
    for index, tensor in enumerate(reader.tensors):
        progress(index, len(reader.tensors))
        name, kind = _name(tensor.name)
        values = dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32)
        if kind in heads:
            values = _unpermute(values, heads[kind])
        weights[name] = torch.from_numpy(numpy.ascontiguousarray(values)).to(torch.bfloat16)
    save_file(weights, str(file), metadata={"format": "pt"})
    file.chmod(0o644)  # save_file makes it private, a shared folder needs it readable
    progress(len(reader.tensors), len(reader.tensors))


def _name(gguf_name: str) -> tuple[str, str]:
    """Return the transformers name of a tensor and its kind (``attn_q``, ``token_embd`` ...)."""
    stem = gguf_name.removesuffix(".weight")
    if stem.startswith("blk."):
        _, layer, kind = stem.split(".")
        return f"model.layers.{layer}.{_LAYER[kind]}.weight", kind
    return f"{_TOP[stem]}.weight", stem


def _unpermute(values: Any, heads: int) -> Any:
    """Undo GGUF's interleaving of the two halves of each head's rotary dimensions; ``values`` is (rows, columns)."""
    rows, columns = values.shape
    return values.reshape(heads, rows // heads // 2, 2, columns).swapaxes(1, 2).reshape(rows, columns)
