//! The notations that expressions are printed in, as tables of spellings: text, Unicode, LaTeX and MathML.
//!
//! A spelling is a template. `$0`, `$1`, ... stand for the parts, in brackets where they bind too loosely; `!0` is a
//! part that the spelling encloses by itself. `‹` and `›` mark where LaTeX enlarges delimiters around tall parts.

use super::latex;
use super::mathml;
use super::prop::Relation;

/// How expressions are spelt. What binds how tightly, and where brackets stand, is the same in all notations and
/// decided in [`mod@super::print`].
#[derive(Clone, Copy, Debug)]
pub struct Notation {
    /// Names of variables and actions.
    pub(super) name: fn(&str) -> String,
    /// Names of functions.
    pub(super) function: fn(&str) -> String,
    /// Numbers by their digits.
    pub(super) number: fn(&str) -> String,
    /// The number of actions.
    pub(super) size: &'static str,
    /// Relations.
    pub(super) relation: fn(Relation) -> &'static str,
    /// The vectors of ones and of zeros: where the context says that it is a vector, and where nothing does.
    pub(super) ones: (&'static str, &'static str),
    pub(super) zeros: (&'static str, &'static str),
    pub(super) unit: &'static str,
    pub(super) at: &'static str,
    pub(super) others: &'static str,
    pub(super) entries: &'static str,
    pub(super) brackets: &'static str,
    /// Brackets around a proposition: left, right.
    pub(super) round: (&'static str, &'static str),
    /// Between the parts of a list.
    pub(super) comma: &'static str,
    pub(super) neg: &'static str,
    pub(super) add: &'static str,
    pub(super) sub: &'static str,
    pub(super) mul: &'static str,
    /// A product whose factors, side by side, would read as a number or as a function with its argument.
    pub(super) dot: &'static str,
    pub(super) div: &'static str,
    /// A quotient that needs no brackets.
    pub(super) fraction: &'static str,
    /// How deep such quotients may stand in each other.
    pub(super) fractions: u8,
    pub(super) hadamard: &'static str,
    pub(super) quotient: &'static str,
    pub(super) power: &'static str,
    /// A power with any exponent.
    pub(super) real_power: &'static str,
    pub(super) exponent: fn(u32) -> String,
    pub(super) inner: &'static str,
    pub(super) abs: &'static str,
    pub(super) norm: &'static str,
    pub(super) norm_squared: &'static str,
    pub(super) sqrt: &'static str,
    pub(super) expect: &'static str,
    pub(super) gradient: &'static str,
    pub(super) derivative: &'static str,
    /// Whether coordinates are subscripts, which do not stack, and derivatives stand before what they act on.
    pub(super) scripted: bool,
    pub(super) and: &'static str,
    pub(super) or: &'static str,
    pub(super) implies: &'static str,
    pub(super) iff: &'static str,
    /// What marks delimiters that grow with their contents: left, right.
    pub(super) tall: (&'static str, &'static str),
    /// What marks delimiters that do not: left, right.
    pub(super) flat: (&'static str, &'static str),
}

/// The language itself: what is printed parses back to the same tree.
pub const TEXT: Notation = Notation {
    name: str::to_string,
    function: str::to_string,
    number: str::to_string,
    size: "K",
    relation: Relation::sign,
    ones: ("1", "ones"),
    zeros: ("0", "zeros"),
    unit: "e[$0]",
    at: "$0[$1]",
    others: "others(!0, $1)",
    entries: "[!0]",
    brackets: "‹(!0›)",
    round: ("(", ")"),
    comma: ", ",
    neg: "-$0",
    add: "$0 + $1",
    sub: "$0 - $1",
    mul: "$0*$1",
    dot: "$0*$1",
    div: "$0/$1",
    fraction: "",
    fractions: 0,
    hadamard: "$0.*$1",
    quotient: "$0./$1",
    power: "$0^$1",
    real_power: "$0^$1",
    exponent: |n| n.to_string(),
    inner: "<!0,!1>",
    abs: "|!0|",
    norm: "|!0|",
    norm_squared: "|!0|^2",
    sqrt: "sqrt(!0)",
    expect: "E[$0 ~ !1](!2)",
    gradient: "D(!0, $1)",
    derivative: "D(!0, $1, !2)",
    scripted: false,
    and: " and ",
    or: " or ",
    implies: " => ",
    iff: " <=> ",
    tall: ("", ""),
    flat: ("", ""),
};

/// Mathematical signs where there are any that every font has, for terminals and chats.
pub const UNICODE: Notation = Notation {
    name: latex::unicode_name,
    function: |name| match name {
        "H2" => "H₂".to_string(),
        "chi2" => "χ²".to_string(),
        name => name.to_string(),
    },
    relation: |relation| match relation {
        Relation::NotEqual => "≠",
        Relation::LessEqual => "≤",
        Relation::GreaterEqual => "≥",
        same => same.sign(),
    },
    ones: ("𝟏", "𝟏"),
    zeros: ("𝟎", "𝟎"),
    neg: "−$0",
    sub: "$0 − $1",
    mul: "$0·$1",
    dot: "$0·$1",
    hadamard: "$0 ⊙ $1",
    quotient: "$0 ⊘ $1",
    power: "$0$1",
    exponent: latex::superscript,
    inner: "⟨!0, !1⟩",
    norm: "‖!0‖",
    norm_squared: "‖!0‖²",
    sqrt: "√(!0)",
    expect: "𝔼[$0 ∼ !1](!2)",
    gradient: "∇_$1(!0)",
    derivative: "∂_$1(!0; !2)",
    and: " ∧ ",
    or: " ∨ ",
    implies: " ⇒ ",
    iff: " ⇔ ",
    ..TEXT
};

/// LaTeX in math mode, with amsmath and amssymb.
pub const LATEX: Notation = Notation {
    name: latex::name,
    function: latex::function,
    relation: |relation| match relation {
        Relation::NotEqual => r"\ne",
        Relation::LessEqual => r"\le",
        Relation::GreaterEqual => r"\ge",
        same => same.sign(),
    },
    ones: (r"\mathbf{1}", r"\mathbf{1}"),
    zeros: (r"\mathbf{0}", r"\mathbf{0}"),
    unit: "e_{$0}",
    at: "$0_{$1}",
    others: r"$0_{\setminus $1}",
    entries: "‹[!0›]",
    mul: r"$0\,$1",
    dot: r"$0 \cdot $1",
    div: "$0/$1",
    fraction: r"\frac{!0}{!1}",
    fractions: 2,
    hadamard: r"$0 \odot $1",
    quotient: r"$0 \oslash $1",
    power: "$0^{$1}",
    real_power: "$0^{!1}",
    inner: r"‹\langle !0, !1›\rangle",
    abs: r"‹\lvert !0›\rvert",
    norm: r"‹\lVert !0›\rVert",
    norm_squared: r"‹\lVert !0›\rVert^{2}",
    sqrt: r"\sqrt{!0}",
    expect: r"\mathbb{E}_{$0 \sim !1}‹[!2›]",
    gradient: r"\nabla_{$1}\,$0",
    derivative: r"\partial_{!2}^{($1)}\,$0",
    scripted: true,
    and: r" \text{ and } ",
    or: r" \text{ or } ",
    implies: r" \Rightarrow ",
    iff: r" \Leftrightarrow ",
    tall: (r"\Bigl", r"\Bigr"),
    ..TEXT
};

/// Presentation MathML as browsers render it (MathML Core): the inside of a `<math>` element.
pub const MATHML: Notation = Notation {
    name: mathml::name,
    function: mathml::function,
    number: mathml::number,
    size: "<mi>K</mi>",
    relation: |relation| match relation {
        Relation::Equal => r#"<mo form="infix">=</mo>"#,
        Relation::NotEqual => r#"<mo form="infix">≠</mo>"#,
        Relation::LessEqual => r#"<mo form="infix">≤</mo>"#,
        Relation::Less => r#"<mo form="infix">&lt;</mo>"#,
        Relation::GreaterEqual => r#"<mo form="infix">≥</mo>"#,
        Relation::Greater => r#"<mo form="infix">&gt;</mo>"#,
    },
    ones: ("<mn>𝟏</mn>", "<mn>𝟏</mn>"),
    zeros: ("<mn>𝟎</mn>", "<mn>𝟎</mn>"),
    unit: "<msub><mi>e</mi><mrow>$0</mrow></msub>",
    at: "<msub><mrow>$0</mrow><mrow>$1</mrow></msub>",
    others: "<msub><mrow>$0</mrow><mrow><mo>∖</mo>$1</mrow></msub>",
    entries: "<mrow><mo‹>[</mo>!0<mo›>]</mo></mrow>",
    brackets: "<mrow><mo‹>(</mo>!0<mo›>)</mo></mrow>",
    round: ("<mrow><mo>(</mo>", "<mo>)</mo></mrow>"),
    comma: "<mo>,</mo>",
    neg: r#"<mo form="prefix">−</mo>$0"#,
    add: r#"$0<mo form="infix">+</mo>$1"#,
    sub: r#"$0<mo form="infix">−</mo>$1"#,
    mul: r#"$0<mo lspace="0.08em" rspace="0.08em">&#x2062;</mo>$1"#,
    dot: "$0<mo>·</mo>$1",
    div: "$0<mo>/</mo>$1",
    fraction: "<mfrac><mrow>!0</mrow><mrow>!1</mrow></mfrac>",
    fractions: 2,
    hadamard: "$0<mo>⊙</mo>$1",
    quotient: "$0<mo>⊘</mo>$1",
    power: "<msup><mrow>$0</mrow>$1</msup>",
    real_power: "<msup><mrow>$0</mrow><mrow>!1</mrow></msup>",
    exponent: |n| mathml::number(&n.to_string()),
    inner: r#"<mrow><mo form="prefix"‹>⟨</mo>!0<mo>,</mo>!1<mo form="postfix"›>⟩</mo></mrow>"#,
    abs: r#"<mrow><mo form="prefix"‹>|</mo>!0<mo form="postfix"›>|</mo></mrow>"#,
    norm: r#"<mrow><mo form="prefix"‹>‖</mo>!0<mo form="postfix"›>‖</mo></mrow>"#,
    norm_squared: r#"<msup><mrow><mo form="prefix"‹>‖</mo>!0<mo form="postfix"›>‖</mo></mrow><mn>2</mn></msup>"#,
    sqrt: "<msqrt>!0</msqrt>",
    expect: "<msub><mi>𝔼</mi><mrow>$0<mo>∼</mo>!1</mrow></msub><mrow><mo‹>[</mo>!2<mo›>]</mo></mrow>",
    gradient: "<msub><mo>∇</mo><mrow>$1</mrow></msub>$0",
    derivative: "<msubsup><mo>∂</mo><mrow>!2</mrow><mrow><mo stretchy=\"false\">(</mo>$1<mo stretchy=\"false\">)</mo></mrow></msubsup>$0",
    scripted: true,
    and: r#"<mo form="infix">∧</mo>"#,
    or: r#"<mo form="infix">∨</mo>"#,
    implies: r#"<mo form="infix">⇒</mo>"#,
    iff: r#"<mo form="infix">⇔</mo>"#,
    // Fonts have stretched brackets with wide margins.
    flat: (r#" stretchy="false""#, r#" stretchy="false""#),
    ..TEXT
};

impl Notation {
    /// The same with quotients as fractions only this deep.
    pub fn with_fractions(self, fractions: u8) -> Notation {
        Notation { fractions: fractions.min(self.fractions), ..self }
    }

    /// How deep fractions may stand in each other.
    pub fn fractions(&self) -> u8 {
        self.fractions
    }

    /// The sign of a relation.
    pub fn relation(&self, relation: Relation) -> &'static str {
        (self.relation)(relation)
    }

    /// A name of a variable or an action.
    pub fn name(&self, name: &str) -> String {
        (self.name)(name)
    }
}
