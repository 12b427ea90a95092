"""What happens to sounds on their way to a microphone, for a batch at once (batch × samples at 16 kHz)."""

import math

import torch

RATE = 16_000
FRAME = 320
LEVEL_DB = -18


def between(least, most, count, device):
    return torch.rand(count, device=device) * (most - least) + least


def powers(x):
    return x[:, : x.shape[1] // FRAME * FRAME].unflatten(1, (-1, FRAME)).pow(2).mean(2)


def speech_level(x):
    """RMS of the frames within 30 dB of the loudest, as the benchmark's noise is measured against."""
    power = powers(x)
    spoken = (power > power.amax(1, keepdim=True) / 1_000).float()
    mean = (power * spoken).sum(1) / spoken.sum(1).clamp(min=1)
    return mean.clamp(min=1e-12).sqrt()[:, None]


def at_one_level(x):
    """As host/voice/recognition/rescoring/core/level.ts does before the model hears."""
    power = powers(x)
    loud = power.topk(math.ceil(power.shape[1] / 4), 1)[0].mean(1).sqrt()
    return (x * (10 ** (LEVEL_DB / 20) / loud.clamp(min=1e-6))[:, None]).clamp(-1, 1)


def even(x):
    return x / x.pow(2).mean(1, keepdim=True).sqrt().clamp(min=1e-6)


def coloured(count, length, device):
    """White, pink, anything from blue to brown, some with a hump, some that come and go."""
    spectrum = torch.fft.rfft(torch.randn(count, length, device=device))
    hertz = torch.linspace(0, RATE / 2, spectrum.shape[1], device=device).clamp(min=30)[None]
    kind = torch.rand(count, device=device)
    slope = torch.where(kind < 0.25, 0.0, torch.where(kind < 0.6, 1.0, between(-0.5, 2.2, count, device)))
    middle = between(math.log(100), math.log(7_000), count, device)[:, None]
    width = between(0.2, 0.9, count, device)[:, None]
    hump = (between(0, 12, count, device) * (torch.rand(count, device=device) < 0.4))[:, None]
    shape = 10 ** (hump * torch.exp(-(((hertz.log() - middle) / width) ** 2)) / 20)
    x = even(torch.fft.irfft(spectrum * hertz.pow(-slope[:, None] / 2) * shape, n=length))
    comes = (torch.rand(count, device=device) < 0.25).float()[:, None] * 0.8
    turns = between(0.5, 6, count, device)[:, None] * torch.arange(length, device=device) / RATE
    return x * (1 + comes * torch.sin(2 * math.pi * (turns + between(0, 1, count, device)[:, None])))


def echoed(x, which):
    """Echoes of rooms that fall by 60 dB in .15 to .6 s, 0 to 10 dB below the direct sound."""
    count, length = x.shape
    seconds = torch.arange(RATE // 2, device=x.device)[None] / RATE
    falls = 10 ** (-3 * seconds / between(0.15, 0.6, count, x.device)[:, None]) * (seconds > 0.003)
    room = torch.randn(count, RATE // 2, device=x.device) * falls
    room = room / room.pow(2).sum(1, keepdim=True).sqrt()
    room = room * 10 ** (-between(0, 10, count, x.device) / 20)[:, None]
    room[:, 0] = 1
    whole = length + RATE // 2
    y = torch.fft.irfft(torch.fft.rfft(x, n=whole) * torch.fft.rfft(room, n=whole), n=whole)
    return torch.where(which[:, None], y[:, :length], x)


def through_microphones(x, which):
    """Tilted by up to 3 dB an octave; some pass little above 3 to 7.5 kHz."""
    count, length = x.shape
    spectrum = torch.fft.rfft(x)
    hertz = torch.linspace(0, RATE / 2, spectrum.shape[1], device=x.device).clamp(min=60)[None]
    tilt = between(-3, 3, count, x.device)[:, None]
    edge = torch.where(
        torch.rand(count, device=x.device) < 0.3, between(3_000, 7_500, count, x.device), 1e5
    )[:, None]
    gain = 10 ** (tilt * torch.log2(hertz / 1_000) / 20) / (1 + (hertz / edge) ** 8).sqrt()
    return torch.where(which[:, None], torch.fft.irfft(spectrum * gain, n=length), x)
