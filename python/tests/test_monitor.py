"""States merge exactly, and say what `measure` says."""

import itertools
import pickle

import numpy as np
import pytest

import logitlab as ll


def batch(seed, rows=40, columns=13):
    random = np.random.default_rng(seed)
    z = (random.normal(size=(rows, columns)) * 4).astype(np.float32)
    z[1, 2] = -np.inf
    actions = random.integers(0, columns, size=rows)
    logp = ll.measure(z, actions).logp.mid
    wrong = np.where(random.random(rows) < 0.3, 0.01, 0.0)
    old = logp + random.normal(size=rows) * 0.2
    old[3] = -np.inf
    return {
        "logits": z,
        "actions": actions,
        "mask": random.random(rows) < 0.8,
        "advantages": random.normal(size=rows),
        "old_logp": old,
        # Equal errors, so that ties are broken by id.
        "claimed": {"logp": np.round(logp * 64) / 64 + wrong},
        "id": random.permutation(rows) + 2**40,
    }


def part(whole, rows):
    one = {name: value[rows] for name, value in whole.items() if name != "claimed"}
    return ll.watch(**one, claimed={kind: value[rows] for kind, value in whole["claimed"].items()}, threads=1)


@pytest.mark.parametrize("seed", range(8))
def test_any_split_in_any_order_gives_the_same_bytes(seed):
    whole = batch(seed)
    expected = ll.watch(**whole).to_bytes()
    random = np.random.default_rng(seed)
    # Rows in any order, and in parts of any size: some rows alone.
    cuts = np.sort(random.integers(1, 40, size=random.integers(1, 12)))
    parts = [part(whole, rows) for rows in np.split(random.permutation(40), cuts) if len(rows)]
    assert ll.State.merged(parts).to_bytes() == expected
    assert ll.State.merged(reversed(parts)).to_bytes() == expected
    tree = parts[:]
    while len(tree) > 1:
        one, other = (tree.pop(int(random.integers(len(tree)))) for _ in range(2))
        tree.append(ll.State.merged([one.to_bytes(), pickle.loads(pickle.dumps(other))]))
    assert tree[0].to_bytes() == expected


def test_merging_is_associative_and_commutative():
    states = [ll.watch(**batch(seed, rows=5)) for seed in range(3)]
    merged = {ll.State.merged(order).to_bytes() for order in itertools.permutations(states)}
    a, b, c = states
    merged.add(ll.State.merged([a, ll.State.merged([b, c])]).to_bytes())
    assert len(merged) == 1


def test_a_state_says_what_measure_says():
    whole = batch(1)
    state = ll.watch(**whole)
    m = ll.measure(whole["logits"], whole["actions"], mask=whole["mask"], advantages=whole["advantages"])
    assert state.rows == len(m)
    for name in ["p", "w", "norm", "entropy", "logp", "update"]:
        lo, hi = state.spreads[name]["mean"]
        assert lo <= m[name].hi.mean() * (1 + 1e-12 * np.sign(m[name].hi.mean())), name
        assert m[name].lo.mean() * (1 - 1e-12 * np.sign(m[name].lo.mean())) <= hi, name
        assert state.spreads[name]["max"] == [m[name].lo.max(), m[name].hi.max()], name
        assert state.spreads[name]["min"] == [m[name].lo.min(), m[name].hi.min()], name
    # Beyond a clip: by plain arithmetic, which is enough here.
    ratio = np.exp(m.logp.mid - whole["old_logp"][m.row])
    metrics = state.metrics("x")
    finite = np.isfinite(whole["old_logp"][m.row])
    assert metrics["x/clipped/share"] == pytest.approx(((ratio > 1.2) | (ratio < 0.8)).mean())
    assert metrics["x/no_ratio/share"] == 0 and (~finite).sum() <= 1


def test_the_worst_rows_are_those_of_the_whole():
    whole = batch(2)
    state = ll.watch(**whole)
    m = ll.measure(whole["logits"], whole["actions"], mask=whole["mask"])
    with np.errstate(invalid="ignore"):
        off = np.abs(whole["claimed"]["logp"][m.row] - m.logp.mid)
    worst = state.worst
    assert [row["kind"] for row in worst] == ["logp"] * 5
    assert worst[0]["error"][0] == pytest.approx(np.nanmax(off), rel=1e-9)
    assert {row["id"] for row in worst} <= set(whole["id"].tolist())
    one = {"logits": np.zeros((4, 2)), "actions": [0] * 4, "claimed": {"logp": [-0.5] * 4}}
    assert [row["id"] for row in ll.watch(**one, id=[7, 3, 9, 5]).worst] == [3, 5, 7, 9]
    assert [row["id"] for row in ll.watch(**one).worst] == [0, 1, 2, 3]
    nan = ll.watch(np.zeros((1, 2)), [0], claimed={"logp": [np.nan]})
    assert np.isnan(ll.State.from_bytes(nan.to_bytes()).worst[0]["claimed"])


def test_a_monitor_measures_every_so_many_steps():
    monitor = ll.Monitor("run", every=3)
    logged = [monitor.update(**batch(seed)) for seed in range(7)]
    assert [bool(one) for one in logged] == [True, False, False, True, False, False, True]
    assert all(name.startswith("run/") and isinstance(value, float) for name, value in logged[0].items())
    assert list(logged[0]) == list(logged[3])
    assert monitor.total == ll.State.merged(ll.watch(**batch(seed)) for seed in (0, 3, 6))
    assert monitor.last == ll.watch(**batch(6))


def test_a_batch_that_is_masked_throughout_has_the_same_names():
    whole = batch(3)
    some, none = ll.watch(**whole), ll.watch(**{**whole, "mask": np.zeros(40, bool)})
    assert none.rows == 0 and list(none.metrics()) == list(some.metrics())
    assert np.isnan(none.metrics()["logitlab/w/mean"])
    assert ll.State.merged([none, some]).to_bytes() == some.to_bytes()


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: ll.State.merged([]), "no states"),
        (lambda: ll.State.merged([ll.watch(np.zeros((1, 2))), ll.watch(np.zeros((1, 2)), clip=0.3)]), "settings"),
        (lambda: ll.State.from_bytes(b"{}"), "no state"),
        (lambda: ll.State.from_bytes(ll.watch(np.zeros((1, 2))).to_bytes().replace(b"state 1", b"state 9")), "version"),
        (lambda: ll.watch(np.zeros((1, 2)), id=[0.5]), "whole numbers"),
        (lambda: ll.watch(np.zeros((1, 2)), id=[2**60]), "2.53"),
        (lambda: ll.watch(np.zeros((1, 2)), old_logp=[0.0, 0.0]), "old_logp"),
        (lambda: ll.watch(np.zeros((1, 2)), claimed={"q": [0.0]}), "unknown `q`"),
        (lambda: ll.watch(np.zeros((1, 2)), clip=1.5), "clip"),
        (lambda: ll.Monitor(every=0), "every"),
    ],
)
def test_wrong_calls(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_names_are_stable():
    spread = ["mean", "min", "median", "p95", "max"]
    quantities = ["entropy", "error_logp", "log_ratio", "logp", "norm", "p", "update", "w"]
    counts = ["clipped", "confident", "no_ratio", "saturated_bf16", "wrong_logp"]
    expected = ["rows", *(f"{name}/{end}" for name in quantities for end in spread)]
    expected += [f"{name}/{end}" for name in counts for end in ("share", "undecided")]
    assert list(ll.watch(**batch(0)).metrics("p")) == [f"p/{name}" for name in expected]
    z = np.zeros((1, 2))
    least = ll.watch(z, [0]).metrics()
    always = {"rows", "entropy", "logp", "norm", "p", "w", "confident", "saturated_bf16"}
    assert {name.split("/")[1] for name in least} == always


def test_arrow_columns():
    arrow = pytest.importorskip("pyarrow")
    whole = batch(4)
    columns = {name: arrow.array(value) for name, value in whole.items() if name in ("old_logp", "advantages", "id")}
    assert ll.watch(**{**whole, **columns}) == ll.watch(**whole)
