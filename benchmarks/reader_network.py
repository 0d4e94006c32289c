"""The reader's four layers: started from the cross-encoder's last four, trained in torch, saved as int8 ONNX."""

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import nn

from roros_assistant.rerank import model_files

SIZE, HEADS, INNER = 384, 12, 1_536
FIRST, LAYERS = 8, 4
_EPSILON = 1e-12
_FAR = 1e4  # what is subtracted from the weight of padding
# Our names of a layer's parts, and BERT's.
PARTS = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "mix": "attention.output.dense",
    "norm": "attention.output.LayerNorm",
    "wide": "intermediate.dense",
    "narrow": "output.dense",
    "last_norm": "output.LayerNorm",
}


class Layer(nn.Module):
    """One of BERT's."""

    def __init__(self, weights: dict[str, Any], number: int) -> None:
        super().__init__()
        self.query, self.key, self.value, self.mix = (nn.Linear(SIZE, SIZE) for _ in range(4))
        self.wide, self.narrow = nn.Linear(SIZE, INNER), nn.Linear(INNER, SIZE)
        self.norm, self.last_norm = (nn.LayerNorm(SIZE, eps=_EPSILON) for _ in range(2))
        self.drop = nn.Dropout(0.1)
        for ours, theirs in PARTS.items():
            for kind in ("weight", "bias"):
                getattr(getattr(self, ours), kind).data = torch.tensor(weights[f"{number}.{theirs}.{kind}"])

    def forward(self, states: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        query, key, value = (_heads(part(states)) for part in (self.query, self.key, self.value))
        seen = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=mask)
        mixed = self.mix(seen.transpose(1, 2).reshape(states.shape))
        states = self.norm(states + self.drop(mixed))
        widened = nn.functional.gelu(self.wide(states))
        last: torch.Tensor = self.last_norm(states + self.drop(self.narrow(widened)))
        return last


class Reader(nn.Module):
    """Hidden states of the eighth layer -> where an answer starts and ends, and the log-odds that there is one."""

    def __init__(self) -> None:
        super().__init__()
        weights = packaged_weights()
        self.layers = nn.ModuleList(Layer(weights, number) for number in range(FIRST, FIRST + LAYERS))
        self.span, self.answer = nn.Linear(SIZE, 2), nn.Linear(SIZE, 1)

    def start_from(self, file: Path) -> None:
        """Take the weights of a reader that was saved before; where answers start and end must be learnt anew."""
        held = {each.name: numpy_helper.to_array(each) for each in onnx.load(str(file)).graph.initializer}
        parts = [
            (f"{number}.{part}", getattr(layer, part)) for number, layer in enumerate(self.layers) for part in PARTS
        ]
        for name, part in [*parts, ("answer", self.answer)]:
            weight = held.get(f"{name}.weight")
            if weight is None:
                eight_bits, zero = (held[f"{name}.weight_{kind}"] for kind in ("quantized", "zero_point"))
                weight = (eight_bits.astype(np.float32) - zero) * held[f"{name}.weight_scale"]
            part.weight.data = torch.tensor(weight.T.copy())
            part.bias.data = torch.tensor(held[f"{name}.bias"])

    def forward(self, states: torch.Tensor, lengths: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of shapes ``(batch, tokens, 2)`` and ``(batch,)`` of states ``(batch, tokens, 384)``."""
        mask = (torch.arange(states.shape[1])[None] < lengths[:, None])[:, None, None, :]
        for layer in self.layers:
            states = layer(states, mask)
        return self.span(states), self.answer(states[:, 0])[:, 0]


def _heads(states: torch.Tensor) -> torch.Tensor:
    return states.view(*states.shape[:2], HEADS, SIZE // HEADS).transpose(1, 2)


def packaged_weights() -> dict[str, Any]:
    """The cross-encoder's upper layers as float32, by "layer.part.kind"."""
    graph = onnx.load(str(next(iter(model_files())))).graph
    held = {each.name: numpy_helper.to_array(each) for each in graph.initializer}
    prefix = "bert.encoder.layer."
    weights = {name.removeprefix(prefix): value for name, value in held.items() if name.startswith(prefix)}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.name.startswith("/bert/encoder/layer."):
            name = node.name.removeprefix("/bert/encoder/layer.").removesuffix("/MatMul_quant").replace("/", ".")
            eight_bits, zero = held[node.input[1]].astype(np.float32), held[node.input[3]].astype(np.float32)
            scale = held[node.input[1].replace("_quantized", "_scale")]
            weights[f"{name}.weight"] = ((eight_bits - zero) * scale).T.copy()
    return weights


def saved(reader: Reader) -> bytes:
    """An int8 model: hidden states and an attention mask -> "answers", the log-odds alone."""
    model = _Drawing().draw(reader)
    onnx.checker.check_model(model)
    with tempfile.TemporaryDirectory() as folder:
        whole, small = Path(folder, "whole.onnx"), Path(folder, "small.onnx")
        onnx.save(model, str(whole))
        quantize_dynamic(whole, small, weight_type=QuantType.QInt8, op_types_to_quantize=["MatMul"])
        return small.read_bytes()


class _Drawing:
    """An ONNX graph as it grows; every method gives the name of what it computes."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._held: list[Any] = []

    def draw(self, reader: Reader) -> Any:
        states = "hidden"
        mask = self._mask()
        for number, layer in enumerate(reader.layers):
            states = self._layer(states, mask, layer, str(number))
        first = self._step("Gather", [states, self._hold("zero", np.int64(0))], "first", axis=1)
        answer = self._linear(first, reader.answer, "answer")
        self._step("Squeeze", [answer, self._hold("one_axis", np.array([1]))], "answers")
        inputs = [
            helper.make_tensor_value_info("hidden", TensorProto.FLOAT, ["pairs", "tokens", SIZE]),
            helper.make_tensor_value_info("attention_mask", TensorProto.INT64, ["pairs", "tokens"]),
        ]
        outputs = [helper.make_tensor_value_info("answers", TensorProto.FLOAT, ["pairs"])]
        graph = helper.make_graph(self._nodes, "reader", inputs, outputs, self._held)
        return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 20)], ir_version=9)

    def _mask(self) -> str:
        as_number = self._step("Cast", ["attention_mask"], "mask.number", to=TensorProto.FLOAT)
        less = self._step("Sub", [as_number, self._hold("one", np.float32(1))], "mask.less")
        far = self._step("Mul", [less, self._hold("far", np.float32(_FAR))], "mask.far")
        return self._step("Unsqueeze", [far, self._hold("mask.axes", np.array([1, 2]))], "mask")

    def _layer(self, states: str, mask: str, layer: Any, name: str) -> str:
        query, key, value = (
            self._split(self._linear(states, getattr(layer, part), f"{name}.{part}"), f"{name}.{part}", order)
            for part, order in (("query", [0, 2, 1, 3]), ("key", [0, 2, 3, 1]), ("value", [0, 2, 1, 3]))
        )
        alike = self._step("MatMul", [query, key], f"{name}.alike")
        size = self._hold(f"{name}.size", np.float32((SIZE // HEADS) ** -0.5))
        scaled = self._step("Mul", [alike, size], f"{name}.scaled")
        weights = self._step(
            "Softmax", [self._step("Add", [scaled, mask], f"{name}.masked")], f"{name}.weights", axis=-1
        )
        seen = self._step("MatMul", [weights, value], f"{name}.seen")
        turned = self._step("Transpose", [seen], f"{name}.turned", perm=[0, 2, 1, 3])
        joined = self._step("Reshape", [turned, self._hold(f"{name}.shape", np.array([0, 0, SIZE]))], f"{name}.joined")
        mixed = self._linear(joined, layer.mix, f"{name}.mix")
        states = self._norm(self._step("Add", [states, mixed], f"{name}.sum"), layer.norm, f"{name}.norm")
        wide = self._step("Gelu", [self._linear(states, layer.wide, f"{name}.wide")], f"{name}.gelu")
        narrow = self._linear(wide, layer.narrow, f"{name}.narrow")
        return self._norm(self._step("Add", [states, narrow], f"{name}.last"), layer.last_norm, f"{name}.last_norm")

    def _split(self, states: str, name: str, order: Sequence[int]) -> str:
        shape = self._hold(f"{name}.shape", np.array([0, 0, HEADS, SIZE // HEADS]))
        return self._step(
            "Transpose", [self._step("Reshape", [states, shape], f"{name}.split")], f"{name}.heads", perm=order
        )

    def _linear(self, states: str, layer: Any, name: str) -> str:
        weight = self._hold(f"{name}.weight", layer.weight.detach().numpy().T.copy())
        bias = self._hold(f"{name}.bias", layer.bias.detach().numpy())
        return self._step("Add", [self._step("MatMul", [states, weight], f"{name}.product"), bias], name)

    def _norm(self, states: str, layer: Any, name: str) -> str:
        held = [self._hold(f"{name}.{kind}", getattr(layer, kind).detach().numpy()) for kind in ("weight", "bias")]
        return self._step("LayerNormalization", [states, *held], name, axis=-1, epsilon=_EPSILON)

    def _hold(self, name: str, value: Any) -> str:
        self._held.append(numpy_helper.from_array(np.asarray(value), name))
        return name

    def _step(self, kind: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self._nodes.append(helper.make_node(kind, list(inputs), [name], name=name, **attributes))
        return name
