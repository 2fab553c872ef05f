"""Golden values for fitting knowledge tracing and for forgetting, from pyBKT, the reference implementation.

Needs Python 3.11 and: pip install pyBKT==1.4.3 'pandas<2.3' 'scikit-learn<1.4' 'numpy<2'

    python libs/mastery/golden/pybkt_fit.py <train.tsv.gz> <q_matrix.tsv.gz>

writes pybkt-fit.json beside this file, in some minutes. Three parts:

- forgetting: P(known) after each answer of generated sequences, as in pybkt.py, here with forgetting. Each result is also
  computed by hand and must agree before anything is written.
- generated: answers on generated skills, and the log likelihood that pyBKT's expectation-maximisation reaches from given
  starts. Every sequence has two answers at least: pyBKT leaves the only answer of a shorter one out of guess and slip.
- real: the same for some skills of a public set. Its answers are not copied: the data carry no licence.
"""

import csv
import gzip
import json
import platform
import random
import sys
from collections import defaultdict
from importlib.metadata import version
from pathlib import Path

import numpy as np
from pyBKT.fit import EM_fit, predict_onestep

SEED = 20_091
TOLERANCE = 1e-11
ITERATIONS_MAX = 200
# Of log likelihood. pyBKT stops at 0.005 where nothing else is asked for: long before it has arrived.
GAIN_MIN = 1e-5

SEQUENCES, LENGTH_MAX = 16, 40
FORGETTING = [
    {"prior": 0.3, "learn": 0.2, "guess": 0.3, "slip": 0.2, "forget": 0.05},
    {"prior": 0.6, "learn": 0.05, "guess": 0.1, "slip": 0.1, "forget": 0.3},
    {"prior": 0.05, "learn": 0.4, "guess": 0.45, "slip": 0.02, "forget": 0.001},
]

LEARNERS, ANSWERS_MIN, ANSWERS_MAX = 120, 2, 22
SKILLS = [
    {"prior": 0.2, "learn": 0.15, "guess": 0.2, "slip": 0.1, "forget": 0.0},
    {"prior": 0.5, "learn": 0.05, "guess": 0.3, "slip": 0.2, "forget": 0.05},
    {"prior": 0.7, "learn": 0.3, "guess": 0.4, "slip": 0.05, "forget": 0.0},
    {"prior": 0.1, "learn": 0.08, "guess": 0.1, "slip": 0.3, "forget": 0.1},
]
STARTS = [
    {"prior": 0.4, "learn": 0.1, "guess": 0.25, "slip": 0.1, "forget": 0.03},
    {"prior": 0.1, "learn": 0.3, "guess": 0.1, "slip": 0.3, "forget": 0.1},
    {"prior": 0.8, "learn": 0.02, "guess": 0.4, "slip": 0.2, "forget": 0.01},
]

# Skills of the real set: every n-th with enough answers, by id.
REAL_EVERY, REAL_ANSWERS_MIN, REAL_ANSWERS_MAX = 6, 300, 4000


def model_of(p):
    return {
        "learns": np.array([p["learn"]]),
        "forgets": np.array([p["forget"]]),
        "guesses": np.array([p["guess"]]),
        "slips": np.array([p["slip"]]),
        "prior": p["prior"],
        "As": np.array([[[1 - p["learn"], p["forget"]], [p["learn"], 1 - p["forget"]]]]),
        "emissions": np.array([[[1 - p["guess"], p["guess"]], [p["slip"], 1 - p["slip"]]]]),
        "pi_0": np.array([[1 - p["prior"]], [p["prior"]]]),
    }


def data_of(sequences):
    lengths = np.array([len(answers) for answers in sequences], dtype=np.int64)
    # pyBKT's own code: 1 wrong, 2 right, 0 no answer.
    return {
        "data": np.array([[2 if answer else 1 for answers in sequences for answer in answers]], dtype=np.int32),
        "resources": np.ones(int(lengths.sum()), dtype=np.int64),
        "starts": np.concatenate(([1], 1 + np.cumsum(lengths)[:-1])).astype(np.int64),
        "lengths": lengths,
    }


def known_after(answers, p):
    """P(known) after each answer, by pyBKT: what it predicts before the next. The last one's value changes nothing."""
    _, states = predict_onestep.run(model_of(p), data_of([[*answers, 1]]), parallel=False)
    found = [float(state) for state in states[1][1:]]
    for ours, theirs in zip(by_hand(answers, p), found, strict=True):
        assert abs(ours - theirs) < TOLERANCE, (answers, p, ours, theirs)
    return found


def by_hand(answers, p):
    known = p["prior"]
    for answer in answers:
        if_known = known * (1 - p["slip"] if answer else p["slip"])
        if_unknown = (1 - known) * (p["guess"] if answer else 1 - p["guess"])
        posterior = if_known / (if_known + if_unknown)
        known = posterior * (1 - p["forget"]) + (1 - posterior) * p["learn"]
        yield known


def forgetting():
    rng = random.Random(SEED)
    for _ in range(SEQUENCES):
        share = rng.random()
        answers = [int(rng.random() < share) for _ in range(rng.randint(1, LENGTH_MAX))]
        runs = [{"parameters": n, "known": known_after(answers, p)} for n, p in enumerate(FORGETTING)]
        yield {"answers": text(answers), "runs": runs}


def generated():
    rng = random.Random(SEED + 1)
    for truth in SKILLS:
        sequences = [list(answered(truth, rng.randint(ANSWERS_MIN, ANSWERS_MAX), rng)) for _ in range(LEARNERS)]
        yield {"truth": truth, "answers": " ".join(map(text, sequences)), "runs": runs_on(sequences, STARTS)}


def answered(p, count, rng):
    known = rng.random() < p["prior"]
    for _ in range(count):
        yield int(rng.random() < (1 - p["slip"] if known else p["guess"]))
        known = rng.random() >= p["forget"] if known else rng.random() < p["learn"]


def runs_on(sequences, starts):
    data = data_of(sequences)
    return [fitted(data, n, start) for start_of in (without_forgetting, dict) for n, start in enumerate(map(start_of, starts))]


def without_forgetting(start):
    # Expectation-maximisation leaves at 0 what begins there.
    return start | {"forget": 0.0}


def fitted(data, n, start):
    _, log_likelihoods = EM_fit.EM_fit(model_of(start), data, tol=GAIN_MIN, maxiter=ITERATIONS_MAX, parallel=False)
    steps = [float(step) for step in log_likelihoods.flatten()]
    return {"start": n, "forgetting": start["forget"] > 0, "iterations": len(steps), "logLikelihood": steps[-1]}


def real(answers_path, links_path):
    skills_of = defaultdict(list)
    for link in rows(links_path):
        skills_of[link["item_id"]].append(link["skill_id"])
    by_skill = defaultdict(lambda: defaultdict(list))
    for row in rows(answers_path):
        for skill in skills_of[row["item_id"]]:
            by_skill[skill][row["user_id"]].append(int(row["correct"]))
    sizes = {skill: sum(map(len, of.values())) for skill, of in by_skill.items()}
    fitting = [skill for skill in sorted(sizes, key=int) if REAL_ANSWERS_MIN <= sizes[skill] <= REAL_ANSWERS_MAX]
    for skill in fitting[::REAL_EVERY]:
        sequences = list(by_skill[skill].values())
        yield {"skill": skill, "answers": sizes[skill], "learners": len(sequences), "runs": runs_on(sequences, STARTS[:1])}


def rows(path):
    with gzip.open(path, "rt", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def text(answers):
    return "".join(map(str, answers))


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: python libs/mastery/golden/pybkt_fit.py <train.tsv.gz> <q_matrix.tsv.gz>")
    head = {
        "command": "python libs/mastery/golden/pybkt_fit.py <train.tsv.gz> <q_matrix.tsv.gz>",
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("pyBKT", "numpy", "pandas", "scikit-learn")},
        "seed": SEED,
        "iterationsMax": ITERATIONS_MAX,
        "gainMin": GAIN_MIN,
        "parameters": FORGETTING,
        "starts": STARTS,
        "realData": "gervet_assistments09/train.tsv.gz",
    }
    parts = {"forgetting": list(forgetting()), "generated": list(generated()), "real": list(real(*sys.argv[1:]))}
    lines = [dumps(head)[:-1], *(f'"{name}":[\n' + ",\n".join(map(dumps, values)) + "\n]" for name, values in parts.items())]
    Path(__file__).with_name("pybkt-fit.json").write_text(",\n".join(lines) + "}\n")


def dumps(value):
    return json.dumps(value, separators=(",", ":"))


main()
