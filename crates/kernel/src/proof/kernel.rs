//! The kernel: the only code that makes a [`Theorem`]. (trusted)
//!
//! A theorem says that a proposition holds for every K >= 1 and all values of the declared names that meet the
//! assumptions. The functions of this file are the inferences; each either gives the theorem or says why not.
//! Everything outside (scripts, the order of lemmas, what is cited where) may be wrong without harm: it can only
//! fail to get a theorem.

use std::sync::Arc;

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

use super::facts::{Fact, Facts, Signs, multiple};
use super::normal::{Expand, polynomial};
use super::polynomial::Polynomial;
use super::reason::Reason;
use super::rules::{self, Law};
use super::step::{Goal, Justification, follows, implies};
use super::term::{map_prop, mentions_action, misused, numbers, prop_mentions, unfold};
use crate::expr::{Action, Name, Node, Op, Prop, Relation, Sort, Statement, Tree, Type};
use logitlab_words::Truth;

/// The procedures among the rules: name, what it compares, in words.
pub const PROCEDURES: &[(&str, Justification, &str)] = &[
    ("ring", Justification::Normal(Expand::Nothing, Type::Real), "field operations on reals; all else is opaque"),
    ("vector", Justification::Normal(Expand::Nothing, Type::Vector), "+, -, .* and real factors of vectors"),
    ("inner.bilinear", Justification::Normal(Expand::Inner, Type::Real), "<u,v> is bilinear and symmetric"),
    ("sum.linear", Justification::Normal(Expand::Sum, Type::Real), "sum(v) is linear"),
    ("entry.linear", Justification::Normal(Expand::Entry, Type::Real), "v[c] is linear, (u.*v)[c] = u[c]*v[c]"),
    ("expect.linear", Justification::Normal(Expand::Expectation, Type::Real), "E[a ~ P](x) is linear"),
    ("expect.vector", Justification::Normal(Expand::Expectation, Type::Vector), "E[a ~ P](v) is linear"),
    ("algebra", Justification::Algebra, "sums, inner products, squared norms and entries multiplied out, all at once"),
    ("expect.sum", Justification::Expectation, "E[a ~ P](v[a]) is <P,v>, whatever is computed of entries at a"),
    ("gradient", Justification::Gradient, "D(f, z) and D(f, z, v) by the chain rule"),
    ("order", Justification::Order, "signs, by the form of an expression and by what is assumed"),
];

/// Names that stand for what is given where a step stands.
pub const LOCAL: &[(&str, &str)] = &[
    ("definition", "a `let` of the claim, unfolded or folded"),
    ("hypothesis", "what is given, assumed, or the case at hand"),
    ("shown", "what this proof has shown before"),
];

#[derive(Debug, PartialEq, Eq)]
struct World {
    variables: Vec<(Name, Sort)>,
    definitions: Vec<(Name, Tree)>,
}

impl World {
    /// Whether each name stands for one thing, and each definition uses only what stands before it.
    fn is_proper(&self) -> Result<(), Reason> {
        let defined = self.definitions.iter().map(|(name, _)| name);
        let mut names: Vec<&Name> = self.variables.iter().map(|(name, _)| name).chain(defined).collect();
        names.sort_unstable();
        if let Some(pair) = names.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Reason::NameTaken(pair[0].to_string()));
        }
        let mut bodies = self.definitions.iter().enumerate();
        bodies.try_for_each(|(index, (_, body))| self.allows([body.clone()], &self.definitions[..index]))
    }

    /// Whether trees use names as they are declared and bind none of them, so that nothing can be captured by a binder
    /// where a definition is written out or a known proposition is used under it.
    fn allows(&self, trees: impl IntoIterator<Item = Tree>, definitions: &[(Name, Tree)]) -> Result<(), Reason> {
        let misused = |tree: Tree| misused(&tree, &self.variables, definitions, &[]).cloned();
        let name = trees.into_iter().find_map(misused);
        name.map_or(Ok(()), |name| Err(Reason::Misused(name.to_string())))
    }

    /// The same of a proposition.
    fn admits(&self, prop: &Prop) -> Result<(), Reason> {
        let actions = prop.actions().into_iter().cloned().map(Tree::unit);
        self.allows(actions.chain(prop.trees().into_iter().cloned()), &self.definitions)
    }
}

/// A proposition that holds for all values of the declared names that meet the assumptions. Only this file makes one.
#[derive(Clone, Debug)]
pub struct Theorem {
    world: Arc<World>,
    assumptions: Arc<Vec<Prop>>,
    conclusion: Prop,
}

impl Theorem {
    /// What holds.
    pub fn conclusion(&self) -> &Prop {
        &self.conclusion
    }

    /// What is assumed.
    pub fn assumptions(&self) -> &[Prop] {
        &self.assumptions
    }

    /// Whether it says that a statement holds, or this part of it, under its hypotheses alone.
    pub fn proves(&self, statement: &Statement, show: &Prop) -> bool {
        let given = flat(&statement.hypotheses);
        let stated = |(index, prop): (usize, &Prop)| given.get(index) == Some(prop) || given.contains(prop);
        self.world.variables == statement.variables
            && self.world.definitions == statement.definitions
            && self.assumptions.iter().enumerate().all(stated)
            && self.conclusion == *show
    }

    /// The laws that it contains, for use elsewhere: definitions unfolded, assumptions as conditions.
    pub fn laws(&self) -> Option<Vec<Law>> {
        let open =
            |prop: &Prop| map_prop(prop, &|tree| unfold(tree, &self.world.definitions), &|action| Some(action.clone()));
        let conditions: Vec<Prop> = self.assumptions.iter().map(open).collect::<Option<_>>()?;
        Some(Law::of(&self.world.variables, &conditions, &open(&self.conclusion)?))
    }

    /// From `a R b` and `b S c` to `a T c`.
    ///
    /// # Errors
    /// If the second does not start where the first ends, or they go in opposite directions.
    pub fn then(self, next: &Theorem) -> Result<Theorem, Reason> {
        let (Prop::Compare(r, a, b), Prop::Compare(s, from, c)) = (&self.conclusion, &next.conclusion) else {
            return Err(Reason::OtherGoal { expected: "a relation".into(), found: next.conclusion.to_string() });
        };
        if self.world != next.world || self.assumptions != next.assumptions {
            return Err(Reason::NotAssumed("another statement".to_string()));
        }
        if b != from {
            return Err(Reason::NotChained { expected: b.clone(), found: from.clone() });
        }
        let relation = match (r, s) {
            (Relation::Equal, other) | (other, Relation::Equal) => *other,
            // From a != b and b != c nothing follows.
            (x, y) if x == y && *x != Relation::NotEqual => *x,
            (Relation::LessEqual | Relation::Less, Relation::LessEqual | Relation::Less) => Relation::Less,
            (Relation::GreaterEqual | Relation::Greater, Relation::GreaterEqual | Relation::Greater) => {
                Relation::Greater
            }
            (so_far, next) => return Err(Reason::Turn { so_far: *so_far, next: *next }),
        };
        Ok(Theorem { conclusion: Prop::Compare(relation, a.clone(), c.clone()), ..self })
    }
}

/// Where a step stands: the declared names, what is assumed, and what has been shown from it.
#[derive(Clone, Debug)]
pub struct Context {
    world: Arc<World>,
    assumptions: Arc<Vec<Prop>>,
    known: Vec<(Name, Theorem)>,
    facts: Vec<Fact>,
    /// Why nothing is proved here, if a name is misused in what is given.
    flaw: Option<Reason>,
    /// Where what justifies a step is written down, if it is asked for.
    pub record: super::record::Asked,
}

impl Context {
    /// The hypotheses of a statement.
    pub fn new(statement: &Statement) -> Context {
        let world = World { variables: statement.variables.clone(), definitions: statement.definitions.clone() };
        let flaw = world.is_proper().err();
        let (assumptions, known, facts, record) = Default::default();
        Context { world: Arc::new(world), assumptions, known, facts, flaw, record }.given(&statement.hypotheses)
    }

    /// The same with one more assumption.
    pub fn assume(&self, prop: &Prop) -> Context {
        self.clone().given(std::slice::from_ref(prop))
    }

    fn given(mut self, props: &[Prop]) -> Context {
        let new = flat(props);
        self.flaw = self.flaw.or_else(|| new.iter().find_map(|prop| self.world.admits(prop).err()));
        Arc::make_mut(&mut self.assumptions).extend(new.iter().cloned());
        self.facts = self.facts().learned(new);
        self
    }

    /// The same with a theorem that may be cited by a name.
    ///
    /// # Errors
    /// If the theorem assumes something that is not assumed here.
    pub fn know(&mut self, name: &Name, theorem: Theorem) -> Result<(), Reason> {
        self.accepts(&theorem, &[])?;
        self.facts = self.facts().learned(flat(std::slice::from_ref(&theorem.conclusion)));
        self.known.push((name.clone(), theorem));
        Ok(())
    }

    /// Whether a theorem holds here, under some assumptions more.
    fn accepts(&self, theorem: &Theorem, more: &[Prop]) -> Result<(), Reason> {
        let declared = || theorem.world.variables.iter().all(|variable| self.world.variables.contains(variable));
        let same = || declared() && theorem.world.definitions == self.world.definitions;
        if theorem.world != self.world && !same() {
            return Err(Reason::NotAssumed("another statement".to_string()));
        }
        // What is assumed here mostly stands at the same place there.
        let same = |(index, prop): &(usize, &Prop)| self.assumptions.get(*index) == Some(*prop);
        let mut others = theorem.assumptions.iter().enumerate().filter(|item| !same(item)).map(|(_, prop)| prop);
        match others.find(|prop| !self.assumptions.contains(prop) && !more.contains(prop)) {
            Some(prop) => Err(Reason::NotAssumed(prop.to_string())),
            None => Ok(()),
        }
    }

    /// The names under which something has been shown.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        self.known.iter().map(|(name, _)| &**name)
    }

    /// Whether something has been shown under a name.
    pub fn knows(&self, name: &str) -> bool {
        self.labels().any(|known| known == name)
    }

    /// The one place where a theorem is made: from a conclusion that holds here.
    fn theorem(&self, conclusion: Prop) -> Result<Theorem, Reason> {
        self.flaw.clone().map_or(Ok(()), Err)?;
        self.world.admits(&conclusion)?;
        Ok(Theorem { world: self.world.clone(), assumptions: self.assumptions.clone(), conclusion })
    }

    fn facts(&self) -> Facts<'_> {
        // A definition that is not proper might have no end.
        let definitions = if self.flaw.is_none() { self.world.definitions.as_slice() } else { &[] };
        Facts::of(&self.world.variables, definitions, self.facts.clone())
    }

    /// What is known of a proposition here.
    pub fn truth(&self, prop: &Prop) -> Truth {
        self.facts().holds(prop)
    }

    /// What a name justifies; `cited` are theorems of other claims.
    fn justification(&self, name: &str, cited: &[(Name, Vec<Theorem>)]) -> Option<Justification> {
        let ground = |props: &[Prop]| props.iter().flat_map(|prop| Law::of(&[], &[], prop)).collect();
        if let Some(laws) = rules::laws(name) {
            return Some(Justification::Laws(laws.to_vec()));
        }
        if let Some((_, procedure, _)) = PROCEDURES.iter().find(|(known, ..)| *known == name) {
            return Some(procedure.clone());
        }
        let labelled: Vec<Prop> =
            self.known.iter().filter(|(known, _)| &**known == name).map(|(_, t)| t.conclusion.clone()).collect();
        match name {
            "hypothesis" => Some(Justification::Laws(ground(&self.assumptions))),
            "definition" => {
                let law = |(name, body): &(Name, Tree)| {
                    let equal = Prop::Compare(Relation::Equal, Tree::variable(name, body.ty()), body.clone());
                    Law::of(&[], &[], &equal).into_iter().map(|law| Law { everywhere: true, ..law })
                };
                Some(Justification::Laws(self.world.definitions.iter().flat_map(law).collect()))
            }
            _ if !labelled.is_empty() || name == "shown" => Some(Justification::Laws(ground(&labelled))),
            _ => {
                let (_, theorems) = cited.iter().find(|(known, _)| &**known == name)?;
                let laws: Option<Vec<Vec<Law>>> = theorems.iter().map(Theorem::laws).collect();
                Some(Justification::Laws(laws?.concat()))
            }
        }
    }

    /// One step of a chain: `left relation right` by the rules of these names.
    ///
    /// # Errors
    /// If a rule is unknown or none of them justifies the step.
    pub fn step(
        &self,
        left: &Tree,
        relation: Relation,
        right: &Tree,
        names: &[Name],
        cited: &[(Name, Vec<Theorem>)],
    ) -> Result<Theorem, Reason> {
        let rule = |name: &Name| {
            let unknown = || Reason::UnknownRule { name: name.to_string(), nearest: Vec::new() };
            self.justification(name, cited).ok_or_else(unknown)
        };
        let rules: Vec<Justification> = names.iter().map(rule).collect::<Result<_, _>>()?;
        if left == right {
            return Err(Reason::Idle);
        }
        let mut facts = self.facts();
        facts.record = self.record.clone();
        // A coordinate by its number exists only where K is large enough; a definition may name one, too.
        let bodies = self.world.definitions.iter().map(|(_, body)| body);
        if !bodies.chain([left, right]).flat_map(numbers).all(|index| index > 0 && facts.has_actions(index)) {
            return Err(Reason::Numbered);
        }
        match relation {
            Relation::Equal | Relation::LessEqual | Relation::Less => {
                follows(&rules, &facts, Goal { relation, left, right })
            }
            Relation::NotEqual => Err(Reason::Relation(relation)),
            _ => follows(&rules, &facts, Goal { relation: relation.mirrored(), left: right, right: left }),
        }
        .map_err(|reason| if facts.effort.is_spent() { Reason::too_large(left, right) } else { reason })?;
        self.theorem(Prop::Compare(relation, left.clone(), right.clone()))
    }

    /// A goal from theorems that hold here: one of them says it, or a stronger relation; all parts of a
    /// conjunction; one part of a disjunction; or anything, where one of them is `x < x`.
    ///
    /// # Errors
    /// If none of them does.
    pub fn conclude(&self, goal: &Prop, theorems: &[Theorem]) -> Result<Theorem, Reason> {
        for theorem in theorems {
            self.accepts(theorem, &[])?;
        }
        let says = |prop: &Prop, theorem: &Theorem| match (prop, &theorem.conclusion) {
            (Prop::Compare(wanted, a, b), Prop::Compare(known, x, y)) => {
                implies(*known, *wanted) && a == x && b == y || implies(known.mirrored(), *wanted) && a == y && b == x
            }
            (prop, conclusion) => prop == conclusion,
        };
        let absurd = |theorem: &Theorem| matches!(&theorem.conclusion, Prop::Compare(Relation::Less | Relation::Greater, a, b) if a == b);
        fn shown(goal: &Prop, says: &dyn Fn(&Prop) -> bool) -> bool {
            says(goal)
                || match goal {
                    Prop::And(parts) => parts.iter().all(|part| shown(part, says)),
                    Prop::Or(parts) => parts.iter().any(|part| shown(part, says)),
                    _ => false,
                }
        }
        if shown(goal, &|part| theorems.iter().any(|theorem| says(part, theorem))) || theorems.iter().any(absurd) {
            return self.theorem(goal.clone());
        }
        Err(Reason::Unfinished(goal.to_string()))
    }

    /// One of the propositions of a conjunction.
    ///
    /// # Errors
    /// If it is not among them.
    pub fn part(&self, theorem: &Theorem, part: &Prop) -> Result<Theorem, Reason> {
        self.accepts(theorem, &[])?;
        match &theorem.conclusion {
            Prop::And(parts) if parts.contains(part) => self.theorem(part.clone()),
            other => Err(Reason::OtherGoal { expected: part.to_string(), found: other.to_string() }),
        }
    }

    /// `a => b` from b under the assumption a.
    ///
    /// # Errors
    /// If the theorem assumes more.
    pub fn implication(&self, assumption: &Prop, theorem: &Theorem) -> Result<Theorem, Reason> {
        self.accepts(theorem, &flat(std::slice::from_ref(assumption)))?;
        self.theorem(Prop::Implies(assumption.clone().into(), theorem.conclusion.clone().into()))
    }

    /// `a <=> b` from `a => b` and `b => a`.
    ///
    /// # Errors
    /// If they are not of this form.
    pub fn equivalence(&self, there: &Theorem, back: &Theorem) -> Result<Theorem, Reason> {
        self.accepts(there, &[])?;
        self.accepts(back, &[])?;
        match (&there.conclusion, &back.conclusion) {
            (Prop::Implies(a, b), Prop::Implies(c, d)) if a == d && b == c => {
                self.theorem(Prop::Iff(a.clone(), b.clone()))
            }
            _ => Err(Reason::OtherGoal { expected: "the converse".into(), found: back.conclusion.to_string() }),
        }
    }

    /// A goal from proofs of it in cases that cover everything.
    ///
    /// # Errors
    /// If they do not, or a theorem is not about the goal.
    pub fn cases(&self, goal: &Prop, cases: &[(Prop, Theorem)]) -> Result<Theorem, Reason> {
        for (case, theorem) in cases {
            self.accepts(theorem, &flat(std::slice::from_ref(case)))?;
            if theorem.conclusion != *goal {
                return Err(Reason::OtherGoal { expected: goal.to_string(), found: theorem.conclusion.to_string() });
            }
        }
        self.exhaustive(&cases.iter().map(|(case, _)| case).collect::<Vec<_>>())?;
        self.theorem(goal.clone())
    }

    /// Whether cases cover everything: comparisons of the same two reals, an action being another or not, or all parts
    /// of something that is known to be one of them.
    fn exhaustive(&self, cases: &[&Prop]) -> Result<(), Reason> {
        let known = |fact: &Fact| matches!(&fact.0, Prop::Or(parts) if parts.iter().all(|part| cases.contains(&part)));
        if self.facts.iter().any(known) {
            return Ok(());
        }
        let gap = |text: &str| Err(Reason::NotExhaustive(text.to_string()));
        if let [Prop::SameAction(a, b, first), Prop::SameAction(c, d, second)] = cases {
            return if (a, b) == (c, d) && first != second {
                Ok(())
            } else {
                gap("one of `a = b` and `a != b` is missing")
            };
        }
        let facts = self.facts();
        let mut covered: Option<(Polynomial, Signs, Tree)> = None;
        for case in cases {
            let Prop::Compare(relation, left, right) = case else { return gap("a case is a comparison of reals") };
            let one = BigRational::one();
            let sides = polynomial(right, &facts.effort).zip(polynomial(left, &facts.effort));
            let Some(difference) = sides.and_then(|(right, left)| right.plus(&-one, &left)) else {
                return gap("an expression is too long");
            };
            let tree = Tree::apply(Op::Sub, [right.clone(), left.clone()]).ok();
            let Some(tree) = tree.filter(|tree| tree.ty() == Type::Real && facts.is_finite(tree)) else {
                return gap("a case compares two reals");
            };
            let signs = Signs::of_difference(*relation);
            covered = match covered {
                None => Some((difference, signs, tree)),
                Some((first, so_far, tree)) => match multiple(&difference, &first) {
                    Some((times, rest)) if rest.is_zero() => {
                        Some((first, so_far.or(if times.is_negative() { signs.negated() } else { signs }), tree))
                    }
                    _ => return gap("the cases do not compare the same two values"),
                },
            };
        }
        let Some((_, signs, tree)) = covered else { return gap("there is none") };
        if facts.signs(&tree).within(signs) { Ok(()) } else { gap("a comparison is missing") }
    }

    /// A context with a new action where a vector has its largest or smallest entry.
    ///
    /// # Errors
    /// If the name is taken or the property is not of that form.
    pub fn choose(&self, name: &Name, property: &Prop) -> Result<Context, Reason> {
        let Prop::Compare(Relation::Equal, left, right) = property else { return Err(Reason::Choice) };
        match (left.node(), right.node()) {
            (Node::At(v, Action::Name(at)), Node::Apply(Op::Max | Op::Min, of))
                if at == name && *v == of[0] && !mentions_action(v, name) && self.facts().is_finite(v) =>
            {
                let mut variables = self.world.variables.clone();
                variables.push((name.clone(), Sort::Action));
                let world = Arc::new(World { variables, definitions: self.world.definitions.clone() });
                // The name may have been bound in what is known, where it was none of the declared ones.
                world.is_proper()?;
                let known = self.known.iter().map(|(_, theorem)| &theorem.conclusion);
                self.assumptions.iter().chain(known).try_for_each(|prop| world.admits(prop))?;
                Ok(Context { world, ..self.clone() }.assume(property))
            }
            _ => Err(Reason::Choice),
        }
    }

    /// A theorem here from one in the context of a choice, which it does not mention.
    ///
    /// # Errors
    /// If it does, or `inner` is not a choice made here.
    pub fn release(&self, name: &Name, property: &Prop, theorem: &Theorem) -> Result<Theorem, Reason> {
        let inner = self.choose(name, property)?;
        inner.accepts(theorem, &[])?;
        if prop_mentions(&theorem.conclusion, &inner.facts().dependent(name)) {
            return Err(Reason::Choice);
        }
        self.theorem(theorem.conclusion.clone())
    }
}

/// The parts of conjunctions.
fn flat(props: &[Prop]) -> Vec<Prop> {
    let part = |prop: &Prop| match prop {
        Prop::And(parts) => flat(parts),
        other => vec![other.clone()],
    };
    props.iter().flat_map(part).collect()
}
