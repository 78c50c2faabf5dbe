"""Wrong calls: one clear exception each."""

import numpy as np
import pytest

import logitlab as ll

Z = np.zeros((2, 3), np.float32)
NAN = np.array([[0, 1, 2], [0, np.nan, 1]], np.float32)

CALLS = {
    "one row without a dimension of rows": (lambda: ll.measure(np.zeros(3)), ValueError, r"shape \[3\]"),
    "a number": (lambda: ll.measure(1.0), ValueError, "shape"),
    "four dimensions": (lambda: ll.measure(np.zeros((1, 1, 1, 3))), ValueError, "shape"),
    "no rows": (lambda: ll.measure(np.zeros((0, 3)), np.zeros(0, int)), ValueError, "empty|no rows|0"),
    "no columns": (lambda: ll.measure(np.zeros((2, 0)), [0, 0]), ValueError, "0"),
    "logits that are integers": (lambda: ll.measure(np.zeros((2, 3), int), [0, 0]), ValueError, "integers are no logits"),
    "logits that are complex": (lambda: ll.measure(np.zeros((2, 3), complex)), TypeError, "complex128"),
    "logits that are text": (lambda: ll.measure(np.array([["a"]])), TypeError, "logits has the type"),
    "ragged lists": (lambda: ll.measure([[1.0], [1.0, 2.0]], [0, 0]), ValueError, "inhomogeneous"),
    "None": (lambda: ll.measure(None), ValueError, "logits"),
    "actions that are floats": (lambda: ll.measure(Z, [0.0, 1.0]), ValueError, "an integer type for actions"),
    "too few actions": (lambda: ll.measure(Z, [0]), ValueError, "actions"),
    "actions of another shape": (lambda: ll.measure(Z, [[0, 1]]), ValueError, "actions"),
    "an action beyond the columns": (lambda: ll.measure(Z, [0, 3]), ValueError, "row 1.*3"),
    "a negative action": (lambda: ll.measure(Z, [0, -1]), ValueError, "row 1.*-1"),
    "NaN": (lambda: ll.measure(NAN, [0, 0]), ValueError, "row 1, column 1.*NaN"),
    "an infinity": (lambda: ll.measure(Z + np.inf, [0, 0]), ValueError, "row 0, column 0"),
    "a row of -inf": (lambda: ll.measure(Z - np.inf, [0, 0]), ValueError, "row 0"),
    "a mask of twos": (lambda: ll.measure(Z, [0, 0], mask=[2, 1]), ValueError, "0 for a row to leave out"),
    "a mask of another length": (lambda: ll.measure(Z, [0, 0], mask=[1]), ValueError, "mask"),
    "a temperature of 0": (lambda: ll.measure(Z, [0, 0], temperature=0), ValueError, "temperature"),
    "a negative temperature": (lambda: ll.measure(Z, [0, 0], temperature="-0.5"), ValueError, "temperature"),
    "a temperature that is a word": (lambda: ll.measure(Z, [0, 0], temperature="hot"), ValueError, "temperature"),
    "a temperature without end": (lambda: ll.measure(Z, [0, 0], temperature=float("inf")), ValueError, "temperature"),
    "a learning rate that is no number": (lambda: ll.measure(Z, [0, 0], eta=float("nan")), ValueError, "eta"),
    "no bits": (lambda: ll.measure(Z, [0, 0], bits=0), ValueError, "bits: .* from 24 to 65536"),
    "bits below zero": (lambda: ll.measure(Z, [0, 0], bits=-1), ValueError, "bits"),
    "half a thread": (lambda: ll.measure(Z, [0, 0], threads=0.5), TypeError, "threads"),
    "no threads": (lambda: ll.measure(Z, [0, 0], threads=0), ValueError, "threads"),
    "a tolerance that is no number": (lambda: ll.measure(Z, [0, 0], tolerance=float("nan")), ValueError, "tolerance"),
    "a tolerance of 0": (lambda: ll.measure(Z, [0, 0], tolerance=0), ValueError, "tolerance"),
    "a clip below zero": (lambda: ll.diff(Z, Z, [0, 0], clip=-1), ValueError, "clip"),
    "a clip that is no number": (lambda: ll.diff(Z, Z, [0, 0], clip=float("nan")), ValueError, "clip"),
    "nats that are no number": (lambda: ll.doctor(Z, [0, 0], nats=float("nan")), ValueError, "nats"),
    "no digits": (lambda: ll.doctor(Z, [0, 0], digits=0), ValueError, "digits"),
    "claimed values without a kind": (lambda: ll.doctor(Z, [0, 0], claimed=[1, 2]), TypeError, "mapping"),
    "no cases": (lambda: ll.verify("1 = 1", cases=0), ValueError, "cases"),
    "a check of no rows": (lambda: ll.assert_logprobs(Z, [0, 0], [0, 0], mask=[0, 0]), ValueError, "every row"),
    "a claimed kind that is none": (lambda: ll.doctor(Z, [0, 0], claimed={"q": [0, 0]}), ValueError, "unknown `q`"),
    "claimed values of another length": (lambda: ll.doctor(Z, [0, 0], claimed={"w": [0.0]}), ValueError, "claimed_w"),
    "a mode that is none": (lambda: ll.doctor(Z, [0, 0], modes=["bf17"]), ValueError, "bf17"),
    "a framework that is none": (lambda: ll.doctor(Z, [0, 0], framework="x"), ValueError, "framework"),
    "a diff of different shapes": (lambda: ll.diff(Z, Z[:1], [0, 0]), ValueError, "actions"),
    "a diff of other columns": (lambda: ll.diff(Z, Z[:, :2], [0, 0]), ValueError, "same vocabulary"),
    "log-probabilities of another length": (lambda: ll.assert_logprobs(Z, [0, 0], [0.0]), ValueError, "have 2 rows"),
    "a statement that is none": (lambda: ll.verify("C(P) = "), ValueError, "expected"),
    "a name that is not given": (lambda: ll.verify("C(P) = 1"), ValueError, "P"),
    "a claim with what is given beside it": (lambda: ll.verify("claim a show 1 = 1", given="x : real"), ValueError, "given"),
    "a format that is none": (lambda: ll.round(1.0, "bf17"), ValueError, "bf17"),
    "a quantity that is none": (lambda: ll.measure(Z, [0, 0])["q"], KeyError, "there is no quantity"),
    "a verdict as a truth value": (lambda: bool(ll.verify("1 = 1")), TypeError, "no yes or no"),
}


@pytest.mark.parametrize("name", CALLS)
def test_wrong_calls(name):
    call, kind, message = CALLS[name]
    with pytest.raises(kind, match=message) as raised:
        call()
    assert len(str(raised.value)) < 600 and "/" not in str(raised.value).split("`")[0][:1]


def test_random_arguments_crash_nothing():
    random = np.random.default_rng(0)
    kinds = [np.float16, np.float32, np.float64, np.int8, np.uint64, bool, complex, object]
    for _ in range(300):
        shape = tuple(random.integers(0, 4, size=random.integers(0, 5)))
        logits = random.normal(size=shape) * 10.0 ** random.integers(-300, 300)
        with np.errstate(all="ignore"):
            logits = np.asarray(logits).astype(kinds[random.integers(len(kinds))])
        actions = random.integers(-2, 5, size=shape[:-1] if random.random() < 0.8 else shape)
        try:
            ll.measure(logits, actions, temperature=float(random.normal()))
        except (ValueError, TypeError):
            pass
