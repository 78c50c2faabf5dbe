//! What is given, made fit for use: in normal form, as equations that take atoms away, and as signs.

use num_rational::BigRational;
use num_traits::One;

use super::chain::merged;
use super::form::{Shape, atom_written, canonical, fraction, simple, written};
use super::problem::{Link, Problem};
use super::rewrite::{Cited, Depth, MAX_SIZE, Rewriter, end, size};
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Tree, Type};
use crate::proof::facts::{Facts, Signs};
use crate::proof::polynomial::{Fraction, Monomial, Polynomial};
use crate::proof::rules::Law;
use crate::proof::term::{mentions_action, unfold};
use logitlab_words::Truth;

/// Larger arguments of absolute values are not looked at for their signs.
const MAX_ARGUMENT: usize = 60;

/// A step of an equation.
pub fn equal(to: &Tree, rules: &[Name]) -> Link {
    Link { relation: Relation::Equal, to: to.clone(), rules: rules.to_vec() }
}

/// A path with its last expression in normal form.
fn simplified(rewriter: &Rewriter<'_>, tree: &Tree) -> Vec<Cited> {
    let mut path = rewriter.path(tree, &[]);
    let last = end(tree, &path).clone();
    if let Some(simple) = simple(&last, &rewriter.facts, Shape::Factored).filter(|simple| *simple != last) {
        path.push((vec!["algebra".into()], simple));
    }
    path
}

/// A path the other way round: from its end to the start.
pub fn reversed(start: &Tree, path: &[Cited]) -> Vec<Link> {
    let to = |index: usize| if index == 0 { start } else { &path[index - 1].1 };
    path.iter().enumerate().rev().map(|(index, (names, _))| equal(to(index), names)).collect()
}

/// Shows inequalities that are known for the normal forms of their sides too.
pub fn normalize(problem: &mut Problem<'_>, depth: Depth) {
    for prop in problem.known.clone() {
        let Prop::Compare(relation, left, right) = &prop else { continue };
        if matches!(relation, Relation::Equal | Relation::NotEqual) {
            continue;
        }
        for full in [false, true] {
            let rewriter = Rewriter::new(problem, depth);
            let path = |tree: &Tree| if full { simplified(&rewriter, tree) } else { rewriter.path(tree, &[]) };
            let (there, back) = (path(left), path(right));
            let from = end(left, &there).clone();
            if there.is_empty() && back.is_empty() {
                continue;
            }
            drop(rewriter);
            let mut links = reversed(left, &there);
            links.push(Link::new(*relation, right.clone(), "order"));
            links.extend(back.iter().map(|(names, to)| equal(to, names)));
            let links = merged(problem, &from, links);
            let to = links.last().map_or(right, |link| &link.to).clone();
            if problem.learn(&from, &links).is_some() && full {
                learn_forms(problem, *relation, &from, &to);
            }
        }
    }
}

/// Shows what is known of every vector with a largest entry or an absolute value in the goal: that the entries are at
/// most the largest, and that the absolute value is not below the vector.
pub fn bounds(problem: &mut Problem<'_>, depth: Depth, sides: &[&Tree]) {
    let mut found: Vec<(Tree, Tree, &str)> = Vec::new();
    let times_one = |x: &Tree| Tree::apply(Op::Mul, [x.clone(), Tree::ones()]).ok();
    {
        let rewriter = Rewriter::new(problem, depth);
        for side in sides {
            let path = rewriter.path(side, &[]);
            end(side, &path).visit(&mut |tree| {
                let Node::Apply(op, items) = tree.node() else { return };
                let v = items[0].clone();
                match op {
                    Op::Max => found.extend(times_one(tree).map(|top| (v, top, "max.bound"))),
                    Op::Min => found.extend(times_one(tree).map(|bottom| (bottom, v, "min.bound"))),
                    Op::Abs if tree.ty() == Type::Vector => {
                        let minus = Tree::apply(Op::Neg, [v.clone()]).ok();
                        found.extend(minus.map(|minus| (minus, tree.clone(), "abs.bound")));
                        found.push((v, tree.clone(), "abs.bound"));
                    }
                    _ => {}
                }
            });
        }
    }
    found.dedup();
    for (small, big, rule) in found.into_iter().take(8) {
        problem.learn(&small, &[Link::new(Relation::LessEqual, big, rule)]);
    }
}

/// Shows the signs of what stands under absolute values, where they can be found.
pub fn signs(problem: &mut Problem<'_>, depth: Depth, sides: &[&Tree]) {
    let roots = open_signs(problem, depth, sides, Op::Sqrt);
    for x in roots.into_iter().chain(open_signs(problem, depth, sides, Op::Abs)) {
        if x.ty() != Type::Real {
            continue;
        }
        let zero = Tree::integer(0);
        let quick = std::mem::replace(&mut problem.quick, true);
        let up = Prop::Compare(Relation::LessEqual, zero.clone(), x.clone());
        let down = Prop::Compare(Relation::LessEqual, x, zero);
        let found = [up, down].into_iter().find(|prop| problem.aside(prop, 1).is_some());
        problem.quick = quick;
        if let Some(Prop::Compare(relation, small, big)) = found {
            learn_forms(problem, relation, &small, &big);
        }
    }
}

/// The same inequality for its sides as the kernel writes them in a normal form, and as a reader would.
fn learn_forms(problem: &mut Problem<'_>, relation: Relation, small: &Tree, big: &Tree) {
    for side in [small, big] {
        let forms = {
            let facts = problem.facts();
            [canonical(side, &facts), simple(side, &facts, Shape::Factored), simple(side, &facts, Shape::Expanded)]
        };
        for form in forms.into_iter().flatten().filter(|form| form != side) {
            let known = Link::new(relation, big.clone(), "order");
            let algebra = |to: &Tree| Link::new(Relation::Equal, to.clone(), "algebra");
            if side == small {
                problem.learn(&form, &[algebra(small), known]);
            } else {
                problem.learn(small, &[known, algebra(&form)]);
            }
        }
    }
}

/// What stands under an absolute value or a root, without one in it, and has no known sign; small ones first.
pub fn open_signs(problem: &Problem<'_>, depth: Depth, sides: &[&Tree], under: Op) -> Vec<Tree> {
    let rewriter = Rewriter::new(problem, depth);
    let mut open: Vec<Tree> = Vec::new();
    for side in sides {
        let path = rewriter.path(side, &[]);
        let mut visit = |tree: &Tree| {
            let Node::Apply(op, items) = tree.node() else { return };
            if *op != under {
                return;
            }
            let nested = items[0].any(&|node| matches!(node, Node::Apply(op, _) if *op == under));
            let signs = rewriter.facts.signs(&items[0]);
            let known = [Relation::LessEqual, Relation::GreaterEqual].into_iter();
            let known = known.map(Signs::of_difference).any(|wanted| signs.within(wanted));
            if !nested && !known && size(&items[0]) <= MAX_ARGUMENT && !open.contains(&items[0]) {
                open.push(items[0].clone());
            }
        };
        // First as it stands, then as it is rewritten.
        let plain = unfold(side, &problem.statement.definitions);
        side.visit(&mut visit);
        plain.iter().for_each(|side| side.visit(&mut visit));
        end(side, &path).visit(&mut visit);
    }
    open.sort_by_key(size);
    open
}

/// Two declared actions that stand in a goal and may be the same or not.
pub fn open_actions(problem: &Problem<'_>, sides: &[&Tree]) -> Option<Prop> {
    let facts = problem.facts();
    let declared = problem.statement.variables.iter().filter(|(_, sort)| *sort == Sort::Action);
    let stands = |name: &&Name| sides.iter().any(|side| mentions_action(side, name));
    let names: Vec<&Name> = declared.map(|(name, _)| name).filter(stands).collect();
    names.iter().enumerate().find_map(|(index, a)| {
        names[..index].iter().find_map(|c| {
            let action = |name: &Name| Action::Name(name.clone());
            let same = Prop::SameAction(action(c), action(a), true);
            (facts.holds(&same) == Truth::Unknown).then_some(same)
        })
    })
}

/// What is assumed, as equations that take an atom of the normal forms away: shown as lemmas.
pub fn eliminations(problem: &mut Problem<'_>, depth: Depth) -> Vec<(Name, Law)> {
    let mut lemmas: Vec<(Name, Law)> = Vec::new();
    for prop in problem.known.clone() {
        if let Prop::Compare(Relation::Equal, left, right) = &prop
            && let Some(lemma) = elimination(problem, depth, left, right, &lemmas)
        {
            lemmas.push(lemma);
        }
    }
    lemmas
}

/// Shows what is assumed of abbreviations for what they stand for.
pub fn open(problem: &mut Problem<'_>) {
    for prop in problem.known.clone() {
        let Prop::Compare(relation, left, right) = &prop else { continue };
        let Some((there, low, high, back)) = unfolded(problem, left, right) else { continue };
        // Both ways are walked backwards.
        let backwards = |start: &Tree, way: &[Link], end: &Tree| {
            let mut trees: Vec<&Tree> = std::iter::once(start).chain(way.iter().map(|link| &link.to)).collect();
            trees.reverse();
            trees.retain(|tree| *tree != end);
            trees.into_iter().map(|to| equal(to, &["definition".into()])).collect::<Vec<_>>()
        };
        let mut links = backwards(left, &there, &low);
        links.push(Link::new(*relation, right.clone(), "hypothesis"));
        links.extend(backwards(&high, &back, right));
        if *relation != Relation::NotEqual {
            problem.learn(&low, &links);
        }
    }
}

/// A relation with all abbreviations written out, and the chain that shows it for what they stand for; `None` where
/// there are none.
pub fn unfolded(problem: &Problem<'_>, left: &Tree, right: &Tree) -> Option<(Vec<Link>, Tree, Tree, Vec<Link>)> {
    let definitions = &problem.statement.definitions;
    // One abbreviation after the other, as steps by `definition` go.
    let way = |tree: &Tree| {
        let mut way = vec![tree.clone()];
        loop {
            let mut open = |node: &Tree| match node.node() {
                Node::Variable(name, _) => {
                    definitions.iter().find(|(known, _)| known == name).map(|(_, body)| body.clone())
                }
                _ => None,
            };
            let next = way.last()?.rewrite(&mut open).ok()?;
            if size(&next) > MAX_SIZE || Some(&next) == way.last() {
                return Some(way);
            }
            way.push(next);
        }
    };
    let definition: [Name; 1] = ["definition".into()];
    let (there, mut back) = (way(left)?, way(right)?);
    let (low, high) = (there.last()?.clone(), back.pop()?);
    let links = |way: &[Tree]| way.iter().map(|to| equal(to, &definition)).collect::<Vec<_>>();
    back.reverse();
    (low != *left || high != *right).then(|| (links(&there[1..]), low, high, links(&back)))
}

/// The name by which a known equation is cited.
fn rule_of(problem: &Problem<'_>, left: &Tree, right: &Tree) -> Option<Name> {
    let labels = problem.context.labels().map(Name::from);
    let mut names = ["hypothesis", "shown"].into_iter().map(Name::from).chain(labels);
    names.find(|name| problem.accepts(left, right, std::slice::from_ref(name)))
}

fn elimination(
    problem: &mut Problem<'_>,
    depth: Depth,
    left: &Tree,
    right: &Tree,
    before: &[(Name, Law)],
) -> Option<(Name, Law)> {
    let rewriter = Rewriter::new(problem, depth);
    let (there, back) = (rewriter.path(left, before), rewriter.path(right, before));
    let (new_left, new_right) = (end(left, &there).clone(), end(right, &back).clone());
    let facts = problem.facts();
    let difference = fraction(&Tree::apply(Op::Sub, [new_left.clone(), new_right.clone()]).ok()?, &facts)?;
    let (atom, factor) = eliminated(&difference.over, left.ty(), &facts)?;
    let written_atom = atom_written(&atom, &facts)?;
    // difference = factor*atom + rest, over what is below.
    let minus = -BigRational::one();
    let rest = difference.over.clone().plus(&minus, &factor.times(&Polynomial::atom(atom))?)?;
    let value = Fraction { over: Polynomial::default().plus(&minus, &rest)?, under: factor.clone() };
    let value = written(&value.shortened()?, left.ty(), &facts, Shape::Factored)?;
    let over = Fraction { over: difference.under.clone(), under: factor };
    let over = written(&over.shortened()?, Type::Real, &facts, Shape::Factored)?;
    // left = right, as it is after the rewriting.
    let mut rule = rule_of(problem, left, right)?;
    let mut links = reversed(left, &there);
    links.push(equal(right, std::slice::from_ref(&rule)));
    links.extend(back.iter().map(|(names, to)| equal(to, names)));
    if new_left != *left || new_right != *right {
        let links = merged(problem, &new_left, links);
        rule = problem.learn(&new_left, &links)?;
    }
    if new_left == written_atom && new_right == value {
        return Some((rule, ground(&new_left, &new_right)?));
    }
    // atom = value + over*(left - right) = value + over*(right - right) = value
    let plus = |first: &Tree| {
        let difference = Tree::apply(Op::Sub, [first.clone(), new_right.clone()]).ok()?;
        let scaled = if over.is_one() { Ok(difference) } else { Tree::apply(Op::Mul, [over.clone(), difference]) };
        Tree::apply(Op::Add, [value.clone(), scaled.ok()?]).ok()
    };
    let links = vec![
        Link::new(Relation::Equal, plus(&new_left)?, "algebra"),
        equal(&plus(&new_right)?, &[rule]),
        Link::new(Relation::Equal, value.clone(), "algebra"),
    ];
    let links = merged(problem, &written_atom, links);
    let name = problem.learn(&written_atom, &links)?;
    Some((name, ground(&written_atom, &value)?))
}

fn ground(left: &Tree, right: &Tree) -> Option<Law> {
    Law::of(&[], &[], &Prop::Compare(Relation::Equal, left.clone(), right.clone())).into_iter().next()
}

/// The atom of a type that an equation `p = 0` is solved for, with its factor: it stands in one term of p, where all
/// else is real and known not to be zero.
fn eliminated(p: &Polynomial, ty: Type, facts: &Facts<'_>) -> Option<(Tree, Polynomial)> {
    let once = |atom: &Tree| p.terms().filter(|(monomial, _)| inside(monomial, atom)).count() == 1;
    let mut found: Vec<(Tree, Polynomial)> = Vec::new();
    for (monomial, coefficient) in p.terms() {
        for (atom, _) in monomial.iter().filter(|(atom, power)| **power == 1 && atom.ty() == ty) {
            let mut rest = monomial.clone();
            rest.remove(atom);
            let is_factor = |atom: &Tree| atom.ty() == Type::Real && facts.signs(atom).excludes_zero();
            if *atom.node() != Node::Size && rest.keys().all(is_factor) && once(atom) {
                found.push((atom.clone(), Polynomial::term(rest, coefficient.clone())));
            }
        }
    }
    found.into_iter().max_by_key(|(atom, _)| (atom.depth(), size(atom)))
}

/// Whether an atom is a factor, or a part of one.
fn inside(monomial: &Monomial, atom: &Tree) -> bool {
    monomial.keys().any(|key| {
        let mut found = false;
        key.visit(&mut |part| found |= part == atom);
        found
    })
}
