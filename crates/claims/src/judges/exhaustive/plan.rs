//! What a statement about formats varies, and which of its variables need only their extreme values.

use crate::expr::{Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use crate::proof::term::{map_prop, unfold};

/// A statement about formats that can be tried exhaustively.
pub struct Plan {
    /// The statement with its definitions written out and its hypotheses one by one.
    pub statement: Statement,
    /// The variables that range over the numbers of the format.
    pub floats: Vec<Name>,
    /// The variable that ranges over all reals, if there is one.
    pub real: Option<Name>,
}

impl Plan {
    /// The plan of a statement.
    ///
    /// # Errors
    /// Why the statement is none that can be tried exhaustively.
    pub fn new(statement: &Statement) -> Result<Plan, String> {
        let of = |sort: Sort| {
            let names = statement.variables.iter().filter(move |(_, own)| *own == sort);
            names.map(|(name, _)| name.clone()).collect::<Vec<_>>()
        };
        let (floats, mut reals) = (of(Sort::Float), of(Sort::Real));
        if floats.len() + reals.len() < statement.variables.len() || statement.trees().into_iter().any(has_size) {
            return Err("beside the numbers of a format it speaks of vectors, actions or K".to_string());
        }
        if reals.len() > 1 {
            return Err(format!("it has {} real variables, and only one can be tried exhaustively", reals.len()));
        }
        let open = |prop: &Prop| {
            map_prop(prop, &|tree| unfold(tree, &statement.definitions), &|action| Some(action.clone()))
                .ok_or("with its definitions written out it is too long".to_string())
        };
        let hypotheses = statement.hypotheses.iter().map(open).collect::<Result<Vec<_>, _>>()?;
        let shows = statement.shows.iter().map(open).collect::<Result<_, _>>()?;
        let hypotheses = hypotheses.iter().flat_map(parts).cloned().collect();
        let statement = Statement { variables: statement.variables.clone(), hypotheses, shows, ..Statement::default() };
        Ok(Plan { statement, floats, real: reals.pop() })
    }

    /// The hypotheses that mention a name.
    pub fn about(&self, name: &Name) -> Vec<&Prop> {
        self.statement.hypotheses.iter().filter(|prop| mentions(prop, name)).collect()
    }

    /// The hypotheses that mention this variable and no other.
    pub fn about_alone(&self, name: &Name) -> Vec<&Prop> {
        let others = || self.floats.iter().chain(&self.real).filter(|other| *other != name);
        self.about(name).into_iter().filter(|prop| !others().any(|other| mentions(prop, other))).collect()
    }

    /// A variable of whose values only the least and the greatest that meet the hypotheses are needed, by its place
    /// among the floats.
    ///
    /// Each line compares two sides that do not fall and rise in it at once, so a line that holds at both ends holds
    /// between; whatever is rounded there lies between its values at the ends, so it has a value, too. The hypotheses
    /// compare it without rounding it, so that the values that meet them have no gaps.
    pub fn reducible(&self) -> Option<usize> {
        let fits = |name: &Name| {
            let hypotheses = self.about(name).iter().all(|prop| {
                let rounded = |tree: &Tree| tree.any(&|node| is_rounding(node) && mentions_node(node, name));
                side(prop, name).is_some() && !prop.trees().into_iter().any(rounded)
            });
            let shows = || self.statement.shows.iter().flat_map(parts);
            hypotheses && shows().all(|show| !mentions(show, name) || side(show, name).is_some())
        };
        let none_real = self.real.is_none();
        self.floats.iter().rposition(|name| none_real && fits(name))
    }
}

/// The parts of a conjunction, or the proposition itself.
fn parts(prop: &Prop) -> Vec<&Prop> {
    match prop {
        Prop::And(parts) => parts.iter().flat_map(self::parts).collect(),
        other => vec![other],
    }
}

/// Whether the value may depend on the number of actions.
fn has_size(tree: &Tree) -> bool {
    let mut found = false;
    tree.visit(&mut |tree| found |= tree.ty() == Type::Vector || matches!(tree.node(), Node::Size));
    found
}

/// Whether a proposition mentions a variable.
pub fn mentions(prop: &Prop, name: &str) -> bool {
    prop.trees().iter().any(|tree| tree.has_variable(name))
}

fn mentions_node(node: &Node, name: &str) -> bool {
    node.children().iter().any(|child| child.has_variable(name))
}

/// Whether a node asks something of the format.
pub fn is_rounding(node: &Node) -> bool {
    matches!(node, Node::Apply(op, _) if op.is_of_format())
}

/// How a value depends on one variable: weakly.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Way {
    Constant,
    Rising,
    Falling,
}

impl Way {
    fn flipped(self) -> Way {
        match self {
            Way::Constant => Way::Constant,
            Way::Rising => Way::Falling,
            Way::Falling => Way::Rising,
        }
    }

    /// That of a sum.
    fn with(self, other: Way) -> Option<Way> {
        match (self, other) {
            (Way::Constant, way) | (way, Way::Constant) => Some(way),
            (a, b) => (a == b).then_some(a),
        }
    }
}

/// The end of a variable's values towards which a comparison, once true, stays true.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum End {
    /// True for larger values.
    Upper,
    /// True for smaller values.
    Lower,
}

/// The end at which a comparison is true, where it changes only once.
pub fn side(prop: &Prop, name: &Name) -> Option<End> {
    let Prop::Compare(relation, left, right) = prop else { return None };
    let (low, high) = match relation {
        Relation::LessEqual | Relation::Less => (left, right),
        Relation::GreaterEqual | Relation::Greater => (right, left),
        Relation::Equal | Relation::NotEqual => return None,
    };
    match way(high, name)?.with(way(low, name)?.flipped())? {
        Way::Rising => Some(End::Upper),
        Way::Falling => Some(End::Lower),
        Way::Constant => None,
    }
}

fn way(tree: &Tree, name: &Name) -> Option<Way> {
    if !tree.has_variable(name) {
        return Some(Way::Constant);
    }
    match tree.node() {
        Node::Variable(..) => Some(Way::Rising),
        Node::Apply(Op::Neg, items) => way(&items[0], name).map(Way::flipped),
        Node::Apply(Op::Add, items) => way(&items[0], name)?.with(way(&items[1], name)?),
        Node::Apply(Op::Sub, items) => way(&items[0], name)?.with(way(&items[1], name)?.flipped()),
        // Literals have no sign.
        Node::Apply(Op::Mul, items) if is_literal(&items[0]) => way(&items[1], name),
        Node::Apply(Op::Mul | Op::Div, items) if is_literal(&items[1]) => way(&items[0], name),
        Node::Apply(Op::Nearest | Op::Down | Op::Up | Op::Pred | Op::Succ, items) => way(&items[0], name),
        _ => None,
    }
}

fn is_literal(tree: &Tree) -> bool {
    matches!(tree.node(), Node::Number(_))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::claims::parse;

    fn plan(text: &str) -> Plan {
        Plan::new(&parse(&format!("claim x {text}")).unwrap().statement).unwrap()
    }

    #[test]
    fn only_monotone_variables_are_reduced() {
        let reducible = |text: &str| plan(text).reducible().map(|at| at.to_string()).unwrap_or_default();
        assert_eq!(reducible("given p : float, q : float, rd(p) <= q show 0 <= rd(rd(1 - 2*p) + q)"), "1");
        assert_eq!(reducible("given p : float, q : float show fl(p - q) <= p - q/2"), "");
        assert_eq!(reducible("given p : float, q : float show fl(p - q) <= p - 2*fl(-q)"), "1");
        assert_eq!(reducible("given p : float, q : float show fl(p*q) <= 1"), "");
        assert_eq!(reducible("given p : float, q : float, p != q show 0 <= q"), "");
        assert_eq!(reducible("given p : float, q : float, p < rd(q) show 0 <= q"), "0");
        assert_eq!(reducible("given p : float, q : float show even(q) <= even(p)"), "");
        assert_eq!(reducible("given q : float, x : real show fl(x) <= q"), "");
    }

    #[test]
    fn what_cannot_be_enumerated_is_refused() {
        for text in
            ["given x : real, y : real show fl(x) <= y", "given v : vector show fl(sum(v)) = 1", "show fl(K) = K"]
        {
            assert!(Plan::new(&parse(&format!("claim x {text}")).unwrap().statement).is_err(), "{text}");
        }
    }
}
