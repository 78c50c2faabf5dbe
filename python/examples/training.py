"""Policy gradient on a small bandit in float32: what its own log-probabilities are worth. usage: training.py"""

import numpy as np

import logitlab as ll

random = np.random.default_rng(0)
reward = random.normal(size=32).astype(np.float32)
theta = np.zeros(32, np.float32)
monitor = ll.Monitor(prefix="train", every=50)
for step in range(301):
    logits = np.tile(theta, (16, 1))
    # As training code has it: a softmax, then its logarithm.
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    actions = np.array([random.choice(32, p=row / row.sum()) for row in p.astype(np.float64)])
    logp = np.log(p[np.arange(16), actions])
    advantages = reward[actions] - reward[actions].mean()
    ids = 16 * step + np.arange(16)
    logged = monitor.update(logits, actions, advantages=advantages, claimed={"logp": logp}, id=ids)
    if logged:
        names = ["p/mean", "update/mean", "saturated_bf16/share", "error_logp/max"]
        print(f"step {step:3}", *(f"{name} {logged[f'train/{name}']:.2e}" for name in names), sep="  ")
    theta += 0.5 * (advantages[:, None] * (np.eye(32, dtype=np.float32)[actions] - p)).sum(axis=0)
total = monitor.total
print(f"{total.rows} rows watched; all of their log-probabilities are right to 0.001 nats: {not total.worst}")
