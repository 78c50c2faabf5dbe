//! Examples of rules at work: steps that the kernel accepts, made from the laws themselves. Not trusted.

use super::defined::contradiction;
use super::kernel::{Context, PROCEDURES};
use super::rules::{self, Law, RULES};
use super::term::Binding;
use crate::expr::{Action, Name, Prop, Relation, Sort, Statement, Tree, elaborate};

/// A step that a rule justifies by itself, and what is given there.
#[derive(Clone, Debug)]
pub struct Example {
    /// The declared names and hypotheses; it shows the step.
    pub statement: Statement,
    /// Where the step starts.
    pub left: Tree,
    /// How its sides are related.
    pub relation: Relation,
    /// Where it leads.
    pub right: Tree,
    /// The rule.
    pub rule: Name,
}

/// The names that stand in examples, and what each is.
const NAMES: &[(&str, Sort)] = &[
    ("g", Sort::Real),
    ("s", Sort::Real),
    ("u", Sort::Vector),
    ("v", Sort::Vector),
    ("w", Sort::Vector),
    ("P", Sort::Distribution),
    ("Q", Sort::Distribution),
    ("t", Sort::Subset),
    ("z", Sort::Logits),
    ("a", Sort::Action),
    ("b", Sort::Action),
    ("c", Sort::Action),
];

/// What is put for the variables of laws, the most telling first, and last what can be anything.
const VALUES: &[(&str, &[&str])] = &[
    ("x", &["1 + g^2", "g"]),
    ("y", &["1 + s^2", "s"]),
    ("k", &["1 + g^2", "g"]),
    ("f", &["sum(exp(z))", "softmax(z)[c]", "lse(z)"]),
    ("h", &["exp(z)[a]", "sum(exp(z))", "lse(z)"]),
    ("u", &["P", "exp(u)", "u"]),
    ("v", &["e[c] - P", "P", "exp(z)", "z", "v"]),
    ("w", &["exp(w)", "w"]),
    ("P", &["softmax(z)", "P"]),
    ("Q", &["Q"]),
];

/// An example for each law of a rule of the table, `None` where none was found; nothing for other names.
pub fn of_rule(name: &str) -> Vec<Option<Example>> {
    rules::laws(name).unwrap_or_default().iter().map(|law| of_law(name, law)).collect()
}

/// The longest example for a law that a procedure gets, in characters.
const LONGEST: usize = 72;

/// An example for a procedure: the first of some steps that it accepts by itself, else the longest of the examples for
/// laws, which says most.
pub fn of_procedure(name: &str, steps: impl IntoIterator<Item = Example>) -> Option<Example> {
    PROCEDURES.iter().find(|(known, ..)| *known == name)?;
    let accepted = |step: Example| Example { rule: name.into(), ..step }.accepted();
    let length = |step: &Example| step.left.to_string().len() + step.right.to_string().len();
    let laws = || RULES.iter().flat_map(|rule| of_rule(rule.name)).flatten().filter(|step| length(step) <= LONGEST);
    steps.into_iter().find_map(accepted).or_else(|| laws().filter_map(accepted).max_by_key(length))
}

impl Example {
    /// Itself, if the kernel accepts the step under what is given.
    pub fn accepted(self) -> Option<Example> {
        let Example { statement, left, relation, right, rule } = &self;
        Context::new(statement).step(left, *relation, right, std::slice::from_ref(rule), &[]).ok()?;
        Some(self)
    }
}

fn of_law(name: &str, law: &Law) -> Option<Example> {
    let choices = choices(law);
    let plain: Vec<usize> = choices.iter().map(|(_, values)| values.len() - 1).collect();
    let all = combinations(&choices);
    // What needs no hypothesis, then the law itself under its conditions, then anything under them.
    let free = all.iter().find_map(|chosen| instance(name, law, &choices, chosen, false));
    let given = || std::iter::once(&plain).chain(&all).find_map(|chosen| instance(name, law, &choices, chosen, true));
    free.or_else(given)
}

/// The variables that occur in a law and are no actions, each with the values that it may get.
fn choices(law: &Law) -> Vec<(Name, Vec<Tree>)> {
    let variables = NAMES.iter().map(|(name, sort)| (Name::from(*name), *sort)).collect();
    let statement = Statement { variables, ..Statement::default() };
    let trees = || law.conditions.iter().flat_map(Prop::trees).chain([&law.left, &law.right]);
    let occurs = |name: &Name| trees().any(|tree| tree.has_variable(name));
    let values = |name: &Name| {
        let known = VALUES.iter().find(|(variable, _)| **variable == **name);
        let texts = known.map_or_else(|| vec![&**name], |(_, texts)| texts.to_vec());
        texts.into_iter().filter_map(|text| elaborate::value(text, &statement).ok()).collect::<Vec<_>>()
    };
    let used = law.variables.iter().filter(|(name, sort)| *sort != Sort::Action && occurs(name));
    used.map(|(name, _)| (name.clone(), values(name))).filter(|(_, values)| !values.is_empty()).collect()
}

/// Every way to choose one value for each variable, by the numbers of the values.
fn combinations(choices: &[(Name, Vec<Tree>)]) -> Vec<Vec<usize>> {
    choices.iter().fold(vec![vec![]], |all, (_, values)| {
        let longer = |chosen: &Vec<usize>| {
            (0..values.len()).map(|next| [chosen.as_slice(), &[next]].concat()).collect::<Vec<_>>()
        };
        all.iter().flat_map(longer).collect()
    })
}

/// The law with values put in, its conditions being hypotheses or none, if the kernel accepts that.
fn instance(name: &str, law: &Law, choices: &[(Name, Vec<Tree>)], chosen: &[usize], given: bool) -> Option<Example> {
    let mut binding = Binding::default();
    for ((variable, values), chosen) in choices.iter().zip(chosen) {
        binding.trees.insert(variable.clone(), values[*chosen].clone());
    }
    for (variable, _) in law.variables.iter().filter(|(_, sort)| *sort == Sort::Action) {
        binding.actions.insert(variable.clone(), Action::Name(variable.clone()));
    }
    let (left, right) = (binding.instantiate(&law.left)?, binding.instantiate(&law.right)?);
    let conditions = law.conditions.iter().map(|condition| binding.instantiate_prop(condition));
    let hypotheses: Vec<Prop> = if given { conditions.collect::<Option<_>>()? } else { vec![] };
    let step = Prop::Compare(law.relation, left.clone(), right.clone());
    let mentioned = |name: &str, sort: Sort| {
        let props = || hypotheses.iter().chain([&step]);
        match sort {
            Sort::Action => props().any(|prop| super::term::prop_mentions(prop, &[name])),
            _ => props().flat_map(Prop::trees).any(|tree| tree.has_variable(name)),
        }
    };
    let used = NAMES.iter().filter(|(name, sort)| mentioned(name, *sort));
    let variables = used.map(|(name, sort)| (Name::from(*name), *sort)).collect();
    let statement = Statement { variables, hypotheses, shows: vec![step], ..Statement::default() };
    // From what cannot be, everything would follow.
    if contradiction(&statement).is_some() {
        return None;
    }
    Example { statement, left, relation: law.relation, right, rule: name.into() }.accepted()
}
