"""Moonshine tiny in PyTorch (github.com/moonshine-ai/moonshine), with what it learns beside the published weights."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

LAYERS, HEADS, HEAD, ROTATED = 6, 8, 36, 32
WIDTH = HEADS * HEAD
LEVELS = 255


class Rounded(torch.autograd.Function):
    """Rounds, and lets the gradient through as if it did not."""

    @staticmethod
    def forward(_, x):
        return torch.round(x)

    @staticmethod
    def backward(_, gradient):
        return gradient


def in_eight_bits(x, over):
    """As the runtime has it: eight bits between the least and the largest over these dimensions."""
    least = x.amin(over, keepdim=True).clamp(max=0).detach()
    most = x.amax(over, keepdim=True).clamp(min=0).detach()
    scale = ((most - least) / LEVELS).clamp(min=1e-9)
    zero = torch.round(-least / scale)
    return (torch.clamp(Rounded.apply(x / scale) + zero, 0, LEVELS) - zero) * scale


class Learned(nn.Module):
    """Something published under a name, and what is added to it."""

    def __init__(self, name, published):
        super().__init__()
        self.name = name
        self.register_buffer("published", published, persistent=False)


class Vector(Learned):
    def __init__(self, name, published, learns):
        super().__init__(name, published)
        self.more = nn.Parameter(torch.zeros_like(published)) if learns else None

    def forward(self):
        return self.published if self.more is None else self.published + self.more


class Matrix(Learned):
    """Rows × columns; with a rank it learns, and is in eight bits by column."""

    def __init__(self, name, published, rank):
        super().__init__(name, published)
        rows, columns = published.shape
        self.rank = rank
        if rank > 0:
            self.A = nn.Parameter(torch.randn(rows, rank) / math.sqrt(rows))
            self.B = nn.Parameter(torch.zeros(rank, columns))

    def forward(self, x):
        if self.rank == 0:
            return x @ self.published
        inputs = in_eight_bits(x, tuple(range(1, x.dim())))
        return inputs @ in_eight_bits(self.published + self.A @ self.B, 0)


class Filter(Learned):
    """Of a convolution over time: outputs × inputs × width."""

    def __init__(self, name, published, stride, rank):
        super().__init__(name, published)
        outputs, inputs, width = published.shape
        self.stride, self.rank = stride, rank
        if rank > 0:
            self.A = nn.Parameter(torch.zeros(outputs, rank))
            self.B = nn.Parameter(torch.randn(rank, inputs * width) / math.sqrt(inputs * width))

    def forward(self, x, bias=None):
        more = 0 if self.rank == 0 else (self.A @ self.B).view_as(self.published)
        return F.conv1d(x, self.published + more, bias, stride=self.stride)


def turned(x, frequencies):
    """Marks queries and keys (batch × heads × time × head) with where they stand."""
    angles = torch.arange(x.shape[2], device=x.device)[:, None] * frequencies[None]
    cos, sin = angles.cos(), angles.sin()
    even, odd = x[..., :ROTATED:2], x[..., 1:ROTATED:2]
    pairs = torch.stack((even * cos - odd * sin, even * sin + odd * cos), -1)
    return torch.cat((pairs.flatten(-2), x[..., ROTATED:]), -1)


def heads(x):
    return x.view(x.shape[0], x.shape[1], HEADS, HEAD).transpose(1, 2)


def attended(queries, keys, values, mask=0):
    fits = queries @ keys.transpose(-1, -2) * HEAD**-0.5 + mask
    return (fits.softmax(-1) @ values).transpose(1, 2).flatten(2)


class Moonshine(nn.Module):
    """What hears learns with `rank` (its filters with half of it); what tells stays as published."""

    def __init__(self, tensors, rank=0):
        super().__init__()
        weights = {name: torch.from_numpy(value) for name, value in tensors.items()}
        self.register_buffer("frequencies", weights["frequencies"], persistent=False)
        self.parts = {}
        for name, value in weights.items():
            place, _, part = name.rpartition(".")
            hears = not name.startswith("/model/decoder/") or "encoder_attn/k_" in name or "encoder_attn/v_" in name
            learns = rank if hears else 0
            if part == "bits" and place.startswith("/conv"):
                values = value.float() * weights[f"{place}.scale"] + weights[f"{place}.middle"]
                stride = {"/conv1.weight": 64, "/conv2.weight": 3, "/conv3.weight": 2}[place]
                self.parts[place] = Filter(place, values, stride, learns // 2)
            elif part == "bits":
                values = (value.float() - weights[f"{place}.zero"].float()) * weights[f"{place}.scale"]
                learns = 0 if "embed_tokens" in place else learns
                self.parts[place] = Matrix(place, values, learns)
            elif part in ("weight", "bias") or place == "" and name.startswith("/onnx"):
                self.parts[name] = Vector(name, value, learns > 0)
        self.all = nn.ModuleList(self.parts.values())

    def normed(self, x, name):
        return F.layer_norm(x, (WIDTH,)) * self.parts[name]()

    def times(self, x, place, bias=None):
        y = self.parts[place](x)
        return y if bias is None else y + self.parts[bias]()

    def filtered(self, x, name, bias=None):
        return self.parts[f"{name}.weight"](x, None if bias is None else self.parts[bias]())

    def hear(self, sound):
        """Samples (batch × time) → what the other part looks at (batch × frames of 24 ms × width)."""
        x = torch.tanh(self.filtered(sound[:, None], "/conv1"))
        x = F.group_norm(x, 1, self.parts["/onnx::Mul_1488"](), self.parts["/onnx::Add_1489"]())
        x = F.gelu(self.filtered(x, "/conv2", "/conv2.bias"))
        x = F.gelu(self.filtered(x, "/conv3", "/conv3.bias")).transpose(1, 2)
        for at in (f"/layers.{layer}" for layer in range(LAYERS)):
            h = self.normed(x, f"{at}.input_layernorm.weight")
            q, k, v = (heads(self.times(h, f"{at}/self_attn/{one}_proj")) for one in "qkv")
            q, k = turned(q, self.frequencies), turned(k, self.frequencies)
            x = x + self.times(attended(q, k, v), f"{at}/self_attn/dense")
            h = self.normed(x, f"{at}.post_attention_layernorm.weight")
            h = F.gelu(self.times(h, f"{at}/mlp/fc1", f"{at}.mlp.fc1.bias"))
            x = x + self.times(h, f"{at}/mlp/fc2", f"{at}.mlp.fc2.bias")
        return self.normed(x, "/layer_norm.weight")

    def tell(self, heard, pieces):
        """For each of the pieces (batch × length) the logits of the next one (batch × length × pieces)."""
        table = self.parts["/model/decoder/embed_tokens"].published
        x = table[pieces]
        unseen = torch.full((pieces.shape[1],) * 2, float("-inf"), device=x.device).triu(1)
        for at in (f"/model/decoder/layers.{layer}" for layer in range(LAYERS)):
            h = self.normed(x, f"{at}.input_layernorm.weight")
            q, k, v = (heads(self.times(h, f"{at}/self_attn/{one}_proj")) for one in "qkv")
            q, k = turned(q, self.frequencies), turned(k, self.frequencies)
            x = x + self.times(attended(q, k, v, unseen), f"{at}/self_attn/dense")
            h = self.normed(x, f"{at}.post_attention_layernorm.weight")
            q = heads(self.times(h, f"{at}/encoder_attn/q_proj"))
            k, v = (heads(self.times(heard, f"{at}/encoder_attn/{one}_proj")) for one in "kv")
            x = x + self.times(attended(q, k, v), f"{at}/encoder_attn/dense")
            h = self.normed(x, f"{at}.final_layernorm.weight")
            value, gate = self.times(h, f"{at}/mlp/up_proj", f"{at}.mlp.up_proj.bias").chunk(2, -1)
            down = self.times(F.silu(gate) * value, f"{at}/mlp/down_proj", f"{at}.mlp.down_proj.bias")
            x = x + down
        return self.normed(x, "/model/decoder/norm.weight") @ table.t()

    def learned(self, share=1.0):
        """So much of what was learned, by the names that scripts/lib/adaptation.mjs looks for: factors in eight bits."""
        tensors = {}
        for part in self.all:
            for name, parameter in part.named_parameters():
                value = parameter.detach().float().cpu().numpy()
                if name == "more":
                    tensors[part.name] = (value * share).astype(np.float32)
                    continue
                scale = np.abs(value).max() / 127
                tensors[f"{part.name}.{name}"] = np.round(value / scale).astype(np.int8)
                scale = scale * share if name == "A" else scale
                tensors[f"{part.name}.{name}.scale"] = np.array([scale], np.float32)
        return tensors

    @torch.no_grad()
    def learn(self, tensors):
        """Goes on from what was learned."""
        for part in self.all:
            for name, parameter in part.named_parameters():
                key = part.name if name == "more" else f"{part.name}.{name}"
                scale = 1.0 if name == "more" else float(tensors[f"{key}.scale"][0])
                parameter.copy_(torch.from_numpy(tensors[key].astype(np.float32) * scale))
