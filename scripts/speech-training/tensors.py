"""Files of safetensors: a length, a table of contents in JSON, and the values."""

import json
import struct

import numpy as np

TYPES = {"F32": np.float32, "U8": np.uint8, "I8": np.int8}
NAMES = {np.dtype(kind): name for name, kind in TYPES.items()}


def read(path):
    with open(path, "rb") as file:
        data = file.read()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8 : 8 + length]).items():
        start, end = (8 + length + at for at in entry["data_offsets"])
        flat = np.frombuffer(data[start:end], TYPES[entry["dtype"]])
        tensors[name] = flat.reshape(entry["shape"]).copy()
    return tensors


def write(path, tensors):
    contents, values, end = {}, [], 0
    for name in sorted(tensors):
        data = np.ascontiguousarray(tensors[name])
        contents[name] = {
            "dtype": NAMES[data.dtype],
            "shape": list(data.shape),
            "data_offsets": [end, end + data.nbytes],
        }
        values.append(data.tobytes())
        end += data.nbytes
    head = json.dumps(contents, separators=(",", ":")).encode()
    head += b" " * (-len(head) % 8)
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + b"".join(values))
