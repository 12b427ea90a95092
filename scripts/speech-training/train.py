"""python3 train.py WORK [SECONDS]: teaches Moonshine to hear in noise what it hears without (README.md beside this).

Reads WORK/moonshine.safetensors and what sounds.py made; writes WORK/moonshine-noise.safetensors, and all that was learned
to WORK/learned.safetensors, from which it goes on where that is there. Prints how well it does on voices that it was not taught with: the loss by piece, and how often the right
text explains the sound best among 24.
"""

import json
import lzma
import math
import random
import sys
import time
from multiprocessing import Pool
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F

import noise
import opus
import tensors
from moonshine import Moonshine

RATE = opus.RATE
WORK = Path(sys.argv[1])
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 270
DEVICE = "cuda" if torch.cuda.is_available() else "cpu"
RANK, BATCH, RATE_OF_LEARNING = 32, 224, 1.5e-3
# Of what was learned, so much is added: with all of it short words by people are heard less well than before
# (Wortsman et al. 2022, "Robust fine-tuning of zero-shot models").
KEPT = 0.7
BY_PEOPLE = 0.6
CLEAN = 0.2
START, END = 1, 2
LONGEST_TEXT = 24
# How much it counts that the sound is made the same of, beside that the same is said.
HEARD_ALIKE = 0.3
# Texts of people's speech that the teacher is less sure of, by piece, are left out. What is wrong only a little teaches as
# well: the pupil is to say what the teacher says.
SURE = -2.0
# For judging only, and never taught with; what talks in the background only.
JUDGED, BACKGROUND = {"read:kal_diphone", "read:en-us+m4", "allison"}, {"foreign"}
BUCKET_S = 0.25
JUDGE_EVERY_S = 150
GRID = 1_600
began = time.time()


def log(*words):
    print(f"{time.time() - began:6.1f}", *words, flush=True)


def unpacked(entries):
    library, sounds = opus.library(), []
    data = (WORK / "sounds.opus").read_bytes()
    for _, _, length, at, sizes in entries:
        ends = np.cumsum([at, *sizes])
        packets = [data[start:end] for start, end in zip(ends, ends[1:])]
        sound = opus.decoded(library, packets, length)
        sounds.append(sound * np.float32(0.9 / max(1e-4, np.abs(sound).max())))
    return sounds


class Sounds:
    """All sounds in one row on the device, and whose they are."""

    def __init__(self):
        entries = json.loads(lzma.decompress((WORK / "sounds.json.xz").read_bytes()))
        parts = [entries[at : at + 200] for at in range(0, len(entries), 200)]
        with Pool() as pool:
            sounds = sum(pool.map(unpacked, parts), [])
        self.whose = [entry[0] for entry in entries]
        self.texts = [entry[1] for entry in entries]
        self.seconds = [len(sound) / RATE for sound in sounds]
        self.row = torch.from_numpy(np.concatenate(sounds)).to(DEVICE)
        self.lengths = torch.tensor([len(sound) for sound in sounds], device=DEVICE)
        self.starts = self.lengths.cumsum(0) - self.lengths
        self.talkers = torch.tensor(
            [at for at, name in enumerate(self.whose) if name not in JUDGED], device=DEVICE
        )

    def placed(self, which, later, quicker, length):
        """Each begins so many samples later and is so much quicker: a smaller speaker who talks faster."""
        at = (torch.arange(length, device=DEVICE)[None] - later[:, None]) * quicker[:, None]
        last = self.lengths[which][:, None] - 2
        sounds = (at >= 0) & (at <= last)
        at = torch.minimum(at.clamp(min=0), last.float())
        whole = at.long()
        part, place = at - whole, self.starts[which][:, None] + whole
        return (self.row[place] * (1 - part) + self.row[place + 1] * part) * sounds

    def babble(self, count, length, most):
        """One to `most` people, half of the time six, who never stop."""
        talking = torch.randint(1, most + 1, (count,), device=DEVICE)
        talking = torch.where(torch.rand(count, device=DEVICE) < 0.5, 6, talking)
        sum_ = torch.zeros(count, length, device=DEVICE)
        for nth in range(max(most, 6)):
            which = self.talkers[torch.randint(len(self.talkers), (count,), device=DEVICE)]
            lengths = self.lengths[which][:, None]
            from_ = (torch.rand(count, 1, device=DEVICE) * lengths).long()
            at = (torch.arange(length, device=DEVICE)[None] + from_) % lengths
            talk = self.row[self.starts[which][:, None] + at]
            loud = 10 ** (noise.between(-3, 3, count, DEVICE) / 20)[:, None]
            sum_ += talk / noise.speech_level(talk) * loud * (nth < talking).float()[:, None]
        return noise.even(sum_)


def lesson(sounds, which, longest_s):
    """The same sentences clean and in noise."""
    count = len(which)
    which = torch.tensor(which, device=DEVICE)
    quicker = noise.between(0.87, 1.13, count, DEVICE)
    length = int((longest_s / 0.87 + random.uniform(0.25, 0.9)) * RATE) // GRID * GRID
    room = (length - sounds.lengths[which] / quicker - GRID).clamp(min=0)
    clean = sounds.placed(which, GRID / 2 + torch.rand(count, device=DEVICE) * room, quicker, length)
    chance = torch.rand(5, count, device=DEVICE)
    speech = noise.through_microphones(clean, chance[0] < 0.5)
    level = noise.speech_level(speech)
    speech = noise.echoed(speech, chance[1] < 0.35)
    other = noise.coloured(count, length, DEVICE)
    mixed = torch.where((chance[2] < 0.45)[:, None], sounds.babble(count, length, 8), other)
    mixed = noise.even(mixed + 0.4 * other * (chance[3] < 0.1)[:, None])
    snr_db = noise.between(-1, 20, count, DEVICE)[:, None]
    noisy = speech + level * 10 ** (-snr_db / 20) * mixed * (chance[4] > CLEAN)[:, None]
    return noise.at_one_level(clean), noise.at_one_level(noisy)


def asked_and_told(texts):
    """Texts as what the model is asked with, and what it is to tell (−100: nothing)."""
    longest = max(map(len, texts)) + 1
    asked = torch.full((len(texts), longest), START)
    told = torch.full((len(texts), longest), -100)
    for row, text in enumerate(texts):
        asked[row, 1 : len(text) + 1] = torch.tensor(text)
        told[row, : len(text) + 1] = torch.tensor([*text, END])
    return asked.to(DEVICE), told.to(DEVICE)


@torch.no_grad()
def write_down(teacher, sounds, which):
    """The teacher's own text of each sound, where it is sure."""
    count = len(which)
    some = torch.tensor(which, device=DEVICE)
    length = int(max(sounds.seconds[at] for at in which) * RATE) + 3 * GRID
    later, pace = torch.full((count,), 1.5 * GRID, device=DEVICE), torch.ones(count, device=DEVICE)
    heard = teacher.hear(noise.at_one_level(sounds.placed(some, later, pace, length)))
    text = torch.full((count, 1), START, device=DEVICE)
    sure, ended = torch.zeros(count, device=DEVICE), torch.zeros(count, dtype=torch.bool, device=DEVICE)
    for _ in range(LONGEST_TEXT):
        likely, piece = teacher.tell(heard, text)[:, -1].log_softmax(-1).max(-1)
        sure += torch.where(ended, 0.0, likely)
        text = torch.cat([text, torch.where(ended, END, piece)[:, None]], 1)
        ended |= piece == END
        if ended.all():
            break
    for at, row, likely, done in zip(which, text[:, 1:].tolist(), sure.tolist(), ended.tolist()):
        if done and row[0] != END and likely / (row.index(END) + 1) > SURE:
            sounds.texts[at] = row[: row.index(END)]


class Judge:
    """How well it does on voices that it was not taught with."""

    KINDS = (("none", 60), ("coloured", 10), ("babble", 10), ("echoes", 10), ("coloured", 5), ("babble", 5))
    AMONG, SOME = 24, 90

    def __init__(self, sounds, texts):
        self.sounds, self.texts = sounds, texts
        self.groups = {}
        for name in sorted(JUDGED):
            members = [at for at, one in enumerate(sounds.whose) if one == name and sounds.texts[at]]
            self.groups[name] = sorted(members[: self.SOME], key=lambda at: sounds.seconds[at])

    @torch.no_grad()
    def __call__(self, name, model):
        state = random.getstate(), torch.get_rng_state()
        random.seed(5)
        torch.manual_seed(5)
        for group, members in self.groups.items():
            words = [self.judged(model, members, *kind) for kind in self.KINDS if members]
            log(name, group, " | ".join(words))
        random.setstate(state[0])
        torch.manual_seed(random.randrange(2**31))

    def judged(self, model, members, kind, snr_db):
        loss = pieces = hits = 0
        for first in range(0, len(members), 40):
            some = members[first : first + 40]
            heard = model.hear(self.noisy(some, kind, snr_db))
            asked, told = asked_and_told([self.sounds.texts[at] for at in some])
            loss += F.cross_entropy(model.tell(heard, asked).flatten(0, 1), told.flatten(), reduction="sum").item()
            pieces += (told >= 0).sum().item()
            hits += sum(self.is_best(model, one[None], self.sounds.texts[at]) for one, at in zip(heard, some))
        return f"{kind} {snr_db}: {loss / pieces:.3f}, {100 * hits / len(members):.0f} %"

    def noisy(self, some, kind, snr_db):
        which = torch.tensor(some, device=DEVICE)
        length = int((max(self.sounds.seconds[at] for at in some) + 0.6) * RATE) // GRID * GRID
        later, pace = torch.full((len(some),), 4_000.0, device=DEVICE), torch.ones(len(some), device=DEVICE)
        speech = self.sounds.placed(which, later, pace, length)
        level = noise.speech_level(speech) * 10 ** (-snr_db / 20)
        speech = noise.echoed(speech, torch.full((len(some),), kind == "echoes", device=DEVICE))
        other = self.sounds.babble if kind == "babble" else None
        more = other(len(some), length, 6) if other else noise.coloured(len(some), length, DEVICE)
        return noise.at_one_level(speech + level * more)

    def is_best(self, model, heard, text):
        asked, told = asked_and_told([text, *random.sample(self.texts, self.AMONG - 1)])
        logits = model.tell(heard.expand(len(asked), -1, -1), asked).transpose(1, 2)
        return F.cross_entropy(logits, told, reduction="none").sum(1).argmin().item() == 0


def in_buckets(sounds, which):
    """Sounds about as long as each other, so that a batch has no silence that is not theirs."""
    buckets = {}
    for at in which:
        buckets.setdefault(int(sounds.seconds[at] / BUCKET_S), []).append(at)
    return buckets


def step_loss(teacher, pupil, clean, noisy, texts, has_text):
    asked, told = asked_and_told(texts)
    with torch.no_grad():
        heard = teacher.hear(clean)
        said = teacher.tell(heard, asked).log_softmax(-1)
    own = pupil.hear(noisy)
    tried = pupil.tell(own, asked).log_softmax(-1)
    counts = (told >= 0).float()
    counts = counts / counts.sum(1, keepdim=True)
    as_teacher = ((said.exp() * (said - tried)).sum(-1) * counts).sum(1)
    as_text = -(tried.gather(-1, told.clamp(min=0)[..., None])[..., 0] * counts).sum(1)
    says = torch.where(has_text, (as_teacher + as_text) / 2, as_teacher).mean()
    hears = (own - heard).pow(2).mean() / heard.pow(2).mean()
    return says + HEARD_ALIKE * hears, says, hears


def main():
    torch.manual_seed(1)
    random.seed(1)
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = True
    sounds = Sounds()
    log(f"{len(sounds.whose)} sounds, {sum(sounds.seconds) / 3600:.1f} hours")
    published = tensors.read(WORK / "moonshine.safetensors")
    teacher, pupil = Moonshine(published).to(DEVICE), Moonshine(published, RANK).to(DEVICE)
    learned = WORK / "learned.safetensors"
    if learned.exists():
        pupil.learn(tensors.read(learned))
    people = [at for at, text in enumerate(sounds.texts) if text is None and sounds.whose[at] not in BACKGROUND]
    people.sort(key=lambda at: sounds.seconds[at])
    for first in range(0, len(people), 256):
        write_down(teacher, sounds, people[first : first + 256])
    taught = [
        at
        for at, text in enumerate(sounds.texts)
        if text is not None and len(text) <= LONGEST_TEXT and sounds.whose[at] not in JUDGED
    ]
    read = in_buckets(sounds, [at for at in taught if sounds.whose[at].startswith("read:")])
    said = in_buckets(sounds, [at for at in taught if not sounds.whose[at].startswith("read:")])
    log(f"{sum(map(len, read.values()))} read, {sum(map(len, said.values()))} by people")
    lengths = sorted(set(read) & set(said))
    shares = [len(read[length]) + len(said[length]) for length in lengths]
    judge = Judge(sounds, [sounds.texts[at] for some in read.values() for at in some])
    judge("published", teacher)
    vectors = [one for one in pupil.parameters() if one.dim() == 1]
    factors = [one for one in pupil.parameters() if one.dim() > 1]
    groups = [{"params": factors, "share": 1.0}, {"params": vectors, "share": 0.2}]
    optimizer = torch.optim.AdamW(groups, betas=(0.9, 0.98), weight_decay=0)
    start = judged = time.time()
    step = 0
    while (share := (time.time() - start) / SECONDS) < 1:
        step += 1
        for group in optimizer.param_groups:
            warm = min(1, step / 150)
            group["lr"] = RATE_OF_LEARNING * warm * (1 + math.cos(math.pi * share)) / 2 * group["share"]
        (length,) = random.choices(lengths, shares)
        by_people = int(BATCH * BY_PEOPLE)
        which = random.choices(read[length], k=BATCH - by_people)
        which += random.choices(said[length], k=by_people)
        with torch.no_grad():
            clean, noisy = lesson(sounds, which, (length + 1) * BUCKET_S)
        has_text = torch.arange(BATCH, device=DEVICE) < BATCH - by_people
        texts = [sounds.texts[at] for at in which]
        loss, says, hears = step_loss(teacher, pupil, clean, noisy, texts, has_text)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(pupil.parameters(), 1.0)
        optimizer.step()
        if step % 200 == 0:
            log(f"step {step}: says {says.item():.3f}, hears {hears.item():.3f}")
        if time.time() - judged > JUDGE_EVERY_S:
            judge(f"step {step}", pupil)
            tensors.write(learned, pupil.learned())
            judged = time.time()
    judge(f"step {step}", pupil)
    tensors.write(learned, pupil.learned())
    tensors.write(WORK / "moonshine-noise.safetensors", pupil.learned(KEPT))


if __name__ == "__main__":
    main()
