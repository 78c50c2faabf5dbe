//! One step as a tactic: congruence down to the places where a rule was used, and there its lemma.

use super::{Derived, NotWritten, cited_name, opened_tree};
use crate::coq::names::identifier;
use crate::coq::spelling::head;
use crate::coq::statement::{Writer, action};
use crate::expr::definition::unfold;
use crate::expr::{Name, Node, Prop, Relation, Sort, Tree, Type};
use crate::proof::record::{Instance, Use};
use crate::proof::rules;
use crate::proof::script::Step;
use crate::proof::term::{prop_mentions, same_shape};

/// Something known: the name that it has in Coq, and the label that it is cited by.
#[derive(Clone, Debug)]
pub struct Known {
    /// Its name.
    pub name: String,
    /// Its label; none of what is given, and of what is shown without one.
    pub label: Option<Name>,
    /// Whether it was shown rather than given.
    pub shown: bool,
}

/// What steps are written with.
#[derive(Clone, Copy)]
pub struct Steps<'a> {
    /// The claim whose steps they are.
    pub claim: &'a Derived<'a>,
    /// The claims that may be cited.
    pub before: &'a [Derived<'a>],
    /// Writes terms.
    pub writer: &'a Writer,
    /// What is known.
    pub known: &'a [Known],
}

/// What is compared at a place; the relation is `=`, `<=` or `<`.
#[derive(Clone, Copy)]
struct Place<'a> {
    relation: Relation,
    left: &'a Tree,
    right: &'a Tree,
    path: &'a [usize],
}

type Tactic = Result<String, NotWritten>;

impl Steps<'_> {
    fn open(&self, tree: &Tree) -> Tree {
        opened_tree(tree, self.claim.statement)
    }

    fn term(&self, tree: &Tree) -> Tactic {
        Ok(self.writer.term(&self.open(tree))?.argument())
    }

    /// `left relation right`, definitions written out.
    pub fn says(&self, relation: Relation, left: &Tree, right: &Tree) -> Tactic {
        let compared = Prop::Compare(relation, self.open(left), self.open(right));
        Ok(self.writer.clone().prop(&compared)?)
    }

    /// The proof of a step; a step without uses is left to the tactic for steps that nothing is known of.
    pub fn tactic(&self, step: &Step, from: &Tree, uses: &[Use]) -> Tactic {
        if uses.is_empty() && self.open(from) != self.open(&step.to) {
            return Ok("unrecorded".to_string());
        }
        let falls = matches!(step.relation, Relation::GreaterEqual | Relation::Greater);
        let (left, right) = if falls { (&step.to, from) } else { (from, &step.to) };
        let relation = if falls { step.relation.mirrored() } else { step.relation };
        let names = step.rule_names();
        At { steps: self, names: &names, uses }.prove(Place { relation, left, right, path: &[] })
    }
}

/// A step, what is used in it, and the names of its rules.
struct At<'a> {
    steps: &'a Steps<'a>,
    names: &'a [&'a str],
    uses: &'a [Use],
}

impl At<'_> {
    fn prove(&self, place: Place<'_>) -> Tactic {
        let Place { relation, left, right, path } = place;
        if self.steps.open(left) == self.steps.open(right) {
            return Ok(match (relation, left.ty()) {
                (Relation::Equal, _) => "refl",
                (_, Type::Real) => "apply Req_le; refl",
                (_, Type::Vector) => "apply veq_le; refl",
            }
            .to_string());
        }
        let here: Vec<String> = self
            .uses
            .iter()
            .filter(|used| used.path == path)
            .map(|used| self.used(used, place))
            .collect::<Result<_, _>>()?;
        match here.as_slice() {
            // Nothing is known of why they are related.
            [] if !same_shape(left, right) => Ok("unrecorded".to_string()),
            [] if relation == Relation::Equal => self.congruent(place),
            [] => self.monotone(place),
            [one] => Ok(one.clone()),
            several => Ok(format!("first [{}]", several.join(" | "))),
        }
    }

    /// A rule at the place where it was used.
    fn used(&self, used: &Use, place: Place<'_>) -> Tactic {
        let rule = self.names.get(used.rule).copied().unwrap_or_default();
        let Some(instance) = &used.law else {
            return Ok(match (rule, place.relation) {
                ("order", _) => "side",
                ("gradient", _) => "gradient",
                ("ring", Relation::Equal) => "opaque",
                ("expect.linear" | "expect.vector", Relation::Equal) => "expected",
                (_, Relation::Equal) => "normal",
                (_, _) if place.left.ty() == Type::Real => "apply Req_le; normal",
                _ => "apply veq_le; normal",
            }
            .to_string());
        };
        if let Some(laws) = rules::laws(rule)
            && let Some(law) = laws.get(instance.number)
        {
            if rule.starts_with("gradient.") {
                return Ok("gradient".to_string());
            }
            let conclusion = Prop::Compare(law.relation, law.left.clone(), law.right.clone());
            let occurs =
                |name: &Name| law.conditions.iter().chain([&conclusion]).any(|prop| prop_mentions(prop, &[name]));
            let variables = law.variables.iter().filter(|(name, _)| occurs(name));
            let lemma = format!("law_{}_{}", rule.replace(['.', '-'], "_"), instance.number + 1);
            let applied = self.applied(&lemma, variables, instance)?;
            return Ok(format!("{}apply {applied}; side", turned(law.relation, instance.reversed, place)));
        }
        let facts = |shown: bool, label: Option<&str>| {
            let fits = |known: &&Known| known.shown == shown && known.label.as_deref() == label;
            let all: Vec<String> =
                self.steps.known.iter().rev().filter(fits).map(|known| format!("by_fact {}", known.name)).collect();
            format!("first [given | {}]", if all.is_empty() { "fail".to_string() } else { all.join(" | ") })
        };
        if let Some(claim) = self.steps.before.iter().find(|claim| claim.id == rule)
            && !self.steps.known.iter().any(|known| known.label.as_deref() == Some(rule))
        {
            let applied =
                self.applied(&cited_name(claim.id, claim.statement), claim.statement.variables.iter(), instance)?;
            return Ok(format!("by_fact {applied}"));
        }
        Ok(match rule {
            "definition" => "refl".to_string(),
            "hypothesis" => facts(false, None),
            "shown" => facts(true, None),
            label => facts(true, Some(label)),
        })
    }

    /// A lemma for K and the values of its variables.
    fn applied<'v>(
        &self,
        lemma: &str,
        variables: impl Iterator<Item = &'v (Name, Sort)>,
        instance: &Instance,
    ) -> Tactic {
        let mut out = format!("({lemma} K");
        for (name, sort) in variables {
            let value = instance.values.iter().find(|(known, _)| known == name).map(|(_, tree)| self.steps.term(tree));
            let acting = instance.actions.iter().find(|(known, _)| known == name).map(|(_, it)| action(it));
            out += " ";
            out += &match (value, acting) {
                (Some(value), _) => value?,
                (_, Some(acting)) => acting,
                // It occurs nowhere, so that any value will do.
                _ => match sort {
                    Sort::Action => "0%nat".to_string(),
                    Sort::Real | Sort::Float => "0".to_string(),
                    Sort::Distribution => "(e 0%nat)".to_string(),
                    _ => "zeros".to_string(),
                },
            };
        }
        Ok(out + ")")
    }

    /// Equal parts of the same operation.
    fn congruent(&self, place: Place<'_>) -> Tactic {
        let Place { left, right, path, .. } = place;
        let pairs: Vec<(&Tree, &Tree)> = left.node().children().into_iter().zip(right.node().children()).collect();
        let pairs = match left.node() {
            // The direction counts at all actions, where the function does.
            Node::Derivative { .. } if self.steps.open(pairs[1].0) != self.steps.open(pairs[1].1) => {
                return Ok("gradient".to_string());
            }
            Node::Derivative { .. } => vec![pairs[0]],
            _ => pairs,
        };
        let mut parts = Vec::new();
        for (index, (x, y)) in pairs.iter().enumerate() {
            let path = [path, &[index]].concat();
            let part = self.prove(Place { relation: Relation::Equal, left: x, right: y, path: &path })?;
            parts.push(self.under(left.node(), index) + &part);
        }
        if let Node::Apply(op, items) = left.node()
            && let Some(meaning) = unfold(*op, items)
            && head(*op, meaning.ty()).is_none()
        {
            // Written out, a part may stand at several places.
            let mut out = String::new();
            for (index, (x, y)) in pairs.iter().enumerate().filter(|(_, (x, y))| x != y) {
                let says = self.steps.says(Relation::Equal, x, y)?;
                out += &format!("assert ({says}) by ({}); ", parts[index]);
            }
            return Ok(out + "spread");
        }
        let Some(ext) = ext(left) else { return Ok("unrecorded".to_string()) };
        Ok(format!("{ext}; [{}]", parts.join(" | ")))
    }

    /// What is introduced where a part stands below a binder.
    fn under(&self, node: &Node, index: usize) -> String {
        match (node, index) {
            (Node::Expect { action, .. }, 1) => {
                let name = identifier(action);
                format!("intros {name} lt_{name}; ")
            }
            (Node::Gradient { at, .. } | Node::Derivative { at, .. }, 0) => format!("anew {}; ", identifier(at)),
            _ => String::new(),
        }
    }

    /// Ordered parts of the same operation, one after the other; where it is not monotone, equal ones.
    fn monotone(&self, place: Place<'_>) -> Tactic {
        let Place { relation, left, right, path } = place;
        let (from, to) = (left.node().children(), right.node().children());
        let differ: Vec<usize> =
            (0..from.len()).filter(|&index| self.steps.open(from[index]) != self.steps.open(to[index])).collect();
        let mut tactics = Vec::new();
        let mut so_far = left.clone();
        for &index in &differ {
            let children: Vec<Tree> =
                (0..from.len()).map(|at| if at <= index { to[at].clone() } else { from[at].clone() }).collect();
            let next = Tree::new(left.node().with_children(children)).unwrap_or_else(|_| right.clone());
            let path = [path, &[index]].concat();
            let part = |relation, left, right| {
                let inner = self.prove(Place { relation, left, right, path: &path });
                inner.map(|inner| self.under(place.left.node(), index) + &inner)
            };
            let weak = [
                format!("rising; {}", part(Relation::LessEqual, from[index], to[index])?),
                format!("falling; {}", part(Relation::LessEqual, to[index], from[index])?),
            ];
            let equal = part(Relation::Equal, from[index], to[index])?;
            let equal = match ext(left) {
                Some(ext) => {
                    let parts: Vec<&str> =
                        (0..from.len()).map(|at| if at == index { equal.as_str() } else { "refl" }).collect();
                    let weaken = if left.ty() == Type::Real { "Req_le" } else { "veq_le" };
                    format!("apply {weaken}; {ext}; [{}]", parts.join(" | "))
                }
                None => "fail".to_string(),
            };
            let weak = format!("first [{} | {} | {equal}]", weak[0], weak[1]);
            let strict = if relation == Relation::Less {
                format!(
                    "first [rising; {} | falling; {}]",
                    part(Relation::Less, from[index], to[index])?,
                    part(Relation::Less, to[index], from[index])?
                )
            } else {
                "fail".to_string()
            };
            tactics.push((
                self.steps.says(Relation::Less, &so_far, &next)?,
                strict,
                self.steps.says(Relation::LessEqual, &so_far, &next)?,
                weak,
            ));
            so_far = next;
        }
        if let [(_, strict, _, weak)] = tactics.as_slice() {
            return Ok(if relation == Relation::Less { strict.clone() } else { weak.clone() });
        }
        let mut out = String::new();
        for (less, strict, at_most, weak) in tactics {
            out += &match relation {
                Relation::Less => format!("first [assert ({less}) by ({strict}) | assert ({at_most}) by ({weak})]; "),
                _ => format!("assert ({at_most}) by ({weak}); "),
            };
        }
        Ok(out + "together")
    }
}

/// What makes of a law the relation that is wanted.
fn turned(law: Relation, reversed: bool, place: Place<'_>) -> String {
    let vector = place.left.ty() == Type::Vector;
    let weaker = match (law, place.relation, vector) {
        (Relation::Equal, Relation::LessEqual, false) => "apply Req_le; ",
        (Relation::Equal, Relation::LessEqual, true) => "apply veq_le; ",
        (Relation::Less, Relation::LessEqual, false) => "apply Rlt_le; ",
        (Relation::Less, Relation::LessEqual, true) => "apply vlt_le; ",
        _ => "",
    };
    let other = match (reversed, vector) {
        (false, _) => "",
        (true, false) => "symmetry; ",
        (true, true) => "apply veq_sym; ",
    };
    format!("{weaker}{other}")
}

/// The tactic after which the parts of an operation are left to be compared, in their order.
fn ext(tree: &Tree) -> Option<String> {
    let vector = tree.ty() == Type::Vector;
    Some(match tree.node() {
        Node::At(..) => "apply (ext_at K); [side | ]".to_string(),
        Node::Others(..) => "apply (ext_others K); [side | ]".to_string(),
        Node::Power(..) => "apply ext_pow".to_string(),
        Node::Expect { .. } => format!("apply ext_{}expect", if vector { "v" } else { "" }),
        Node::Apply(op, _) => format!("apply ext_{}", head(*op, tree.ty())?),
        Node::Entries(_) => "list_entries".to_string(),
        Node::Gradient { .. } => "apply ext_grad".to_string(),
        Node::Derivative { .. } => "apply ext_along".to_string(),
        _ => return None,
    })
}
