import jax
import jax.numpy as jnp


def score_norm_squared(logits, action):
    """|e_c - P|^2 for logits [..., V] and actions [...]; nothing cancels."""
    p = jax.nn.softmax(logits.astype(jnp.float32), axis=-1)
    chosen = jax.nn.one_hot(action, p.shape[-1], dtype=bool)
    others = jnp.where(chosen, 0.0, p)
    rest = others.sum(axis=-1)  # 1 - P_c, and not by subtraction
    return rest * rest + (others * others).sum(axis=-1)


def score_norm(logits, action):
    """|e_c - P|; does not underflow where its square would."""
    z = logits.astype(jnp.float32)
    z_c = jnp.take_along_axis(z, action[..., None], axis=-1)[..., 0]
    chosen = jax.nn.one_hot(action, z.shape[-1], dtype=bool)
    others = jnp.where(chosen, -jnp.inf, z)
    top = jnp.maximum(others.max(axis=-1), jnp.finfo(z.dtype).min)
    e = jnp.exp(others - top[..., None])
    total = e.sum(axis=-1)
    rest = jax.nn.sigmoid(top + jnp.log(total) - z_c)  # 1 - P_c
    q = e / jnp.maximum(total, 1.0)[..., None]
    return rest * jnp.sqrt(1.0 + (q * q).sum(axis=-1))


def sum_pi_squared(logits):
    """sum P_i^2 over the last axis; at most 1, and nothing cancels."""
    p = jax.nn.softmax(logits.astype(jnp.float32), axis=-1)
    return (p * p).sum(axis=-1)


def entropy(logits):
    """-sum P_i log P_i in nats; right where P is nearly one-hot, and a masked action counts 0."""
    z = logits.astype(jnp.float32)
    top = jax.nn.one_hot(z.argmax(axis=-1), z.shape[-1], dtype=bool)
    d = z - z.max(axis=-1, keepdims=True)
    others = jnp.where(top, 0.0, jnp.exp(d))
    rest = others.sum(axis=-1)  # (1 - P_top) / P_top
    mean = jnp.where(others > 0, -others * jnp.where(others > 0, d, 0.0), 0.0).sum(axis=-1) / (1.0 + rest)
    return jnp.log1p(rest) + mean


def log_probability(logits, action):
    """log P_c; never above 0, and with all its digits where P_c is near 1."""
    z = logits.astype(jnp.float32)
    z_c = jnp.take_along_axis(z, action[..., None], axis=-1)[..., 0]
    chosen = jax.nn.one_hot(action, z.shape[-1], dtype=bool)
    others = jnp.where(chosen, -jnp.inf, z)
    return jax.nn.log_sigmoid(z_c - jax.scipy.special.logsumexp(others, axis=-1))
