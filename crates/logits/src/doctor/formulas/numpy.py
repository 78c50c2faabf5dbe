import numpy as np


def score_norm_squared(logits, action):
    """|e_c - P|^2 for logits [..., V] and actions [...]; nothing cancels."""
    z = np.asarray(logits, dtype=np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    others = e / e.sum(axis=-1, keepdims=True)
    np.put_along_axis(others, np.asarray(action)[..., None], 0.0, axis=-1)
    rest = others.sum(axis=-1)  # 1 - P_c, and not by subtraction
    return rest * rest + (others * others).sum(axis=-1)


def score_norm(logits, action):
    """|e_c - P|; does not underflow where its square would."""
    z = np.array(logits, dtype=np.float32)
    c = np.asarray(action)[..., None]
    z_c = np.take_along_axis(z, c, axis=-1)[..., 0]
    np.put_along_axis(z, c, -np.inf, axis=-1)
    top = np.maximum(z.max(axis=-1), np.finfo(z.dtype).min)
    e = np.exp(z - top[..., None])
    total = e.sum(axis=-1)
    with np.errstate(divide="ignore", over="ignore"):
        rest = 1.0 / (1.0 + np.exp(z_c - (top + np.log(total))))  # 1 - P_c
    q = e / np.maximum(total, 1.0)[..., None]
    return rest * np.sqrt(1.0 + (q * q).sum(axis=-1))


def sum_pi_squared(logits):
    """sum P_i^2 over the last axis; at most 1, and nothing cancels."""
    z = np.asarray(logits, dtype=np.float32)
    e = np.exp(z - z.max(axis=-1, keepdims=True))
    p = e / e.sum(axis=-1, keepdims=True)
    return (p * p).sum(axis=-1)


def entropy(logits):
    """-sum P_i log P_i in nats; right where P is nearly one-hot, and a masked action counts 0."""
    z = np.asarray(logits, dtype=np.float32)
    d = z - z.max(axis=-1, keepdims=True)
    others = np.exp(d)
    np.put_along_axis(others, z.argmax(axis=-1)[..., None], 0.0, axis=-1)
    rest = others.sum(axis=-1)  # (1 - P_top) / P_top
    mean = (-others * np.where(others > 0, d, 0.0)).sum(axis=-1) / (1.0 + rest)
    return np.log1p(rest) + mean


def log_probability(logits, action):
    """log P_c; never above 0, and with all its digits where P_c is near 1."""
    z = np.array(logits, dtype=np.float32)
    c = np.asarray(action)[..., None]
    z_c = np.take_along_axis(z, c, axis=-1)[..., 0]
    np.put_along_axis(z, c, -np.inf, axis=-1)
    top = np.maximum(z.max(axis=-1), np.finfo(z.dtype).min)
    with np.errstate(divide="ignore"):
        odds = top + np.log(np.exp(z - top[..., None]).sum(axis=-1)) - z_c
    return -np.logaddexp(np.float32(0.0), odds)
