"""Golden values for libs/mastery from pyBKT, the reference implementation of Bayesian knowledge tracing.

Needs Python 3.11 and: pip install pyBKT==1.4.3 'pandas<2.3' 'scikit-learn<1.4' 'numpy<2'

    python libs/mastery/golden/pybkt.py <test.tsv.gz> <q_matrix.tsv.gz>

writes pybkt.json beside this file. The answers of the three learners are not copied: their data carries no licence.

pyBKT's state_predictions are P(known) before each answer. What a learner is shown after answer n is therefore the
prediction for answer n + 1, so every sequence gets one answer more, whose value changes nothing. Each result is also
computed by hand (Corbett & Anderson 1995) and must agree before anything is written. The two differ by up to 1.2e-12:
pyBKT carries P(known) and P(unknown) side by side, one number loses a few digits where it is close to 1.
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
from pyBKT.fit import predict_onestep

SEED = 20_090
SEQUENCES = 24
LENGTH_MAX = 60
TOLERANCE = 1e-11
DEFAULTS = {"prior": 0.3, "learn": 0.2, "guess": 0.3, "slip": 0.2}
PARAMETERS = [
    DEFAULTS,
    {"prior": 0.1, "learn": 0.1, "guess": 0.1, "slip": 0.1},
    {"prior": 0.5, "learn": 0.05, "guess": 0.25, "slip": 0.1},
    {"prior": 0.01, "learn": 0.3, "guess": 0.02, "slip": 0.4},
    {"prior": 0.9, "learn": 0.001, "guess": 0.45, "slip": 0.01},
]
LEARNERS = 3
ANSWERS_MIN, ANSWERS_MAX, SKILLS_MIN = 60, 300, 6


def known_after(answers, p):
    """P(known) after each answer, by pyBKT."""
    model = {
        "learns": np.array([p["learn"]]),
        "forgets": np.array([0.0]),
        "guesses": np.array([p["guess"]]),
        "slips": np.array([p["slip"]]),
        "prior": p["prior"],
    }
    extended = [*answers, 1]
    data = {
        # pyBKT's own code: 1 wrong, 2 right, 0 no answer.
        "data": np.array([[2 if answer else 1 for answer in extended]], dtype=np.int32),
        "resources": np.ones(len(extended), dtype=np.int64),
        "starts": np.array([1], dtype=np.int64),
        "lengths": np.array([len(extended)], dtype=np.int64),
    }
    _, states = predict_onestep.run(model, data, parallel=False)
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
        known = posterior + (1 - posterior) * p["learn"]
        yield known


def generated():
    """Each sequence under each set of parameters; what share of its answers is right differs from one to the next."""
    rng = random.Random(SEED)
    for _ in range(SEQUENCES):
        share = rng.random()
        answers = [int(rng.random() < share) for _ in range(rng.randint(1, LENGTH_MAX))]
        runs = [{"parameters": n, "known": known_after(answers, p)} for n, p in enumerate(PARAMETERS)]
        yield {"answers": "".join(map(str, answers)), "runs": runs}


def rows(path):
    with gzip.open(path, "rt", newline="") as lines:
        yield from csv.DictReader(lines, delimiter="\t")


def learners(answers_path, links_path):
    """The first learners, by id, with enough answers and skills. An answer counts for every skill of its item."""
    skills_of = defaultdict(list)
    for link in rows(links_path):
        skills_of[link["item_id"]].append(link["skill_id"])
    by_learner = defaultdict(list)
    for row in rows(answers_path):
        by_learner[row["user_id"]].append((row["item_id"], int(row["correct"])))
    chosen = 0
    for learner in sorted(by_learner, key=int):
        given = by_learner[learner]
        by_skill = defaultdict(list)
        for item, correct in given:
            for skill in skills_of[item]:
                by_skill[skill].append(correct)
        has_several = any(len(skills_of[item]) > 1 for item, _ in given)
        if chosen == LEARNERS or not has_several or not ANSWERS_MIN <= len(given) <= ANSWERS_MAX or len(by_skill) < SKILLS_MIN:
            continue
        chosen += 1
        yield {
            "learner": learner,
            "answers": len(given),
            "skills": [
                {"skill": skill, "answers": len(by_skill[skill]), "known": known_after(by_skill[skill], DEFAULTS)[-1]}
                for skill in sorted(by_skill, key=int)
            ],
        }


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: python libs/mastery/golden/pybkt.py <test.tsv.gz> <q_matrix.tsv.gz>")
    golden = {
        "command": "python libs/mastery/golden/pybkt.py <test.tsv.gz> <q_matrix.tsv.gz>",
        "versions": {"python": platform.python_version()}
        | {name: version(name) for name in ("pyBKT", "numpy", "pandas", "scikit-learn")},
        "seed": SEED,
        "definition": "known: P(known) after the answer and the chance to learn from it",
        "parameters": PARAMETERS,
        "sequences": list(generated()),
        "learners": {"data": "gervet_assistments09/test.tsv.gz", "parameters": DEFAULTS, "rows": list(learners(*sys.argv[1:]))},
    }
    Path(__file__).with_name("pybkt.json").write_text(compact(golden))


def compact(golden):
    """One sequence and one learner a line."""
    head = {key: value for key, value in golden.items() if key not in ("sequences", "learners")}
    rows_of = golden["learners"]
    about = {key: value for key, value in rows_of.items() if key != "rows"}
    parts = [dumps(head)[:-1], f'"sequences":{one_a_line(golden["sequences"])}', f'"learners":{dumps(about)[:-1]}']
    return ",\n".join(parts) + f',"rows":{one_a_line(rows_of["rows"])}' + "}}\n"


def one_a_line(values):
    return "[\n" + ",\n".join(map(dumps, values)) + "\n]"


def dumps(value):
    return json.dumps(value, separators=(",", ":"))


main()
