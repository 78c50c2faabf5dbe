//! A user's formula, from a statement in the language of the claims: `show MEANING = WHAT IS COMPUTED`.

use crate::expr::{Node, Prop, Relation, Sort, Statement, Tree, Type};

use super::{Formula, POLICY, Quantity, VARIABLES, names};

/// Why a statement is no formula.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormulaError {
    /// Not exactly one `show`.
    #[error(
        "a formula has one `show` line with one equation, and this shows {0}: leave the one whose right side is to be \
         computed"
    )]
    Shows(usize),
    /// The `show` is not an equation of reals.
    #[error(
        "`{0}` is no formula: write an equation of reals, on the left what it should be, on the right what is \
         computed, such as `show |e[c] - P|^2 = 1 - 2*P[c] + C(P)`"
    )]
    NotAnEquation(String),
    /// A variable that formulas do not have.
    #[error(
        "`{name} : {sort}` cannot be given to a formula, which is over `z : logits`, `c : action` and, where it \
         compares two policies, `y : logits`; anything else is defined by these, such as `let P = softmax(z)`"
    )]
    Variable {
        /// The declared name.
        name: String,
        /// Its sort.
        sort: &'static str,
    },
    /// No logits.
    #[error("nothing is given to compute from: declare `given z : logits`")]
    NoLogits,
    /// A definition under the name of a variable of formulas.
    #[error("`let {0} = ...`: in a formula `{0}` is a variable, `{0} : {1}`; give the definition another name")]
    Definition(String, &'static str),
    /// A derivative on the side that is computed.
    #[error("`{0}` is a derivative, which has a meaning but is not computed: write it out on the right side")]
    Derivative(String),
}

impl Formula {
    /// A formula from a statement that shows one equation: its left side is the meaning, its right side is what is
    /// computed; its definitions are computed first, and its hypotheses say where it has a value.
    ///
    /// ```
    /// use logitlab_floats::formulas::{Formula, Quantity};
    ///
    /// let claim = logitlab_claims::claims::parse(
    ///     "claim mine
    ///      given z : logits, c : action
    ///      let   P = softmax(z)
    ///      show  |e[c] - P|^2 = 1 + C(P) - 2*P[c]",
    /// )?;
    /// let mine = Formula::from_statement("mine", &claim.statement)?;
    /// assert_eq!((mine.text.as_str(), mine.quantity), ("1 + C(P) - 2*P[c]", Some(Quantity::SquaredNorm)));
    ///
    /// let claim = logitlab_claims::claims::parse("claim yours given P : distribution show C(P) = <P,P>")?;
    /// let error = Formula::from_statement("yours", &claim.statement).unwrap_err();
    /// assert!(error.to_string().starts_with("`P : distribution` cannot be given to a formula"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// If the statement is not of this form. That its two sides are equal is not checked: it is a claim, and the
    /// judges decide it.
    pub fn from_statement(name: &str, statement: &Statement) -> Result<Formula, FormulaError> {
        check_names(statement)?;
        let [show] = statement.shows.as_slice() else { return Err(FormulaError::Shows(statement.shows.len())) };
        let (meaning, tree) = match show {
            Prop::Compare(Relation::Equal, left, right) if left.ty() == Type::Real => (left.clone(), right.clone()),
            other => return Err(FormulaError::NotAnEquation(other.to_string())),
        };
        let formula = Formula {
            name: name.to_string(),
            quantity: quantity(&meaning, statement),
            meaning,
            text: tree.to_string(),
            tree,
            definitions: statement.definitions.clone(),
            requires: conjunction(&statement.hypotheses),
            note: String::new(),
        };
        match formula.derivative() {
            Some(derivative) => Err(FormulaError::Derivative(derivative.to_string())),
            None => Ok(formula),
        }
    }

    /// A derivative that would have to be computed.
    fn derivative(&self) -> Option<Tree> {
        let used = self.definitions.iter().filter(|(name, _)| self.uses(name)).map(|(_, tree)| tree);
        let mut found = None;
        for tree in used.chain([&self.tree]) {
            tree.visit(&mut |part| {
                if matches!(part.node(), Node::Gradient { .. } | Node::Derivative { .. }) {
                    found.get_or_insert_with(|| part.clone());
                }
            });
        }
        found
    }
}

fn check_names(statement: &Statement) -> Result<(), FormulaError> {
    let sort_of = |name: &str| VARIABLES.iter().find(|(known, _)| *known == name).map(|(_, sort)| *sort);
    for (name, sort) in &statement.variables {
        if sort_of(name) != Some(*sort) {
            return Err(FormulaError::Variable { name: name.to_string(), sort: sort.word() });
        }
    }
    for (name, _) in &statement.definitions {
        if let Some(sort) = sort_of(name) {
            return Err(FormulaError::Definition(name.to_string(), sort.word()));
        }
    }
    let has_logits = statement.variables.iter().any(|(_, sort)| *sort == Sort::Logits);
    if has_logits { Ok(()) } else { Err(FormulaError::NoLogits) }
}

/// The quantity of this meaning, if it is one of ours.
fn quantity(meaning: &Tree, statement: &Statement) -> Option<Quantity> {
    let policy = |statement: &Statement| {
        statement.definitions.iter().find(|(name, _)| &**name == POLICY).map(|(_, tree)| tree.clone())
    };
    let same_policy = policy(statement) == policy(names());
    let mentions_policy = meaning.any(&|node| matches!(node, Node::Variable(name, _) if &**name == POLICY));
    Quantity::all().find(|quantity| quantity.meaning() == *meaning && (same_policy || !mentions_policy))
}

fn conjunction(props: &[Prop]) -> Option<Prop> {
    let mut parts = Vec::new();
    for prop in props {
        match prop {
            Prop::And(inner) => parts.extend(inner.iter().cloned()),
            other => parts.push(other.clone()),
        }
    }
    if parts.len() > 1 { Some(Prop::And(parts)) } else { parts.pop() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::elaborate::{proposition, value};

    /// A statement over the names of formulas.
    fn statement(definitions: &[(&str, &str)], shows: &[&str]) -> Statement {
        let mut statement = Statement { variables: names().variables.clone(), ..Statement::default() };
        for (name, text) in definitions {
            let tree = value(text, &statement).unwrap();
            statement.definitions.push(((*name).into(), tree));
        }
        statement.shows = shows.iter().map(|text| proposition(text, &statement).unwrap()).collect();
        statement
    }

    fn complaint(statement: &Statement) -> String {
        Formula::from_statement("f", statement).unwrap_err().to_string()
    }

    #[test]
    fn a_quantity_is_recognised_by_its_meaning_and_its_policy() {
        let own = |policy, show| Formula::from_statement("f", &statement(&[("P", policy)], &[show])).unwrap().quantity;
        assert_eq!(own("softmax(z)", "H(P) = lse(z) - <P,z>"), Some(Quantity::Entropy));
        assert_eq!(own("softmax(2*z)", "H(P) = lse(z) - <P,z>"), None);
        assert_eq!(own("softmax(2*z)", "log(sum(exp(z))) = lse(z)"), Some(Quantity::Lse));
        assert_eq!(own("softmax(z)", "P[c]*P[c] = P[c]^2"), None);
    }

    #[test]
    fn hypotheses_are_what_it_requires() {
        let mut given = statement(&[], &["lse(z) = lse(z)"]);
        assert_eq!(Formula::from_statement("f", &given).unwrap().requires, None);
        given.hypotheses = ["z[c] > 0 and z[c] < 1", "K = 4"].map(|text| proposition(text, &given).unwrap()).into();
        let formula = Formula::from_statement("f", &given).unwrap();
        assert_eq!(formula.requires.unwrap().to_string(), "z[c] > 0 and z[c] < 1 and K = 4");
    }

    #[test]
    fn everything_else_is_refused_with_a_reason() {
        assert_eq!(complaint(&statement(&[], &[])), FormulaError::Shows(0).to_string());
        assert_eq!(complaint(&statement(&[], &["1 = 1", "2 = 2"])), FormulaError::Shows(2).to_string());
        for no_equation in ["1 <= 2", "z = y", "1 = 1 and 2 = 2", "1 != 2"] {
            let expected = FormulaError::NotAnEquation(no_equation.to_string());
            assert_eq!(complaint(&statement(&[], &[no_equation])), expected.to_string());
        }
        let derived = statement(&[("g", "D(lse(z), z)")], &["1 = g[c]"]);
        assert_eq!(complaint(&derived), FormulaError::Derivative("D(lse(z), z)".to_string()).to_string());
        let meant = statement(&[("g", "D(lse(z), z)")], &["g[c] = softmax(z)[c]"]);
        assert!(Formula::from_statement("f", &meant).is_ok());

        let mut named = statement(&[], &["1 = 1"]);
        named.variables = vec![("z".into(), Sort::Vector)];
        assert!(complaint(&named).starts_with("`z : vector` cannot be given"), "{}", complaint(&named));
        named.variables = vec![("c".into(), Sort::Action)];
        assert_eq!(complaint(&named), FormulaError::NoLogits.to_string());
        named.variables = vec![("z".into(), Sort::Logits)];
        named.definitions = vec![("y".into(), Tree::ones())];
        assert_eq!(complaint(&named), FormulaError::Definition("y".to_string(), "logits").to_string());
    }
}
