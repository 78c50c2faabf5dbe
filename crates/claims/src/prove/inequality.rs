//! Inequalities: the difference of the sides as a sum of pieces that are known not to be negative, each times a number.
//!
//! The numbers are found by linear programming over the rationals ([`super::linear`]); what comes out is a chain: the
//! smaller side is the larger one less the pieces, which are at least zero.

use std::collections::BTreeMap;

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Zero};

use super::backward::backward;
use super::chain::merged;
use super::equation::equation;
use super::form::{Shape, fraction, number as number_written, polynomial};
use super::given::{bounds, eliminations, normalize, unfolded};
use super::linear;
use super::monomial::{quotient, shared, split};
use super::pieces::{Collector, Instances, Piece};
use super::problem::{Link, Problem};
use super::rewrite::{Depth, Rewriter, end};
use super::terms::Terms;
use crate::expr::{Name, Node, Op, Relation, Tree, Type};
use crate::proof::facts::{Facts, Signs};
use crate::proof::polynomial::{Fraction, Monomial, Polynomial};
use crate::proof::rules::{Law, RULES};

/// A chain from the smaller side to the larger one.
pub fn inequality(problem: &mut Problem<'_>, relation: Relation, small: &Tree, big: &Tree) -> Option<Vec<Link>> {
    if let Some(link) = by_one_rule(problem, relation, small, big) {
        return Some(vec![link]);
    }
    if let Some((there, low, high, back)) = unfolded(problem, small, big)
        && let Some(link) = by_one_rule(problem, relation, &low, &high)
    {
        let links: Vec<Link> = there.into_iter().chain([link]).chain(back).collect();
        return problem.chain(small, &links).map(|_| merged(problem, small, links));
    }
    let before = problem.clone();
    // Nothing is lost where an extremum is compared entry by entry.
    let extremum = |tree: &Tree, op: Op| matches!(tree.node(), Node::Apply(top, _) if *top == op);
    let first = !problem.quick && (extremum(small, Op::Max) || extremum(big, Op::Min));
    if first && let Some(link) = backward(problem, relation, small, big) {
        return Some(vec![link]);
    }
    *problem = before.clone();
    if let Some(links) = by_pieces(problem, Depth::Distributions, relation, small, big) {
        return Some(links);
    }
    *problem = before.clone();
    if problem.quick {
        return None;
    }
    if !first && let Some(link) = backward(problem, relation, small, big) {
        return Some(vec![link]);
    }
    *problem = before.clone();
    if let Some(links) = by_pieces(problem, Depth::Exponentials, relation, small, big) {
        return Some(links);
    }
    *problem = before;
    None
}

/// One rule that says it as it stands.
fn by_one_rule(problem: &Problem<'_>, relation: Relation, small: &Tree, big: &Tree) -> Option<Link> {
    let laws = RULES.iter().map(|rule| Name::from(rule.name));
    let cited = problem.library.laws().map(|(name, _)| name.clone());
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
    normalize(problem, depth);
    bounds(problem, depth, &[small, big]);
    let lemmas = eliminations(problem, depth);
    divisor_sign(problem, depth, small, big, &lemmas);
    let (used, outer) = search(problem, depth, relation, small, big, &lemmas)?;
    chain(problem, relation, small, big, &used, &outer)
}

/// Pieces with their numbers.
type Used = Vec<(BigRational, Piece)>;

/// The pieces that the difference is the sum of, and what stands around that sum.
fn search(
    problem: &Problem<'_>,
    depth: Depth,
    relation: Relation,
    small: &Tree,
    big: &Tree,
    lemmas: &[(Name, Law)],
) -> Option<(Used, Outer)> {
    let rewriter = Rewriter::new(problem, depth);
    let facts = &rewriter.facts;
    let (there, back) = (rewriter.path(small, lemmas), rewriter.path(big, lemmas));
    let mut difference = difference(facts, end(small, &there), end(big, &back))?;
    if positive_divisor(&difference.under, facts).is_none() {
        let minus = Polynomial::constant(-BigRational::one());
        difference = Fraction { over: difference.over.times(&minus)?, under: difference.under.times(&minus)? };
    }
    let divisor = positive_divisor(&difference.under, facts)?;
    let (content, wanted) = without_content(&difference.over, facts)?;
    let open: Vec<&Tree> = there.iter().chain(&back).map(|(_, tree)| tree).chain([small, big]).collect();
    let terms = Terms::of(problem, &open, facts);
    let reals = atoms(&wanted);
    let mut collector = Collector::new(problem, &rewriter, lemmas, (&wanted, small.ty()));
    for stage in (0..7).filter(|stage| !problem.quick || matches!(stage, 0 | 1 | 4)) {
        collector.begin();
        match stage {
            0 => {
                collector.known(&terms);
                collector.bounds(&terms);
                collector.signs(&monomials(&wanted, facts));
                collector.signs(&reals);
            }
            1 => collector.products(12, &terms),
            2 | 6 => collector.multiples(&wanted),
            3 => collector.laws(&terms, Instances::OfGoal),
            4 => collector.squares(&wanted, &reals, &terms),
            _ => collector.laws(&terms, Instances::OfAll),
        }
        if problem.is_over() {
            return None;
        }
        let pieces = &collector.pieces;
        let Some(numbers) = certificate(&wanted, pieces, relation, &|| problem.is_over()) else { continue };
        let used = numbers.into_iter().zip(pieces).filter(|(n, _)| !n.is_zero());
        let outer = match (content, divisor) {
            (Some(content), Some(divisor)) => Outer::Factor(Tree::apply(Op::Div, [content, divisor]).ok()?),
            (Some(content), None) => Outer::Factor(content),
            (None, Some(divisor)) => Outer::Divisor(divisor),
            (None, None) => Outer::Nothing,
        };
        return Some((used.map(|(n, piece)| (n, piece.clone())).collect(), outer));
    }
    None
}

/// The normal form of `big - small`.
fn difference(facts: &Facts<'_>, small: &Tree, big: &Tree) -> Option<Fraction> {
    fraction(&Tree::apply(Op::Sub, [big.clone(), small.clone()]).ok()?, facts)
}

/// What the sum of the pieces is multiplied with.
#[derive(Debug)]
enum Outer {
    Nothing,
    /// It is divided by something positive.
    Divisor(Tree),
    /// It is multiplied by something that is not negative.
    Factor(Tree),
}

/// A factor of all terms that is known not to be negative, and the rest.
fn without_content(of: &Polynomial, facts: &Facts<'_>) -> Option<(Option<Tree>, Polynomial)> {
    let mut common = shared(of);
    let nonnegative = |signs: Signs| signs.within(Signs::of_difference(Relation::LessEqual));
    common.retain(|atom, power| power.is_multiple_of(2) || nonnegative(facts.signs(atom)));
    if of.terms().count() < 2 {
        return Some((None, of.clone()));
    }
    if common.is_empty() {
        let factor = |(factor, rest): (Polynomial, Polynomial)| {
            let tree = polynomial(&factor, Type::Real, facts, Shape::Factored)?;
            nonnegative(facts.signs(&tree)).then_some((Some(tree), rest))
        };
        return atoms(of).iter().filter_map(|atom| split(of, atom)).find_map(factor).or(Some((None, of.clone())));
    }
    let content =
        polynomial(&Polynomial::term(common.clone(), BigRational::one()), Type::Real, facts, Shape::Factored)?;
    let rest = of.terms().try_fold(Polynomial::default(), |sum, (monomial, c)| {
        sum.plus(c, &Polynomial::term(quotient(monomial, &common)?, BigRational::one()))
    })?;
    Some((Some(content), rest))
}

/// Shows what sign the divisor of the difference has, where that is not known and can be found.
fn divisor_sign(problem: &mut Problem<'_>, depth: Depth, small: &Tree, big: &Tree, lemmas: &[(Name, Law)]) {
    let open = |problem: &Problem<'_>| {
        let rewriter = Rewriter::new(problem, depth);
        let (there, back) = (rewriter.path(small, lemmas), rewriter.path(big, lemmas));
        let under = difference(&rewriter.facts, end(small, &there), end(big, &back))?.under;
        let tree = polynomial(&under, Type::Real, &rewriter.facts, Shape::Factored)?;
        let signs = rewriter.facts.signs(&tree);
        let known = signs.within(Signs::POSITIVE) || signs.negated().within(Signs::POSITIVE);
        (!known).then_some(tree)
    };
    if problem.level > 1 {
        return;
    }
    let Some(under) = open(problem) else { return };
    problem.level += 2;
    let zero = Tree::integer(0);
    let up = by_pieces(problem, depth, Relation::Less, &zero, &under).map(|links| (zero.clone(), links));
    let found = up.or_else(|| Some((under.clone(), by_pieces(problem, depth, Relation::Less, &under, &zero)?)));
    problem.level -= 2;
    if let Some((start, links)) = found {
        problem.learn(&start, &links);
    }
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
    if wanted.terms().next().is_none() {
        // Nothing is to be met: the numbers may be whole.
        let below = solution.iter().fold(BigInt::one(), |lcm, number| lcm.lcm(number.denom()));
        let above = solution.iter().fold(BigInt::zero(), |gcd, n| gcd.gcd(&(n * &below).to_integer()));
        if !above.is_zero() {
            let scale = BigRational::new(below, above);
            solution.iter_mut().for_each(|number| *number *= &scale);
        }
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
    outer: &Outer,
) -> Option<Vec<Link>> {
    // A factor above and below.
    let divisor = match outer {
        Outer::Divisor(divisor) => Some(divisor),
        _ => None,
    };
    let cancels = divisor.is_some() && used.iter().all(|(_, piece)| piece.times.as_ref() == divisor);
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
                term = Tree::apply(Op::Mul, [number_written(number)?, term]).ok()?;
            }
            sum = Some(match sum {
                None => term,
                Some(sum) => Tree::apply(Op::Add, [sum, term]).ok()?,
            });
        }
        let mut sum = sum?;
        sum = match outer {
            Outer::Divisor(divisor) if !cancels => Tree::apply(Op::Div, [sum, divisor.clone()]).ok()?,
            Outer::Factor(factor) => Tree::apply(Op::Mul, [factor.clone(), sum]).ok()?,
            _ => sum,
        };
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
