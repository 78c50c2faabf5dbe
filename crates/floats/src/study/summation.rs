//! The orders of summation, each written once for whatever is added up: registers of a tape, numbers of rows side by
//! side, numbers of the hardware.

use super::order::Order;

/// What adds up: additions and subtractions in an accumulator's format, each rounded.
pub trait Adder {
    /// What terms consist of.
    type Item: Copy;
    /// What the accumulator holds.
    type Number: Clone;

    /// How many items a term has.
    fn width(&self) -> usize {
        1
    }

    /// 0.
    fn zero(&mut self) -> Self::Number;
    /// A term, rounded to the accumulator's format.
    fn round(&mut self, term: &[Self::Item]) -> Self::Number;
    /// x + y
    fn add(&mut self, x: &Self::Number, y: &Self::Number) -> Self::Number;
    /// x - y
    fn sub(&mut self, x: &Self::Number, y: &Self::Number) -> Self::Number;
    /// x + term
    fn add_term(&mut self, x: &Self::Number, term: &[Self::Item]) -> Self::Number;
    /// term - x
    fn sub_from_term(&mut self, term: &[Self::Item], x: &Self::Number) -> Self::Number;
    /// The sum of a number and terms as a matrix unit forms it.
    fn block(&mut self, x: &Self::Number, terms: &[Self::Item]) -> Self::Number;

    /// x + t1 + t2 + ..., one after the other.
    fn add_terms(&mut self, x: Self::Number, terms: &[Self::Item]) -> Self::Number {
        let width = self.width();
        terms.chunks_exact(width).fold(x, |x, term| self.add_term(&x, term))
    }

    /// The pairwise sum of a given number of terms, where there is a shorter way to the same number.
    fn pairs(&mut self, _: &[Self::Item]) -> Option<Self::Number> {
        None
    }

    /// A number that the accumulator holds, where it has to be the last that is formed: rounding changes nothing.
    fn last(&mut self, x: Self::Number) -> Self::Number {
        x
    }
}

/// The sum of some terms, whole ones, in an order; 0 where there are none.
pub fn sum<A: Adder>(order: Order, adder: A, terms: &[A::Item]) -> A::Number {
    let count = terms.len() / adder.width();
    let mut sum = Summation::new(order, adder, count);
    sum.take(terms);
    sum.finish()
}

/// A sum on its way.
pub struct Summation<A: Adder> {
    adder: A,
    state: State<A::Number, A::Item>,
}

enum State<N, T> {
    Recursive(Option<N>),
    /// What is to be done, the next thing last, and the sums that wait for others.
    Pairwise(Vec<Task>, Vec<N>),
    /// The block's size, the terms that it still takes, its sum so far, and the sums of those before.
    Blocked(usize, usize, Option<N>, Vec<N>),
    /// The sum and the carry.
    Kahan(Option<(N, N)>),
    /// The sum, and that of the errors.
    Neumaier(Option<(N, N)>),
    /// The block's size, the accumulator, and the terms of the block so far.
    Tensor(usize, Option<N>, Vec<T>),
}

#[derive(Clone, Copy)]
enum Task {
    /// Add up this number of terms.
    Form(usize),
    /// Add the last two sums.
    Add,
}

impl<A: Adder> Summation<A> {
    /// For this number of terms.
    pub fn new(order: Order, adder: A, terms: usize) -> Summation<A> {
        let state = match order {
            Order::Recursive => State::Recursive(None),
            Order::Pairwise if terms == 0 => State::Pairwise(Vec::new(), Vec::new()),
            Order::Pairwise => State::Pairwise(vec![Task::Form(terms)], Vec::new()),
            Order::Blocked(size) => State::Blocked(size as usize, size as usize, None, Vec::new()),
            Order::Kahan => State::Kahan(None),
            Order::Neumaier => State::Neumaier(None),
            Order::Tensor(size) => State::Tensor(size as usize, None, Vec::new()),
        };
        Summation { adder, state }
    }

    /// Takes the next terms, whole ones.
    pub fn take(&mut self, mut terms: &[A::Item]) {
        let adder = &mut self.adder;
        let width = adder.width();
        match &mut self.state {
            State::Recursive(total) => go_on(adder, total, terms),
            State::Pairwise(tasks, open) => {
                while let Some(&task) = tasks.last() {
                    match task {
                        Task::Add => {
                            let (right, left) = (open.pop().expect("two open"), open.pop().expect("two open"));
                            open.push(adder.add(&left, &right));
                            tasks.pop();
                        }
                        Task::Form(count) if count * width <= terms.len() => {
                            let (now, later) = terms.split_at(count * width);
                            open.push(pairwise(adder, now));
                            tasks.pop();
                            terms = later;
                        }
                        Task::Form(_) if terms.is_empty() => break,
                        Task::Form(count) => {
                            let left = count.div_ceil(2);
                            tasks.pop();
                            tasks.extend([Task::Add, Task::Form(count - left), Task::Form(left)]);
                        }
                    }
                }
            }
            State::Blocked(size, room, inner, sums) => {
                while !terms.is_empty() {
                    let (now, later) = terms.split_at(terms.len().min(*room * width));
                    go_on(adder, inner, now);
                    *room -= now.len() / width;
                    if *room == 0 {
                        sums.extend(inner.take());
                        *room = *size;
                    }
                    terms = later;
                }
            }
            State::Kahan(state) => {
                for term in terms.chunks_exact(width) {
                    let Some((total, carry)) = state else {
                        *state = Some((adder.round(term), adder.zero()));
                        continue;
                    };
                    let term = adder.sub_from_term(term, carry);
                    let next = adder.add(total, &term);
                    let taken = adder.sub(&next, total);
                    *carry = adder.sub(&taken, &term);
                    *total = next;
                }
            }
            State::Neumaier(state) => {
                for term in terms.chunks_exact(width) {
                    let Some((total, errors)) = state else {
                        *state = Some((adder.round(term), adder.zero()));
                        continue;
                    };
                    // Knuth's two-sum: next + error = total + term.
                    let next = adder.add_term(total, term);
                    let of_term = adder.sub(&next, total);
                    let of_total = adder.sub(&next, &of_term);
                    let (left, right) = (adder.sub(total, &of_total), adder.sub_from_term(term, &of_term));
                    let error = adder.add(&left, &right);
                    *errors = adder.add(errors, &error);
                    *total = next;
                }
            }
            State::Tensor(size, total, block) => {
                for term in terms.chunks_exact(width) {
                    block.extend_from_slice(term);
                    if block.len() == *size * width {
                        add_block(adder, total, block);
                    }
                }
            }
        }
    }

    /// The sum.
    pub fn finish(self) -> A::Number {
        let Summation { mut adder, state } = self;
        let total = match state {
            State::Recursive(total) => total,
            State::Pairwise(_, mut open) => open.pop(),
            State::Blocked(_, _, inner, mut sums) => {
                sums.extend(inner);
                let mut sums = sums.into_iter();
                let first = sums.next().map(|sum| adder.last(sum));
                first.map(|first| sums.fold(first, |total, sum| adder.add(&total, &sum)))
            }
            // The last step is the sum, which the carry is not.
            State::Kahan(state) => state.map(|(total, _)| adder.last(total)),
            State::Neumaier(state) => state.map(|(total, errors)| adder.add(&total, &errors)),
            State::Tensor(_, mut total, mut block) => {
                if !block.is_empty() {
                    add_block(&mut adder, &mut total, &mut block);
                }
                total
            }
        };
        total.unwrap_or_else(|| adder.zero())
    }
}

/// Adds terms one after the other.
#[inline]
fn go_on<A: Adder>(adder: &mut A, total: &mut Option<A::Number>, mut terms: &[A::Item]) {
    let so_far = total.take().or_else(|| {
        let (first, rest) = terms.split_at_checked(adder.width())?;
        terms = rest;
        Some(adder.round(first))
    });
    *total = so_far.map(|so_far| adder.add_terms(so_far, terms));
}

fn pairwise<A: Adder>(adder: &mut A, terms: &[A::Item]) -> A::Number {
    if let Some(known) = adder.pairs(terms) {
        return known;
    }
    let count = terms.len() / adder.width();
    if count == 1 {
        return adder.round(terms);
    }
    let (left, right) = terms.split_at(count.div_ceil(2) * adder.width());
    let (left, right) = (pairwise(adder, left), pairwise(adder, right));
    adder.add(&left, &right)
}

fn add_block<A: Adder>(adder: &mut A, total: &mut Option<A::Number>, block: &mut Vec<A::Item>) {
    let so_far = total.take().unwrap_or_else(|| adder.zero());
    *total = Some(adder.block(&so_far, block));
    block.clear();
}
