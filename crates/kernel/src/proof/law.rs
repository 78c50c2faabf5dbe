//! A law: a proposition that may be used on given values. (trusted)

use crate::expr::{Name, Prop, Relation, Sort, Tree};

/// A law ready for use: for all values of its variables that meet the conditions, `left relation right`.
#[derive(Clone, Debug)]
pub struct Law {
    /// Its variables; a law without any is about given values.
    pub variables: Vec<(Name, Sort)>,
    /// What must hold.
    pub conditions: Vec<Prop>,
    /// `=`, `<=` or `<`; or `!=`, which can only be concluded as a whole.
    pub relation: Relation,
    /// The left side.
    pub left: Tree,
    /// The right side.
    pub right: Tree,
    /// Whether it stands in the table, where `f` and `h` are differentiable and `v` is a direction.
    pub of_table: bool,
    /// Whether a law about given values holds under binders of their names too: a definition does.
    pub everywhere: bool,
}

impl Law {
    /// The laws that a proposition contains: a conjunction is several, an equivalence is one in each direction.
    pub fn of(variables: &[(Name, Sort)], conditions: &[Prop], prop: &Prop) -> Vec<Law> {
        let under = |condition: &Prop, conclusion: &Prop| {
            let mut all = conditions.to_vec();
            all.push(condition.clone());
            Law::of(variables, &all, conclusion)
        };
        match prop {
            Prop::Compare(relation, left, right) => {
                let falling = matches!(relation, Relation::GreaterEqual | Relation::Greater);
                let (relation, left, right) =
                    if falling { (relation.mirrored(), right, left) } else { (*relation, left, right) };
                let (variables, conditions, left, right) =
                    (variables.to_vec(), conditions.to_vec(), left.clone(), right.clone());
                vec![Law { variables, conditions, relation, left, right, of_table: false, everywhere: false }]
            }
            // Of several alternatives none is known to hold.
            Prop::SameAction(..) | Prop::Or(_) => vec![],
            Prop::And(parts) => parts.iter().flat_map(|part| Law::of(variables, conditions, part)).collect(),
            Prop::Implies(a, b) => under(a, b),
            Prop::Iff(a, b) => under(a, b).into_iter().chain(under(b, a)).collect(),
        }
    }
}
