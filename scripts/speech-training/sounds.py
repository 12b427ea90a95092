"""python3 sounds.py WORK: WORK/texts.json read aloud, and people's speech, cut at its pauses, as packets of Opus.

→ WORK/sounds.opus and WORK/sounds.json.xz: for each piece of sound whose it is, the pieces of its text (null: not known),
its length in samples, where its packets begin, and how long they are.

Wants flite, festival with kal_diphone, espeak-ng, ffmpeg and libopus. People's speech comes from these Debian packages,
each unpacked (dpkg -x) into WORK/debian/NAME: beneath-a-steel-sky, flight-of-the-amazon-queen, hedgewars-data,
asterisk-core-sounds-{es,fr,it,ru}-wav. For judging what was learned, never for learning: asterisk-core-sounds-en-wav.
"""

import json
import lzma
import random
import struct
import subprocess
import sys
import tempfile
import wave
from multiprocessing import Pool
from pathlib import Path

import numpy as np

import opus

RATE = opus.RATE
WORK = Path(sys.argv[1])
DEBIAN = WORK / "debian"
ESPEAK = "en-us+f1 en-us+m3 en-us+f4 en-gb+m2 en-gb+f3 en-us+m6 en-us en-gb-x-rp+m5 en-us+f5 en-us+m4".split()
NUMBERS_EACH = 3
READ = {"rms": 1_900, "kal16": 900, "kal": 500, "espeak": 800, "kal_diphone": 600}
# Of those who are read to, so many parts say what Hob is told.
ORDERS = 0.55
# Minutes of each.
PEOPLE = {"bass": 75, "fotaq": 85, "hedgewars": 20, "foreign": 8, "allison": 6}
SHORTEST_S, LONGEST_S = 0.35, 3.4
PEAK = 0.9


def samples_of(data):
    """Anything that ffmpeg knows → float samples at 16 kHz."""
    command = f"ffmpeg -v error -i pipe:0 -f s16le -ac 1 -ar {RATE} pipe:1".split()
    done = subprocess.run(command, input=data, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return np.frombuffer(done.stdout, np.int16).astype(np.float32) / 32_768


def read_aloud(job):
    """One sentence by one voice, at some pace."""
    seed, voice, text = job
    chance = random.Random(seed)
    with tempfile.NamedTemporaryFile(suffix=".wav") as file:
        if voice == "kal_diphone":
            stretch = f"(Parameter.set 'Duration_Stretch {chance.uniform(0.88, 1.15):.2f})"
            say = f"(utt.save.wave (utt.synth (eval (list 'Utterance 'Text {json.dumps(text)}))) \"{file.name}\" 'riff)"
            script = f"(voice_kal_diphone)\n{stretch}\n{say}\n"
            subprocess.run(["festival", "--pipe"], input=script.encode(), check=True)
        elif voice in ESPEAK:
            how = ["-s", str(chance.randint(140, 190)), "-p", str(chance.randint(35, 65))]
            subprocess.run(["espeak-ng", "-v", voice, *how, "-w", file.name, text], check=True)
        else:
            how = ["--setf", f"duration_stretch={chance.uniform(0.85, 1.15):.2f}"]
            subprocess.run(["flite", "-voice", voice, *how, "-t", text, "-o", file.name], check=True)
        sound = samples_of(Path(file.name).read_bytes())
    sound *= PEAK / max(1e-6, np.abs(sound).max())
    loud = np.flatnonzero(np.abs(sound) > 0.02)
    return sound[max(0, loud[0] - 400) : loud[-1] + 1_200]


def beneath_a_steel_sky():
    """Files from 50,000 on are speech: 8 bits at 11,025 Hz behind 22 bytes (ScummVM's engines/sky/disk.cpp)."""
    folder = DEBIAN / "beneath-a-steel-sky/usr/share/scummvm/beneath-a-steel-sky"
    table, disk = (folder / "sky.dnr").read_bytes(), (folder / "sky.dsk").read_bytes()
    for at in range(4, len(table) - 7, 8):
        (number,) = struct.unpack_from("<H", table, at)
        (place,) = struct.unpack_from("<I", table, at + 2)
        size = int.from_bytes(table[at + 5 : at + 8], "little") & 0x3FFFFF
        start = (place & 0x7FFFFF) << (4 if place & 0x800000 else 0)
        if number < 50_000 or size < 3_000:
            continue
        raw = struct.pack("<4sI4s4sIHHIIHH4sI", b"RIFF", 36 + size - 22, b"WAVE", b"fmt ", 16, 1, 1, 11_025, 11_025, 1, 8, b"data", size - 22)
        yield samples_of(raw + disk[start + 22 : start + size])


def flight_of_the_amazon_queen():
    """A table of names, places and sizes; those that end in .SB are speech as MP3."""
    folder = DEBIAN / "flight-of-the-amazon-queen/usr/share/scummvm/flight-of-the-amazon-queen"
    data = (folder / "queen.1c").read_bytes()
    lines, at = [], data.index(b"200001P2.SB")
    while (name := data[at : at + 12].rstrip(b"\0")).isascii() and name.replace(b".", b"").isalnum():
        start, size = struct.unpack_from(">II", data, at + 13)
        if name.endswith(b".SB"):
            lines.append(data[start : start + size])
        at += 21
    random.shuffle(lines)
    # One after the other, as one file: starting ffmpeg takes longer than what it does.
    for first in range(0, len(lines), 50):
        yield samples_of(b"".join(lines[first : first + 50]))


def files(pattern):
    found = sorted(DEBIAN.glob(pattern))
    random.shuffle(found)
    return (samples_of(file.read_bytes()) for file in found)


SOURCES = {
    "bass": beneath_a_steel_sky,
    "fotaq": flight_of_the_amazon_queen,
    # British, Classic, Mobster …; those of other languages are Default_es and the like.
    "hedgewars": lambda: files("hedgewars-data/usr/share/games/hedgewars/Data/Sounds/voices/[!_]*[!_][!_][!_]/*.ogg"),
    "foreign": lambda: files("asterisk-core-sounds-*-wav/**/*.wav"),
    "allison": lambda: files("asterisk-core-sounds-en-wav/**/*.wav"),
}


def pieces(sound):
    """Cut at its pauses into pieces that are about as long as an order."""
    frame = RATE // 100
    sound = sound - sound.mean()
    loudest = np.abs(sound).max(initial=0)
    if loudest < 0.02 or len(sound) < RATE // 2:
        return
    sound *= PEAK / loudest
    power = (sound[: len(sound) // frame * frame].reshape(-1, frame) ** 2).mean(1)
    level = np.convolve(np.sqrt(power), np.ones(5) / 5, "same")
    loud = np.percentile(level, 95)
    spoken = np.flatnonzero(level >= loud * 0.06)
    if len(spoken) == 0:
        return
    start = spoken[0]
    ends = [*spoken[1:][np.diff(spoken) >= 14], spoken[-1]]
    for after in ends:
        end = spoken[np.searchsorted(spoken, after) - 1] if after != spoken[-1] else after
        if (end - start) * 0.01 < 0.4 and after != spoken[-1]:
            continue
        yield from shortened(sound, level, loud, start, end)
        start = after


def shortened(sound, level, loud, start, end):
    """Where a piece is too long it is cut where it is quietest; where that is not quiet, it is left out."""
    frame = RATE // 100
    while end - start > 310:
        quiet = start + 100 + int(np.argmin(np.convolve(level[start + 100 : start + 300], np.ones(8) / 8, "same")))
        if level[quiet] > loud * 0.15:
            return
        yield from kept(sound[max(0, start - 5) * frame : (quiet + 9) * frame])
        start = quiet
    yield from kept(sound[max(0, start - 5) * frame : (end + 9) * frame])


def kept(piece):
    if SHORTEST_S * RATE <= len(piece) <= LONGEST_S * RATE:
        yield piece


def packed(sound):
    return opus.encoded(opus.library(), sound)


def main():
    random.seed(20261127)
    texts = json.loads((WORK / "texts.json").read_text())
    jobs = []
    for voice, count in READ.items():
        orders = [text for text in texts if text["kind"] in ("order", "title")]
        others = [text for text in texts if text["kind"] == "other"]
        some = random.sample(orders, int(count * ORDERS)) + random.sample(others, count - int(count * ORDERS))
        jobs += [(random.choice(ESPEAK) if voice == "espeak" else voice, text) for text in some]
    voices = ["rms", "kal16", "kal", *ESPEAK]
    numbers = [text for text in texts if text["kind"] == "number"]
    jobs += [(voice, text) for text in numbers for voice in random.sample(voices, NUMBERS_EACH)]
    sounds = []
    with Pool() as pool:
        read = pool.map(read_aloud, [(at, voice, text["say"]) for at, (voice, text) in enumerate(jobs)])
        sounds += [(f"read:{voice}", text["ids"], sound) for (voice, text), sound in zip(jobs, read)]
        for name, minutes in PEOPLE.items():
            left = minutes * 60 * RATE
            try:
                for sound in SOURCES[name]():
                    for piece in pieces(sound):
                        sounds.append((name, None, piece))
                        left -= len(piece)
                    if left < 0:
                        break
            except (FileNotFoundError, ValueError):
                pass
            print(f"{name}: {minutes - left / 60 / RATE:.0f} minutes")
        random.shuffle(sounds)
        packets = pool.map(packed, [sound for _, _, sound in sounds], chunksize=50)
    index, end = [], 0
    with open(WORK / "sounds.opus", "wb") as file:
        for (name, ids, sound), some in zip(sounds, packets):
            index.append([name, ids, len(sound), end, [len(packet) for packet in some]])
            end += file.write(b"".join(some))
    (WORK / "sounds.json.xz").write_bytes(lzma.compress(json.dumps(index).encode()))


if __name__ == "__main__":
    main()
