"""How long calls take, beside NumPy's closed form in float64, which certifies nothing. usage: speed.py"""

import time

import numpy as np

import logitlab as ll


def best(run, times, clock):
    """The shortest of several times, in milliseconds."""
    run()
    found = []
    for _ in range(times):
        start = clock()
        run()
        found.append(clock() - start)
    return 1e3 * min(found)


def closed(z, actions):
    p = z.astype(np.float64)
    p -= p.max(axis=1, keepdims=True)
    np.exp(p, out=p)
    p /= p.sum(axis=1, keepdims=True)
    return 1 - 2 * p[np.arange(len(p)), actions] + np.einsum("ij,ij->i", p, p)


random = np.random.default_rng(0)
row = random.normal(size=(1, 100)).astype(np.float32) * 3
print(f"one row of 100 logits: {1e3 * best(lambda: ll.measure(row, [3]), 2000, time.perf_counter):.1f} microseconds")
for rows, columns in [(128, 32768), (72, 49152)]:
    z, actions = random.normal(size=(rows, columns)).astype(np.float32) * 3, np.arange(rows)
    for name, run in [
        ("certified, all cores", lambda: ll.measure(z, actions)),
        ("certified, one core", lambda: ll.measure(z, actions, threads=1)),
        ("NumPy, w alone", lambda: closed(z, actions)),
    ]:
        wall, cpu = best(run, 20, time.perf_counter), best(run, 20, time.process_time)
        print(f"{rows} x {columns} f32, {name}: {wall:.1f} ms, {cpu:.1f} ms of processors")
