//! Inequalities: the difference of the sides as a sum of pieces that are known not to be negative, each times a number.
//!
//! The numbers are found by linear programming over the rationals ([`super::linear`]); what comes out is a chain: the
//! smaller side is the larger one less the pieces, which are at least zero.

use std::collections::BTreeMap;

use num_rational::BigRational;
use num_traits::{One, Zero};

use super::equation::equation;
use super::form::{Shape, fraction, polynomial};
use super::given::{eliminations, scaling};
use super::linear;
use super::pieces::{Collector, Piece, Terms};
use super::problem::{Link, Problem};
use super::rewrite::{Depth, Rewriter, end};
use crate::expr::{Name, Node, Op, Prop, Relation, Tree, Type};
use crate::proof::facts::{Facts, Signs};
use crate::proof::polynomial::{Monomial, Polynomial};
use crate::proof::rules::{Law, RULES};

/// A chain from the smaller side to the larger one.
pub fn inequality(problem: &mut Problem<'_>, relation: Relation, small: &Tree, big: &Tree) -> Option<Vec<Link>> {
    if let Some(link) = by_one_rule(problem, relation, small, big) {
        return Some(vec![link]);
    }
    for depth in [Depth::Distributions, Depth::Exponentials] {
        let before = problem.clone();
        if let Some(links) = by_pieces(problem, depth, relation, small, big) {
            return Some(links);
        }
        *problem = before;
    }
    None
}

/// One rule that says it as it stands.
fn by_one_rule(problem: &Problem<'_>, relation: Relation, small: &Tree, big: &Tree) -> Option<Link> {
    let laws = RULES.iter().map(|rule| Name::from(rule.name));
    let cited = problem.library.iter().map(|(name, _)| name.clone());
    let mut rules = ["order", "hypothesis"].into_iter().map(Name::from).chain(laws).chain(cited);
    rules.find_map(|rule| {
        let link = Link { relation, to: big.clone(), rules: vec![rule] };
        problem.step(small, &link).map(|_| link)
    })
}

/// A chain from the smaller side to the larger one, with definitions unfolded so far.
pub fn by_pieces(
    problem: &mut Problem<'_>,
    depth: Depth,
    relation: Relation,
    small: &Tree,
    big: &Tree,
) -> Option<Vec<Link>> {
    super::given::normalize(problem, depth);
    let lemmas = eliminations(problem, depth);
    let (used, divisor) = search(problem, depth, relation, small, big, &lemmas)?;
    chain(problem, relation, small, big, &used, divisor.as_ref())
}

/// Pieces with their numbers.
type Used = Vec<(BigRational, Piece)>;

/// The pieces that the difference is the sum of, and the divisor below that sum.
fn search(
    problem: &Problem<'_>,
    depth: Depth,
    relation: Relation,
    small: &Tree,
    big: &Tree,
    lemmas: &[(Name, Law)],
) -> Option<(Used, Option<Tree>)> {
    let rewriter = Rewriter::new(problem, depth);
    let facts = &rewriter.facts;
    let (there, back) = (rewriter.path(small, lemmas), rewriter.path(big, lemmas));
    let (low, high) = (end(small, &there), end(big, &back));
    let difference = fraction(&Tree::apply(Op::Sub, [high.clone(), low.clone()]).ok()?, facts)?;
    let divisor = positive_divisor(&difference.under, facts)?;
    let open: Vec<&Tree> = there.iter().chain(&back).map(|(_, tree)| tree).chain([small, big]).collect();
    let terms = Terms::of(problem, &open, facts);
    let reals = atoms(&difference.over);
    let mut collector = Collector::new(problem, &rewriter, lemmas);
    for stage in 0..4 {
        match stage {
            0 => {
                collector.known(&terms);
                collector.bounds(&terms);
                collector.signs(&monomials(&difference.over, facts));
                collector.signs(&reals);
            }
            1 => collector.laws(&terms),
            2 => collector.squares(&reals, &terms),
            _ => collector.products(12),
        }
        let pieces = &collector.pieces;
        let Some(numbers) = certificate(&difference.over, pieces, relation, &|| problem.is_over()) else { continue };
        let used = numbers.into_iter().zip(pieces).filter(|(n, _)| !n.is_zero());
        return Some((used.map(|(n, piece)| (n, piece.clone())).collect(), divisor));
    }
    None
}

/// A divisor that is known to be positive, if it is not 1.
fn positive_divisor(under: &Polynomial, facts: &Facts<'_>) -> Option<Option<Tree>> {
    if *under == Polynomial::one() {
        return Some(None);
    }
    let tree = polynomial(under, Type::Real, facts, Shape::Factored)?;
    facts.signs(&tree).within(Signs::POSITIVE).then_some(Some(tree))
}

/// The real atoms of a polynomial.
fn atoms(of: &Polynomial) -> Vec<Tree> {
    let mut all: Vec<Tree> = Vec::new();
    for atom in of.terms().flat_map(|(monomial, _)| monomial.keys()) {
        if !all.contains(atom) && all.len() < 10 {
            all.push(atom.clone());
        }
    }
    all
}

/// The products of a polynomial, as expressions.
fn monomials(of: &Polynomial, facts: &Facts<'_>) -> Vec<Tree> {
    let tree = |monomial: &Monomial| {
        polynomial(&Polynomial::term(monomial.clone(), BigRational::one()), Type::Real, facts, Shape::Expanded)
    };
    of.terms().filter(|(monomial, _)| !monomial.is_empty()).filter_map(|(monomial, _)| tree(monomial)).collect()
}

/// Numbers >= 0 by which the pieces add up to a polynomial, at most a number short of it.
fn certificate(
    wanted: &Polynomial,
    pieces: &[Piece],
    relation: Relation,
    is_over: &dyn Fn() -> bool,
) -> Option<Vec<BigRational>> {
    let mut rows: BTreeMap<Monomial, usize> = BTreeMap::new();
    let mut row = |monomial: &Monomial| {
        let next = rows.len();
        *rows.entry(monomial.clone()).or_insert(next)
    };
    // The row of the numbers comes first: what is left over there must not be negative.
    row(&Monomial::new());
    for (monomial, _) in wanted.terms() {
        row(monomial);
    }
    let kept = relevant(wanted, pieces);
    let column = |piece: &Piece, row: &mut dyn FnMut(&Monomial) -> usize| {
        piece.form.terms().map(|(monomial, c)| (row(monomial), c.clone())).collect::<Vec<_>>()
    };
    let mut columns: Vec<Vec<(usize, BigRational)>> = vec![vec![(0, BigRational::one())]];
    columns.extend(kept.iter().map(|index| column(&pieces[*index], &mut row)));
    let mut target = vec![BigRational::zero(); rows.len()];
    wanted.terms().for_each(|(monomial, c)| target[rows[monomial]] = c.clone());
    let found = |columns: &[Vec<(usize, BigRational)>], target: &[BigRational]| linear::solve(columns, target, is_over);
    let mut solution = found(&columns, &target)?;
    if relation == Relation::Less && solution[0].is_zero() && !strictly(&solution[1..], &kept, pieces) {
        // A strict piece is taken once, as far as it goes.
        let strict = (0..kept.len()).filter(|at| pieces[kept[*at]].strict);
        let small = BigRational::new(1.into(), 1024.into());
        solution = strict.map(|at| Some(at + 1)).chain([None]).find_map(|at| {
            let mut rest = target.clone();
            let column = at.map_or(vec![(0, BigRational::one())], |at| columns[at].clone());
            column.iter().for_each(|(row, c)| rest[*row] -= &small * c);
            let mut solution = found(&columns, &rest)?;
            solution[at.unwrap_or(0)] += &small;
            Some(solution)
        })?;
    }
    let mut all = vec![BigRational::zero(); pieces.len()];
    for (at, index) in kept.iter().enumerate() {
        all[*index] = solution[at + 1].clone();
    }
    Some(all)
}

fn strictly(solution: &[BigRational], kept: &[usize], pieces: &[Piece]) -> bool {
    solution.iter().zip(kept).any(|(number, index)| !number.is_zero() && pieces[*index].strict)
}

/// The pieces all of whose products stand in the goal or can be cancelled by another piece.
fn relevant(wanted: &Polynomial, pieces: &[Piece]) -> Vec<usize> {
    let mut kept: Vec<usize> = (0..pieces.len()).collect();
    loop {
        let mut signs: BTreeMap<&Monomial, (bool, bool)> = BTreeMap::new();
        let mut note = |monomial, positive: bool| {
            let seen: &mut (bool, bool) = signs.entry(monomial).or_default();
            if positive { seen.0 = true } else { seen.1 = true }
        };
        let is_positive = |c: &BigRational| *c > BigRational::zero();
        for index in &kept {
            pieces[*index].form.terms().for_each(|(monomial, c)| note(monomial, is_positive(c)));
        }
        // The goal is on the other side.
        wanted.terms().for_each(|(monomial, c)| note(monomial, !is_positive(c)));
        let balanced = |index: &usize| {
            let mut terms = pieces[*index].form.terms().filter(|(monomial, _)| !monomial.is_empty());
            terms.all(|(monomial, _)| signs.get(monomial) == Some(&(true, true)))
        };
        let next: Vec<usize> = kept.iter().copied().filter(balanced).collect();
        if next.len() == kept.len() {
            return kept;
        }
        kept = next;
    }
}

/// The chain of a certificate.
fn chain(
    problem: &mut Problem<'_>,
    relation: Relation,
    small: &Tree,
    big: &Tree,
    used: &[(BigRational, Piece)],
    divisor: Option<&Tree>,
) -> Option<Vec<Link>> {
    // A factor above and below.
    let cancels = divisor.is_some() && used.iter().all(|(_, piece)| piece.times.as_ref() == divisor);
    let divisor = divisor.filter(|_| !cancels);
    let sum = |lower: &dyn Fn(&Piece) -> Tree| {
        let mut sum: Option<Tree> = None;
        for (number, piece) in used {
            let zero = matches!(piece.small.node(), Node::Number(n) if n.is_zero());
            let (low, high) = (lower(piece), &piece.big);
            let mut term = match (zero, low == *high) {
                (true, false) => high.clone(),
                (true, true) => Tree::integer(0),
                _ => Tree::apply(Op::Sub, [high.clone(), low]).ok()?,
            };
            if let Some(times) = piece.times.as_ref().filter(|_| !cancels) {
                term = Tree::apply(Op::Mul, [times.clone(), term]).ok()?;
            }
            if !number.is_one() {
                term = Tree::apply(Op::Mul, [scaling(number)?, term]).ok()?;
            }
            sum = Some(match sum {
                None => term,
                Some(sum) => Tree::apply(Op::Add, [sum, term]).ok()?,
            });
        }
        let mut sum = sum?;
        if let Some(divisor) = divisor {
            sum = Tree::apply(Op::Div, [sum, divisor.clone()]).ok()?;
        }
        Tree::apply(Op::Sub, [big.clone(), sum]).ok()
    };
    if used.is_empty() {
        // They differ by a number.
        return None;
    }
    let (before, after) = (sum(&|piece| piece.small.clone())?, sum(&|piece| piece.big.clone())?);
    let mut links = equation(problem, small, &before)?;
    let mut rules: Vec<Name> = Vec::new();
    for (_, piece) in used {
        if !rules.contains(&piece.rule) {
            rules.push(piece.rule.clone());
        }
    }
    let middle = Link { relation, to: after.clone(), rules };
    problem.step(&before, &middle)?;
    links.push(middle);
    links.extend(equation(problem, &after, big)?);
    Some(links)
}

/// Whether a proposition is one that pieces may show.
pub fn is_order(prop: &Prop) -> bool {
    matches!(prop, Prop::Compare(relation, ..) if !matches!(relation, Relation::Equal | Relation::NotEqual))
}
