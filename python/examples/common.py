"""What every engine is asked, and how the answer is printed."""

import hashlib

import logitlab as ll


def state(batch):
    """From record batch to record batch: the state of its rows."""
    return ll.arrow.state_batch(batch, claimed={"logp": "logp"}, id="id", threads=1)


def tell(states):
    """Merges states and prints what they come to."""
    total = ll.State.merged(states)
    found = total.metrics()
    print(f"{total.rows} rows, mean w {found['logitlab/w/mean']:.9f}")
    print(f"{100 * found['logitlab/wrong_logp/share']:.1f} % of logp wrong, the worst in row {total.worst[0]['id']}")
    print(hashlib.sha256(total.to_bytes()).hexdigest())
