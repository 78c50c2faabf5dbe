//! What to change, with code to paste.

/// What to do about findings.
#[derive(Clone, Copy, Debug)]
pub struct Advice {
    /// The name.
    pub name: &'static str,
    /// What to do, in a line or two.
    pub what: &'static str,
    /// Why.
    pub why: &'static str,
    /// The function of the [`SNIPPETS`] that does it, if one does.
    pub function: Option<&'static str>,
}

/// Everything that is advised, in the order in which it is best done.
pub const ADVICE: &[Advice] = &[
    Advice {
        name: "claimed",
        what: "check that the column was computed from these logits: the same temperature, masks, actions and rounding; \
               `logitlab measure FILE` prints the certified column, and the rows above are where to look first",
        why: "every value was held against an interval that contains the true value of these logits",
        function: None,
    },
    Advice {
        name: "tail-form",
        what: "compute w from the probabilities of the other tokens, w = (sum_o P_o)^2 + sum_o P_o^2, in f32",
        why: "1 - 2 P_c + sum pi^2 subtracts numbers near 1 from each other where P_c is near 1, and what is left is their \
              rounding errors; the tail form adds positive numbers only and keeps nearly all digits at any confidence",
        function: Some("score_norm_squared"),
    },
    Advice {
        name: "collision",
        what: "do not compute sum pi^2 as exp(lse(2z) - 2 lse(z)) in 16 bits: square the probabilities and add them up in f32",
        why: "a log-sum-exp near 20 is off by up to 0.06 in bf16, and that of twice the logits by up to 0.12: together up \
              to a quarter of sum pi^2, before anything is subtracted",
        function: Some("sum_pi_squared"),
    },
    Advice {
        name: "log-probability",
        what: "compute log P_c from the log-odds against the other tokens, in f32",
        why: "z_c - lse(z) adds the size of the logits and takes it away again: what is lost is the spacing of numbers \
              of that size, and the sign",
        function: Some("log_probability"),
    },
    Advice {
        name: "entropy",
        what: "compute the entropy from differences to the largest logit, in f32, and count a masked action as 0",
        why: "lse(z) - sum pi z subtracts numbers of the size of the logits, and 0 times -inf is no number: a masked action \
              makes the whole sum NaN",
        function: Some("entropy"),
    },
    Advice {
        name: "probability",
        what: "compute the softmax from differences to the largest logit, and add up in f32: round to 16 bits only at the end",
        why: "a probability rounded to bf16 has two to three digits, and a sum of thousands of small ones in 16 bits stops \
              growing once each is below half the spacing of the sum",
        function: None,
    },
    Advice {
        name: "logits-in-f32",
        what: "let the last matrix product write f32 logits (or compute w and log P_c before they are rounded)",
        why: "rounding a logit near 20 to bf16 moves it by up to 0.06, and with it a probability by up to 6 % and w by up \
              to 12 %; no formula can undo that",
        function: None,
    },
    Advice {
        name: "step",
        what: "keep what you update in f32, or round updates stochastically",
        why: "a step smaller than half the spacing of the stored number is rounded away every time, not on average: \
              training stops there whatever the sum of many such steps would be",
        function: None,
    },
];

/// The formulas in a language.
#[derive(Clone, Copy, Debug)]
pub struct Snippet {
    /// The name in options.
    pub name: &'static str,
    /// The code.
    pub code: &'static str,
}

/// The formulas to paste.
pub const SNIPPETS: &[Snippet] = &[
    Snippet { name: "torch", code: include_str!("formulas/torch.py") },
    Snippet { name: "jax", code: include_str!("formulas/jax.py") },
    Snippet { name: "numpy", code: include_str!("formulas/numpy.py") },
];

impl Advice {
    /// The advice of this name.
    pub fn find(name: &str) -> Option<&'static Advice> {
        ADVICE.iter().find(|advice| advice.name == name)
    }
}

impl Snippet {
    /// One function of the code, with what it imports above it.
    pub fn function(&self, name: &str) -> Option<String> {
        let mut parts = self.code.split("\n\n\n");
        let head = parts.next()?;
        let start = format!("def {name}(");
        parts.find(|part| part.starts_with(&start)).map(|part| format!("{head}\n\n{}\n", part.trim_end()))
    }
}
