//! What derived operations stand for, by the equations of the table.

use std::sync::LazyLock;

use super::elaborate::proposition;
use super::op::{OPS, Op};
use super::prop::{Prop, Sort, Statement};
use super::tree::{Name, Node, Tree};

/// The names that stand for arguments in the equations of [`OPS`].
const PARAMETERS: &[(Sort, &[&str])] = &[(Sort::Real, &["x", "y", "k"]), (Sort::Vector, &["u", "v", "w", "z"])];

/// Both sides of the equations of each operation.
static EQUATIONS: LazyLock<Vec<Vec<(Tree, Tree)>>> = LazyLock::new(|| {
    let names = PARAMETERS.iter().flat_map(|(sort, names)| names.iter().map(|name| (Name::from(*name), *sort)));
    let statement = Statement { variables: names.collect(), ..Statement::default() };
    let sides = |law: &&str| match proposition(law, &statement) {
        Ok(Prop::Compare(_, left, right)) => (left, right),
        other => unreachable!("{law} is an equation: {other:?}"),
    };
    OPS.iter().map(|row| row.laws.iter().map(sides).collect()).collect()
});

/// What a derived operation on arguments of these types stands for, and the variables in it that stand for the
/// arguments, in order; `None` of any other.
pub fn meaning(op: Op, arguments: &[Tree]) -> Option<(&'static [Tree], &'static Tree)> {
    let fits = |(p, x): (&Tree, &Tree)| p.ty() == x.ty();
    EQUATIONS[op.index()].iter().find_map(|(left, right)| match left.node() {
        Node::Apply(_, parameters) if parameters.iter().zip(arguments).all(fits) => {
            Some((parameters.as_slice(), right))
        }
        _ => None,
    })
}

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
    let (parameters, body) = meaning(op, arguments)?;
    let argument = |part: &Tree| parameters.iter().position(|p| p == part).map(|index| arguments[index].clone());
    body.rewrite(&mut { argument }).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::Type;
    use crate::expr::elaborate::value;
    use crate::expr::notation::{LATEX, MATHML, TEXT, UNICODE};

    /// Every operation on variables, once for each signature.
    fn applied() -> Vec<Tree> {
        let argument = |(index, ty): (usize, &Type)| match ty {
            Type::Real => Tree::variable(["x", "y", "k"][index], *ty),
            Type::Vector => Tree::variable(["u", "v", "w"][index], *ty),
        };
        let each = |op: Op, takes: &[Type]| {
            Tree::apply(op, takes.iter().enumerate().map(argument).collect::<Vec<_>>()).unwrap()
        };
        OPS.iter().flat_map(|row| row.signatures.iter().map(move |(takes, _)| each(row.op, takes))).collect()
    }

    #[test]
    fn every_operation_reads_back_and_looks_like_no_other() {
        let (real, vector) = (Sort::Real, Sort::Vector);
        let names = [("x", real), ("y", real), ("k", real), ("u", vector), ("v", vector), ("w", vector)];
        let variables = names.map(|(n, s)| (Name::from(n), s)).to_vec();
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
        for whole in applied() {
            let Node::Apply(op, arguments) = whole.node() else { unreachable!() };
            if op.info().laws.is_empty() {
                continue;
            }
            let meaning = unfold(*op, arguments).unwrap_or_else(|| panic!("{whole}"));
            // What it uses stands above it in the table, or is no derived function: unfolding ends.
            let circular = |node: &Node| matches!(node, Node::Apply(used, _) if used == op || matches!(used, Op::Derived(_)) && used > op);
            assert!(!meaning.any(&circular), "{meaning}");
            if let Op::Derived(_) = op {
                let mut written = meaning.clone();
                while let Ok(next) = written.rewrite(&mut |node| match node.node() {
                    Node::Apply(op @ Op::Derived(_), items) => unfold(*op, items),
                    _ => None,
                }) && next != written
                {
                    written = next;
                }
                let uses = |argument: &Tree| {
                    let mut uses = 0;
                    written.visit(&mut |node| uses += u64::from(node == argument));
                    uses
                };
                assert_eq!(arguments.iter().map(uses).max(), Some(op.info().uses), "{whole} = {written}");
                assert!(written.parts() <= whole.parts(), "{whole} = {written}");
            }
            assert_eq!(Some(meaning.ty()), op.result(&arguments.iter().map(Tree::ty).collect::<Vec<_>>()));
        }
    }
}
