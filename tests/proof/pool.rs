//! What random expressions are drawn from, and values at which what is given holds.

use logitlab::expr::elaborate::proposition;
use logitlab::expr::{Action, Name, Node, Op, Prop, Sort, Statement, Tree, Type};

use crate::instances::Dice;
use crate::total::World;

/// What is given besides the declarations, and how many actions by number there are at least.
const SETTINGS: &[(&[&str], usize)] = &[
    (&[], 1),
    (&["K = 1"], 1),
    (&["K = 2"], 2),
    (&["K = 3", "c = 2"], 3),
    (&["K >= 2", "0 < P"], 2),
    (&["K >= 3", "a = 3"], 3),
    (&["a = b"], 1),
    (&["a != b", "b = c"], 1),
    (&["a = 1", "a = b"], 1),
    (&["a != 1", "x*y != 0"], 1),
    (&["x != 0", "0 < y"], 1),
    (&["x < 0", "0 < v"], 1),
    (&["0 <= x", "v < 0"], 1),
    (&["v != 0", "x = y"], 1),
    (&["0 < u.*v", "0 <= u"], 1),
    (&["0 <= v", "sum(v) = 1"], 1),
    (&["0 < abs(v)", "v[a] = 1"], 1),
    (&["0 < x*y", "P[a] = 0"], 1),
    (&["u[a] != 0", "0 < v[b]"], 1),
    (&["x < y", "<P,v> < 0"], 1),
    (&["<P,v> != 0", "0 < x*v"], 1),
    (&["x = 0 or y = 0", "0 < 1 - x"], 1),
    (&["<Q,v> != 0", "x/y != 0"], 1),
    (&["0 < <v,v>", "z[a] < x"], 1),
    (&["0 < r", "sum(t) = 1"], 1),
    (&["K = 2", "0 < r", "0 < v[2]"], 2),
    (&["u <= v", "x <= y"], 1),
    (&["u < v", "x = v[a]"], 1),
    (&["0 < P", "0 < u[a]"], 1),
    (&["0 < 1/v[a]", "0 < log(u[b])"], 1),
    (&["0 <= z", "v <= x*1"], 1),
    (&["K = 2", "a = 1", "b = 2"], 2),
    (&["0 < |v|", "0 < sqrt(v[a])", "0 < v[a]"], 1),
];

fn statement(given: &[&str]) -> Statement {
    let sorts: &[(Sort, &[&str])] = &[
        (Sort::Real, &["x", "y"]),
        (Sort::Vector, &["u", "v"]),
        (Sort::Distribution, &["P"]),
        (Sort::Subset, &["t"]),
        (Sort::Masked, &["z"]),
        (Sort::Action, &["a", "b", "c"]),
    ];
    let names = sorts.iter().flat_map(|(sort, names)| names.iter().map(|name| (Name::from(*name), *sort)));
    let mut statement = Statement { variables: names.collect(), ..Statement::default() };
    for (name, text) in [("Q", "softmax(z) = 0"), ("r", "<v,u> + x = 0"), ("s", "1 - t = 0")] {
        let Ok(Prop::Compare(_, body, _)) = proposition(text, &statement) else { panic!("{text}") };
        statement.definitions.push((name.into(), body));
    }
    statement.hypotheses =
        given.iter().map(|text| proposition(text, &statement).unwrap_or_else(|e| panic!("{text}: {e}"))).collect();
    statement
}

pub fn pick<T: Clone>(dice: &mut Dice, items: &[T]) -> T {
    items[dice.below(items.len())].clone()
}

/// What is drawn from: the largest number of an action, the actions that are bound around, what K is if it is given.
#[derive(Clone)]
pub struct Pool {
    pub numbers: usize,
    pub bound: Vec<&'static str>,
    pub size: Option<usize>,
    pub derived: bool,
}

impl Pool {
    fn action(&self, dice: &mut Dice) -> Action {
        match dice.below(8) {
            0 | 1 => Action::Index(1 + dice.below(self.numbers)),
            2..=4 if !self.bound.is_empty() => Action::Name(pick(dice, &self.bound).into()),
            _ => Action::Name(pick(dice, &["a", "b", "c"]).into()),
        }
    }

    /// An expression that is at most so deep.
    pub fn tree(&self, dice: &mut Dice, ty: Type, depth: usize) -> Tree {
        let inner = |dice: &mut Dice, ty: Type| {
            let less = 1 + dice.below(2);
            self.tree(dice, ty, depth.saturating_sub(less))
        };
        let (real, vector) = (Type::Real, Type::Vector);
        let on = |op: Op, items: Vec<Tree>| Tree::apply(op, items).expect("the types fit");
        let new = |node: Node| Tree::new(node).expect("the types fit");
        if depth == 0 {
            return match (ty, dice.below(9)) {
                (Type::Real, 0) => Tree::integer(pick(dice, &[0, 1, 2, 3])),
                (Type::Real, 1) => Tree::size(),
                (Type::Real, 2) => Tree::variable("r", real),
                (Type::Real, 3 | 4) => new(Node::At(self.tree(dice, vector, 0), self.action(dice))),
                (Type::Real, _) => Tree::variable(pick(dice, &["x", "y"]), real),
                (Type::Vector, 0) => pick(dice, &[Tree::ones(), Tree::zeros()]),
                (Type::Vector, 1 | 2) => Tree::unit(self.action(dice)),
                (Type::Vector, _) => {
                    Tree::variable(pick(dice, &["u", "v", "v", "P", "P", "t", "t", "s", "Q", "z"]), vector)
                }
            };
        }
        match (ty, dice.below(14)) {
            (Type::Real, 0) => {
                let op = pick(dice, &[Op::Neg, Op::Abs, Op::Sqrt, Op::Exp, Op::Log, Op::XlogX]);
                on(op, vec![inner(dice, real)])
            }
            (Type::Real, 1..=4) => {
                let op = pick(dice, &[Op::Add, Op::Sub, Op::Mul, Op::Div, Op::Div, Op::XlogY]);
                on(op, vec![inner(dice, real), inner(dice, real)])
            }
            (Type::Real, 5 | 6) => {
                let ops = [Op::Norm, Op::NormSquared, Op::Sum, Op::Sum, Op::Max, Op::Min, Op::Lse, Op::Collision];
                on(pick(dice, &ops), vec![inner(dice, vector)])
            }
            (Type::Real, 7) => new(Node::Power(inner(dice, real), pick(dice, &[0, 2, 2, 3]))),
            (Type::Real, 8 | 9) => on(Op::Inner, vec![inner(dice, vector), inner(dice, vector)]),
            (Type::Real, 10) if self.derived => {
                let named = pick(dice, &["sigmoid", "max", "clip", "TV", "Var", "chi2", "H", "KL"]);
                let row = pick(dice, &Op::named(named).collect::<Vec<_>>());
                let signatures: Vec<_> = row.info().signatures.iter().filter(|(_, gives)| *gives == real).collect();
                match signatures.is_empty() {
                    true => inner(dice, real),
                    false => {
                        let takes = pick(dice, &signatures).0;
                        on(row, takes.iter().map(|ty| inner(dice, *ty)).collect())
                    }
                }
            }
            (Type::Real, 11) => self.expectation(dice, real, depth),
            (Type::Real, _) => new(Node::At(inner(dice, vector), self.action(dice))),
            (Type::Vector, 0 | 1) => {
                let op = pick(dice, &[Op::Neg, Op::Abs, Op::Sqrt, Op::Exp, Op::Log, Op::XlogX, Op::Softmax]);
                on(op, vec![inner(dice, vector)])
            }
            (Type::Vector, 2..=7) => {
                let op =
                    pick(dice, &[Op::Add, Op::Sub, Op::Hadamard, Op::Hadamard, Op::Quotient, Op::Quotient, Op::XlogY]);
                on(op, vec![inner(dice, vector), inner(dice, vector)])
            }
            (Type::Vector, 8) => on(Op::Div, vec![inner(dice, vector), inner(dice, real)]),
            (Type::Vector, 9) => new(Node::Others(inner(dice, vector), self.action(dice))),
            (Type::Vector, 10) => match self.size {
                Some(size) => new(Node::Entries((0..size).map(|_| inner(dice, real)).collect())),
                None => on(Op::Quotient, vec![Tree::ones(), inner(dice, vector)]),
            },
            (Type::Vector, 11) => self.expectation(dice, vector, depth),
            (Type::Vector, _) => on(Op::Mul, vec![inner(dice, real), inner(dice, vector)]),
        }
    }

    pub fn expectation(&self, dice: &mut Dice, ty: Type, depth: usize) -> Tree {
        let names = ["i", "j"];
        let action = names[self.bound.len().min(1)];
        let over = self.tree(dice, Type::Vector, depth.min(2) - 1);
        let inner = Pool { bound: [self.bound.as_slice(), &[action]].concat(), ..self.clone() };
        let body = inner.tree(dice, ty, depth - 1);
        Tree::new(Node::Expect { action: action.into(), over, body }).expect("the types fit")
    }
}

fn entry(dice: &mut Dice) -> f64 {
    pick(dice, &[-2.0, -1.0, -0.5, 0.0, 0.0, 0.5, 1.0, 1.0, 2.0, 3.0])
}

/// Values at which all that is given holds.
fn worlds(statement: &Statement, dice: &mut Dice) -> Vec<World> {
    let mut found = Vec::new();
    for seed in 0..20_000 {
        let world = world(statement, dice, seed);
        if statement.hypotheses.iter().all(|prop| world.holds(prop, false) == Some(true)) {
            found.push(world);
            if found.len() == 24 {
                break;
            }
        }
    }
    assert!(found.len() > 4, "{:?}: {}", statement.hypotheses, found.len());
    found
}

fn world(statement: &Statement, dice: &mut Dice, seed: u64) -> World {
    let k = 1 + dice.below(3);
    let mut world = World { k, values: Default::default(), actions: Default::default(), seed };
    let (sign, flat) = (dice.below(4), dice.below(2) == 0);
    for (name, sort) in &statement.variables {
        let finite = dice.below(k);
        let mut number = |index: usize| match sort {
            Sort::Subset => f64::from(dice.below(2) as u8),
            Sort::Masked if index != finite && dice.below(3) == 0 => f64::NEG_INFINITY,
            Sort::Masked => {
                if flat {
                    0.0
                } else {
                    pick(dice, &[-1.0, 0.0, 0.5, 1.0])
                }
            }
            _ => match sign {
                0 => entry(dice).abs().max(0.25),
                1 => entry(dice).abs(),
                _ => entry(dice),
            },
        };
        match sort {
            Sort::Action => drop(world.actions.insert(name.clone(), dice.below(k))),
            Sort::Real => drop(world.values.insert(name.clone(), vec![number(0)])),
            Sort::Distribution => {
                let at = dice.below(k);
                let all = [vec![1.0], vec![0.5, 0.5], vec![0.5, 0.25, 0.25], vec![0.25, 0.75], vec![0.0, 0.5, 0.5]];
                let one: Vec<f64> = (0..k).map(|index| f64::from(u8::from(index == at))).collect();
                let fitting: Vec<Vec<f64>> = all.into_iter().filter(|p| p.len() == k).chain([one]).collect();
                drop(world.values.insert(name.clone(), pick(dice, &fitting)));
            }
            _ => drop(world.values.insert(name.clone(), (0..k).map(number).collect())),
        }
    }
    define(statement, &mut world);
    world
}

pub fn define(statement: &Statement, world: &mut World) {
    for (name, body) in &statement.definitions {
        let value = world.value(body).expect("no derivative");
        world.values.insert(name.clone(), value);
    }
}

/// The same beside a point by a little.
pub fn moved(statement: &Statement, world: &World, point: &Name, dice: &mut Dice, by: f64) -> World {
    let mut near = world.clone();
    for x in near.values.get_mut(point).expect("declared") {
        *x += by * pick(dice, &[-1.0, 0.0, 1.0, 2.0]);
    }
    define(statement, &mut near);
    near
}

/// What can be told by exact comparison.
pub trait Rounding {
    /// Whether what is computed of the logits is not rounded: they are equal, or masked.
    fn is_exact(&self) -> bool;
}

impl Rounding for World {
    fn is_exact(&self) -> bool {
        let finite: Vec<&f64> = self.values["z"].iter().filter(|x| x.is_finite()).collect();
        finite.len() < 3 && finite.iter().all(|x| **x == 0.0)
    }
}

/// What is given, and values at which it holds.
pub struct Setting {
    pub statement: Statement,
    pub numbers: usize,
    pub worlds: Vec<World>,
}

pub fn settings(dice: &mut Dice) -> Vec<Setting> {
    let of = |(given, numbers): &(&[&str], usize)| {
        let statement = statement(given);
        let worlds = worlds(&statement, dice);
        Setting { statement, numbers: *numbers, worlds }
    };
    SETTINGS.iter().map(of).collect()
}

/// The difference of the sides of what is given, or of what is known of K and of probabilities.
pub fn difference(setting: &Setting, dice: &mut Dice) -> Tree {
    let known =
        ["P[a] < 1", "Q[b] < 1", "max(P) < 1", "exp(x) < 1", "K > 1", "K > 2", "P < 1", "x > 0", "v > 0", "r > 0"];
    let other = proposition(pick(dice, &known), &setting.statement).expect("it is read");
    let given = &setting.statement.hypotheses;
    let given = if given.is_empty() || dice.below(3) == 0 { other.clone() } else { pick(dice, given) };
    let of = if matches!(given, Prop::Compare(..)) { given } else { other };
    let Prop::Compare(_, left, right) = of else { unreachable!("a comparison") };
    Tree::apply(Op::Sub, [right, left]).expect("the types fit")
}
