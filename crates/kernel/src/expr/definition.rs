//! What derived operations stand for, by the equations of the table.

use std::sync::LazyLock;

use super::elaborate::proposition;
use super::op::{OPS, Op, Type};
use super::prop::{Prop, Sort, Statement};
use super::tree::{Name, Node, Tree};

/// The names that stand for arguments in the equations of [`OPS`].
const PARAMETERS: [&str; 5] = ["u", "v", "x", "y", "z"];

/// Both sides of the equations, once for each type that the arguments can have.
static EQUATIONS: LazyLock<Vec<(Tree, Tree)>> = LazyLock::new(|| {
    let mut equations = Vec::new();
    for row in OPS.iter().filter(|row| !row.definition.is_empty()) {
        for (takes, _) in row.signatures {
            let sort = if takes[0] == Type::Real { Sort::Real } else { Sort::Vector };
            let variables = PARAMETERS.map(|name| (Name::from(name), sort)).to_vec();
            match proposition(row.definition, &Statement { variables, ..Statement::default() }) {
                Ok(Prop::Compare(_, left, right)) => equations.push((left, right)),
                other => unreachable!("{} is an equation: {other:?}", row.definition),
            }
        }
    }
    equations
});

/// What a derived operation on arguments stands for; `None` of any other, and where that would be nested too deeply.
///
/// # Examples
/// ```
/// use logitlab_kernel::expr::definition::unfold;
/// use logitlab_kernel::expr::{Op, Tree};
///
/// let entropy = unfold(Op::Entropy, &[Tree::ones()]).expect("it is derived");
/// assert_eq!(entropy.to_string(), "-sum(xlogx(1))");
/// assert_eq!(unfold(Op::Sum, &[Tree::ones()]), None);
/// ```
pub fn unfold(op: Op, arguments: &[Tree]) -> Option<Tree> {
    let fits = |(p, x): (&Tree, &Tree)| p.ty() == x.ty();
    EQUATIONS.iter().find_map(|(left, right)| match left.node() {
        Node::Apply(own, parameters) if *own == op && parameters.iter().zip(arguments).all(fits) => {
            let argument =
                |part: &Tree| parameters.iter().position(|p| p == part).map(|index| arguments[index].clone());
            right.rewrite(&mut { argument }).ok()
        }
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::elaborate::value;
    use crate::expr::notation::{LATEX, MATHML, TEXT, UNICODE};

    /// Every operation on variables, once for each signature.
    fn applied() -> Vec<Tree> {
        let argument = |(index, ty): (usize, &Type)| match ty {
            Type::Real => Tree::variable(["x", "y"][index], *ty),
            Type::Vector => Tree::variable(["u", "v"][index], *ty),
        };
        let each = |op: Op, takes: &[Type]| {
            Tree::apply(op, takes.iter().enumerate().map(argument).collect::<Vec<_>>()).unwrap()
        };
        OPS.iter().flat_map(|row| row.signatures.iter().map(move |(takes, _)| each(row.op, takes))).collect()
    }

    #[test]
    fn every_operation_reads_back_and_looks_like_no_other() {
        let (real, vector) = (Sort::Real, Sort::Vector);
        let variables =
            [("x", real), ("y", real), ("u", vector), ("v", vector)].map(|(n, s)| (Name::from(n), s)).to_vec();
        let statement = Statement { variables, ..Statement::default() };
        for tree in applied() {
            assert_eq!(value(&tree.to_string(), &statement).unwrap(), tree, "{tree}");
        }
        for notation in [TEXT, UNICODE, LATEX, MATHML] {
            let mut printed: Vec<String> = applied().iter().map(|tree| notation.print(tree)).collect();
            let count = printed.len();
            printed.sort_unstable();
            printed.dedup();
            assert_eq!(printed.len(), count, "{printed:#?}");
        }
    }

    #[test]
    fn an_equation_defines_its_operation_by_others() {
        for row in OPS.iter().filter(|row| !row.definition.is_empty()) {
            let whole = applied().into_iter().find(|tree| matches!(tree.node(), Node::Apply(op, _) if *op == row.op));
            let Node::Apply(op, arguments) = whole.as_ref().unwrap().node() else { unreachable!() };
            let meaning = unfold(*op, arguments).unwrap();
            assert!(!meaning.any(&|node| matches!(node, Node::Apply(own, _) if own == op)), "{meaning}");
            assert_eq!(Some(meaning.ty()), op.result(&arguments.iter().map(Tree::ty).collect::<Vec<_>>()));
        }
    }
}
