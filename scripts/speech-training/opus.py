"""Sounds as packets of Opus, through the system's libopus: five hours are 40 MB."""

import ctypes
import ctypes.util

import numpy as np

RATE = 16_000
FRAME = RATE // 50
BITS_PER_SECOND = 18_000
SET_BITRATE = 4002
VOIP = 2048
LARGEST_PACKET = 1_500
# What comes out of the decoder is later by so much.
DELAY = 104


def library(path=None):
    opus = ctypes.CDLL(path or ctypes.util.find_library("opus") or "libopus.so.0")
    opus.opus_encoder_create.restype = ctypes.c_void_p
    opus.opus_decoder_create.restype = ctypes.c_void_p
    return opus


def encoded(opus, samples):
    """Float samples at 16 kHz → a list of packets."""
    error = ctypes.c_int()
    encoder = ctypes.c_void_p(opus.opus_encoder_create(RATE, 1, VOIP, ctypes.byref(error)))
    opus.opus_encoder_ctl(encoder, ctypes.c_int(SET_BITRATE), ctypes.c_int(BITS_PER_SECOND))
    whole = np.concatenate([samples, np.zeros(FRAME - len(samples) % FRAME + FRAME)])
    room = (ctypes.c_ubyte * LARGEST_PACKET)()
    packets = []
    for frame in whole.astype(np.float32).reshape(-1, FRAME):
        data = np.ascontiguousarray(frame).ctypes.data_as(ctypes.c_void_p)
        size = opus.opus_encode_float(encoder, data, FRAME, room, LARGEST_PACKET)
        packets.append(bytes(room[:size]))
    opus.opus_encoder_destroy(encoder)
    return packets


def decoded(opus, packets, length):
    error = ctypes.c_int()
    decoder = ctypes.c_void_p(opus.opus_decoder_create(RATE, 1, ctypes.byref(error)))
    samples = np.zeros(len(packets) * FRAME, np.float32)
    for at, packet in enumerate(packets):
        to = ctypes.c_void_p(samples.ctypes.data + samples.itemsize * FRAME * at)
        opus.opus_decode_float(decoder, packet, len(packet), to, FRAME, 0)
    opus.opus_decoder_destroy(decoder)
    return samples[DELAY : DELAY + length]
