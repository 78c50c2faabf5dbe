"""Arrays of every kind say the same."""

import numpy as np
import pytest

import logitlab as ll


def same(one, other):
    one, other = one.to_dict(), other.to_dict()
    assert sorted(one) == sorted(other)
    for name in one:
        assert np.array_equal(one[name], other[name]), name


@pytest.fixture
def z():
    return np.random.default_rng(0).normal(size=(12, 9)).astype(np.float32) * 3


@pytest.fixture
def a():
    return np.arange(12) % 9


def test_strides(z, a):
    want = ll.measure(z, a)
    same(ll.measure(np.asfortranarray(z), a), want)
    wide = np.zeros((12, 18), np.float32)
    wide[:, ::2] = z
    same(ll.measure(wide[:, ::2], a), want)
    same(ll.measure(z[::-1].copy()[::-1], a), want)


def test_read_only_and_byte_swapped(z, a):
    want = ll.measure(z, a)
    frozen = z.copy()
    frozen.flags.writeable = False
    same(ll.measure(frozen, a), want)
    same(ll.measure(z.astype(">f4"), a.astype(">i8")), want)


@pytest.mark.parametrize("kind", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"])
def test_actions_of_every_integer(z, a, kind):
    same(ll.measure(z, a.astype(kind)), ll.measure(z, a))


def test_lists(z, a):
    same(ll.measure(z.astype(np.float64).tolist(), a.tolist()), ll.measure(z.astype(np.float64), a))


@pytest.mark.parametrize("kind", ["bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_ml_dtypes(z, a, kind):
    dtypes = pytest.importorskip("ml_dtypes")
    narrow = z.astype(getattr(dtypes, kind))
    same(ll.measure(narrow, a), ll.measure(narrow.astype(np.float32), a))


@pytest.mark.parametrize("kind", ["float64", "float32", "float16", "bfloat16", "float8_e4m3fn", "float8_e5m2"])
def test_torch(z, a, kind):
    torch = pytest.importorskip("torch")
    tensor = torch.from_numpy(z).to(getattr(torch, kind)).requires_grad_(kind != "float8_e4m3fn" and kind != "float8_e5m2")
    same(ll.measure(tensor, torch.from_numpy(a)), ll.measure(tensor.detach().to(torch.float64).numpy(), a))
    same(ll.measure(tensor.T.contiguous().T, a), ll.measure(tensor, a))


def test_arrow(z, a):
    arrow = pytest.importorskip("pyarrow")
    fixed = arrow.FixedSizeListArray.from_arrays(arrow.array(z.reshape(-1)), 9)
    same(ll.measure(fixed, arrow.array(a)), ll.measure(z, a))
    lists = arrow.array(z.tolist(), arrow.list_(arrow.float32()))
    same(ll.measure(lists, arrow.array(a)), ll.measure(z, a))
    same(ll.measure(arrow.chunked_array([lists[:5], lists[5:]]), arrow.array(a)), ll.measure(z, a))
    ll.assert_logprobs(fixed, arrow.array(a), ll.measure(z, a).logp.mid)
    batch = arrow.record_batch({"logits": fixed})
    with pytest.raises(TypeError, match="one of its columns"):
        ll.measure(batch, a)


def test_polars(z, a):
    polars = pytest.importorskip("polars")
    series = polars.Series("logits", z.tolist(), dtype=polars.Array(polars.Float32, 9))
    same(ll.measure(series, a), ll.measure(z, a))


def test_shapes_and_masks(z, a):
    want = ll.measure(z, a)
    batches = ll.measure(z.reshape(3, 4, 9), a.reshape(3, 4))
    assert np.array_equal(batches.w.lo, want.w.lo) and batches.to_dict()["batch"].tolist() == [0] * 4 + [1] * 4 + [2] * 4
    kept = ll.measure(z, a, mask=np.arange(12) != 4)
    assert len(kept) == 11 and 4 not in kept.row
    masked = z.copy()
    masked[:, 0] = -np.inf
    assert (ll.measure(masked, a).p.hi[a == 0] == 0).all()


def test_threads_change_nothing(z, a):
    same(ll.measure(z, a, threads=1), ll.measure(z, a, threads=2))


def test_enclosures_hold(z, a):
    wide = z.astype(np.longdouble)
    p = np.exp(wide - wide.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    chosen = p[np.arange(12), a]
    w = 1 - 2 * chosen + (p * p).sum(axis=1)
    m = ll.measure(z, a)
    for found, value in [(m.p, chosen), (m.w, w), (m.norm, np.sqrt(w)), (m.logp, np.log(chosen))]:
        slack = 1e-15 * np.abs(value)
        assert (found.lo <= value + slack).all() and (value - slack <= found.hi).all()


def test_frames(z, a):
    pytest.importorskip("pyarrow")
    pytest.importorskip("polars")
    m = ll.measure(z, a)
    assert m.to_arrow().num_rows == 12
    assert m.to_polars().height == 12
    assert "w is known to" in repr(m) and "<pre>" in m._repr_html_()


def test_assertions(z, a):
    wide = z.astype(np.float64)
    logp = (wide - np.log(np.exp(wide).sum(axis=1, keepdims=True)))[np.arange(12), a]
    ll.assert_logprobs(z, a, logp)
    ll.assert_logprobs(z.reshape(3, 4, 9), a.reshape(3, 4), logp.reshape(3, 4).astype(np.float32))
    logp[7] += 0.01
    with pytest.raises(AssertionError, match=r"1 of 12 values of logp .*\n  row 7: "):
        ll.assert_logprobs(z, a, logp)
    ll.assert_logprobs(z, a, logp, mask=np.arange(12) != 7)
    with pytest.raises(AssertionError, match="row 3: nan"):
        ll.assert_logprobs(z, a, np.where(np.arange(12) == 3, np.nan, logp))
    ll.assert_norms(z, a, ll.measure(z, a).norm.mid)
    with pytest.raises(AssertionError, match="12 of 12 values of norm"):
        ll.assert_norms(z, a, ll.measure(z, a).norm.mid * 1.2)
    with pytest.raises(AssertionError):
        ll.assert_norms(z, a, np.zeros(12))


def _measured_elsewhere(queue, threads):
    queue.put(ll.measure(np.eye(8), threads=threads).w.lo.tolist())
    queue.put(ll.verify("C(P) = 1", given="P : distribution").verdict)


@pytest.mark.parametrize("threads", [None, 2])
def test_a_forked_process_has_threads_of_its_own(threads):
    import multiprocessing

    here = ll.measure(np.eye(8)).w.lo.tolist()
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=_measured_elsewhere, args=(queue, threads))
    process.start()
    try:
        assert queue.get(timeout=60) == here and queue.get(timeout=60) == "refuted"
    finally:
        process.kill()


@pytest.mark.parametrize("threads", [None, 2])
def test_ctrl_c(threads):
    import signal
    import threading

    big = np.zeros((20000, 4096), np.float32)
    # A process that a shell starts in the background ignores the signal, and so does Python there.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    timer = threading.Timer(0.05, lambda: signal.raise_signal(signal.SIGINT))
    timer.start()
    try:
        with pytest.raises(KeyboardInterrupt):
            for _ in range(50):
                ll.measure(big, threads=threads)
    finally:
        timer.join()
        signal.signal(signal.SIGINT, before)
