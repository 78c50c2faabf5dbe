"""What the package says is what the command line says, bit for bit."""

import json
import os
import subprocess

import numpy as np
import pytest

import logitlab as ll

BINARY = os.environ.get("LOGITLAB_BINARY")
needs_binary = pytest.mark.skipif(not BINARY, reason="LOGITLAB_BINARY names no binary")


def dump(tmp_path, **arrays):
    path = tmp_path / "dump.npz"
    np.savez(path, **arrays)
    return str(path)


def run(*arguments):
    return subprocess.run([BINARY, *arguments], capture_output=True, text=True, check=False)


def logits(seed, rows=40, columns=17, scale=4.0):
    random = np.random.default_rng(seed)
    z = (random.normal(size=(rows, columns)) * scale).astype(np.float32)
    return z, random.integers(0, columns, size=rows)


@needs_binary
@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
@pytest.mark.parametrize("temperature", [1, "0.7"])
def test_measure(tmp_path, seed, dtype, temperature):
    z, a = logits(seed)
    z = z.astype(dtype)
    z[3, 5] = -np.inf
    out = str(tmp_path / "rows.npz")
    done = run("measure", dump(tmp_path, logits=z, actions=a), "--out", out, "--temperature", str(temperature))
    assert done.returncode == 0, done.stderr
    table = np.load(out)
    ours = ll.measure(z, a, temperature=temperature).to_dict()
    assert sorted(ours) == sorted(table.files)
    for name in table.files:
        assert np.array_equal(ours[name], table[name]), name


@needs_binary
def test_measure_of_batches_and_a_mask(tmp_path):
    z, a = logits(7, rows=24)
    z, a = z.reshape(4, 6, 17), a.reshape(4, 6)
    mask = (np.arange(24) % 3 != 0).reshape(4, 6)
    out = str(tmp_path / "rows.npz")
    path = dump(tmp_path, logits=z, actions=a, mask=mask)
    assert run("measure", path, "--mask", "mask", "--out", out).returncode == 0
    table, ours = np.load(out), ll.measure(z, a, mask=mask).to_dict()
    assert sorted(ours) == sorted(table.files)
    assert all(np.array_equal(ours[name], table[name]) for name in table.files)


@needs_binary
@pytest.mark.parametrize("seed", range(3))
def test_doctor(tmp_path, seed):
    z, a = logits(seed, scale=8.0)
    wide = z.astype(np.float64)
    exact = wide - np.log(np.exp(wide).sum(axis=1, keepdims=True))
    logp = exact[np.arange(len(a)), a].astype(np.float32)
    logp[2] += 0.01
    path = dump(tmp_path, logits=z, actions=a, logp=logp)
    done = run("doctor", path, "--claimed", "logp=logp", "--json")
    theirs = json.loads(done.stdout)
    ours = ll.doctor(z, a, claimed={"logp": logp})
    text = json.dumps(ours.findings).replace("claimed_logp", "logp")
    assert json.loads(text) == theirs["findings"]
    assert ours.ok == (done.returncode == 0) == False  # noqa: E712


@needs_binary
def test_diff(tmp_path):
    z, a = logits(1)
    other = z + np.float32(0.01) * np.sin(np.arange(z.size, dtype=np.float32)).reshape(z.shape)
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    first = dump(tmp_path / "a", logits=z, actions=a)
    second = dump(tmp_path / "b", logits=other, actions=a)
    theirs = json.loads(run("diff", first, second, "--json").stdout)
    ours = ll.diff(z, other, a)
    assert ours.findings == theirs["findings"]
    assert all(theirs[name] == value for name, value in ours.summary.items())


@needs_binary
@pytest.mark.parametrize("statement", ["C(P) <= 1", "C(P) = 1", "C(P) >= 1/K"])
def test_verify(statement):
    theirs = json.loads(run("verify", statement, "--given", "P : distribution", "--json").stdout)
    ours = ll.verify(statement, given="P : distribution")
    assert ours.verdict == theirs["claims"][0]["verdict"]
