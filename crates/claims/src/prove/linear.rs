//! Non-negative solutions of linear equations over the rationals: the simplex method, exactly.

use num_rational::BigRational;
use num_traits::{One, Signed, Zero};

/// More pivots are not made.
const MAX_PIVOTS: usize = 400;

/// Numbers x >= 0 with `sum_j x_j columns[j] = target`, if there are any; a column is its entries by row, most of them
/// zero.
///
/// Of several solutions, columns that come first are preferred. Bland's rule ends every search.
///
/// # Examples
/// ```
/// use logitlab_claims::prove::linear::solve;
/// use num_rational::BigRational;
///
/// let number = |n: i64| BigRational::from_integer(n.into());
/// let columns = vec![vec![(0, number(1)), (1, number(1))], vec![(1, number(2))], vec![(0, number(-1))]];
/// let solution = solve(&columns, &[number(2), number(6)], &|| false).expect("there is one");
/// assert_eq!(solution, [number(2), number(2), number(0)]);
/// assert_eq!(solve(&columns, &[number(2), number(1)], &|| false), None);
/// ```
pub fn solve(
    columns: &[Vec<(usize, BigRational)>],
    target: &[BigRational],
    is_over: &dyn Fn() -> bool,
) -> Option<Vec<BigRational>> {
    let (rows, count) = (target.len(), columns.len());
    // Every row has an artificial variable beside it, which is to become zero.
    let mut table = vec![vec![BigRational::zero(); count + 1]; rows];
    for (at, column) in columns.iter().enumerate() {
        column.iter().for_each(|(row, value)| table[*row][at] = value.clone());
    }
    for (row, value) in table.iter_mut().zip(target) {
        row[count] = value.clone();
        if value.is_negative() {
            row.iter_mut().for_each(|entry| *entry = -entry.clone());
        }
    }
    let mut basis: Vec<Option<usize>> = vec![None; rows];
    // What is gained by each column: the sum over the rows of artificial variables.
    let mut gain: Vec<BigRational> =
        (0..=count).map(|at| table.iter().fold(BigRational::zero(), |sum, row| sum + &row[at])).collect();
    for _ in 0..MAX_PIVOTS {
        if gain[count].is_zero() {
            let mut solution = vec![BigRational::zero(); count];
            for (row, column) in basis.iter().enumerate() {
                if let Some(column) = column {
                    solution[*column] = table[row][count].clone();
                }
            }
            return Some(solution);
        }
        if is_over() {
            return None;
        }
        let entering = (0..count).find(|at| gain[*at].is_positive())?;
        let ratios = (0..rows).filter(|row| table[*row][entering].is_positive());
        // Artificial variables leave first, then the first column.
        let leaving = ratios.min_by_key(|row| {
            (&table[*row][count] / &table[*row][entering], basis[*row].map_or(0, |column| column + 1))
        })?;
        pivot(&mut table, &mut gain, leaving, entering);
        basis[leaving] = Some(entering);
    }
    None
}

fn pivot(table: &mut [Vec<BigRational>], gain: &mut [BigRational], row: usize, column: usize) {
    let by = table[row][column].clone();
    if !by.is_one() {
        table[row].iter_mut().filter(|entry| !entry.is_zero()).for_each(|entry| *entry = &*entry / &by);
    }
    let base = table[row].clone();
    let eliminate = |other: &mut [BigRational]| {
        let times = other[column].clone();
        if times.is_zero() {
            return;
        }
        for (entry, by) in other.iter_mut().zip(&base) {
            if !by.is_zero() {
                *entry = &*entry - &times * by;
            }
        }
    };
    for (index, other) in table.iter_mut().enumerate() {
        if index != row {
            eliminate(other);
        }
    }
    eliminate(gain);
}
