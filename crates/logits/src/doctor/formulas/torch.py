import torch
import torch.nn.functional as F


def score_norm_squared(logits, action):
    """|e_c - P|^2 for logits [..., V] and actions [...]; nothing cancels."""
    p = torch.softmax(logits.float(), dim=-1)
    others = p.scatter(-1, action.unsqueeze(-1), 0.0)
    rest = others.sum(dim=-1)  # 1 - P_c, and not by subtraction
    return rest * rest + (others * others).sum(dim=-1)


def score_norm(logits, action):
    """|e_c - P|; does not underflow where its square would."""
    z = logits.float()
    z_c = z.gather(-1, action.unsqueeze(-1)).squeeze(-1)
    others = z.scatter(-1, action.unsqueeze(-1), -torch.inf)
    top = others.amax(dim=-1, keepdim=True).clamp(min=torch.finfo(z.dtype).min)
    e = torch.exp(others - top)
    total = e.sum(dim=-1)
    rest = torch.sigmoid(top.squeeze(-1) + torch.log(total) - z_c)  # 1 - P_c
    q = e / total.clamp(min=1.0).unsqueeze(-1)
    return rest * torch.sqrt(1.0 + (q * q).sum(dim=-1))


def sum_pi_squared(logits):
    """sum P_i^2 over the last axis; at most 1, and nothing cancels."""
    p = torch.softmax(logits.float(), dim=-1)
    return (p * p).sum(dim=-1)


def entropy(logits):
    """-sum P_i log P_i in nats; right where P is nearly one-hot, and a masked action counts 0."""
    z = logits.float()
    top = z.argmax(dim=-1, keepdim=True)
    d = z - z.gather(-1, top)
    others = torch.exp(d).scatter(-1, top, 0.0)
    rest = others.sum(dim=-1)  # (1 - P_top) / P_top
    mean = torch.where(others > 0, -others * d, 0.0).sum(dim=-1) / (1.0 + rest)
    return torch.log1p(rest) + mean


def log_probability(logits, action):
    """log P_c; never above 0, and with all its digits where P_c is near 1."""
    z = logits.float()
    z_c = z.gather(-1, action.unsqueeze(-1)).squeeze(-1)
    others = z.scatter(-1, action.unsqueeze(-1), -torch.inf)
    return F.logsigmoid(z_c - torch.logsumexp(others, dim=-1))
