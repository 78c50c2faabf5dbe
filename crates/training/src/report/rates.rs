//! Fitted rates of convergence, for a terminal.

use std::fmt::Write as _;

use crate::dynamics::rate::Rate;

use super::table::grid;
use super::text::{Paint, Tone};

/// Exponents decade by decade, a row for each number of actions; then the constant and the bound.
pub fn text(rates: &[Rate], paint: Paint<'_>) -> String {
    let Some(first) = rates.first() else { return String::new() };
    let asked = &first.request;
    let mut out = format!(
        "Expected gradient at the learning rate {}, {} bandits for each K with mean rewards drawn from [0, 1]\n\n",
        asked.eta, asked.bandits
    );
    let head = "Exponent of t in the loss r* - <P, r>: mean over the bandits and its 95 % interval; theory: -1";
    let columns: Vec<String> =
        first.windows.iter().map(|window| format!("t = {} to {}", window.steps[0], window.steps[1])).collect();
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    let names: Vec<String> = rates.iter().map(|rate| rate.request.k.to_string()).collect();
    let rows = |of: &dyn Fn(&Rate) -> Vec<String>| {
        names.iter().map(String::as_str).zip(rates.iter().map(of)).collect::<Vec<(&str, Vec<String>)>>()
    };
    let exponents = rows(&|rate| {
        let cell = |window: &crate::dynamics::rate::Window| format!("{:.3} ± {:.3}", window.exponent, window.margin);
        rate.windows.iter().map(cell).collect()
    });
    _ = write!(out, "{}\n\n{}", paint.mark(Tone::Strong, head), grid("K", &columns, &exponents, paint));
    let head = format!("After {} steps", asked.steps);
    let constants = rows(&|rate| {
        let [least, greatest] = rate.windows.last().map_or([0.0; 2], |window| window.range);
        vec![
            format!("{least:.3} to {greatest:.3}"),
            format!("{:.3}", rate.constant),
            format!("{:.3}", rate.limit),
            format!("{:.2e}", rate.of_bound),
        ]
    });
    let columns = ["exponents of bandits", "t * loss, median", "tends to (K-1)/(eta K)", "loss / bound, largest"];
    _ = write!(out, "\n{}\n\n{}\n", paint.mark(Tone::Strong, &head), grid("K", &columns, &constants, paint));
    let exceeded = rates.iter().any(|rate| rate.of_bound > 1.0);
    out + &match exceeded {
        false => paint
            .mark(Tone::Good, "no loss exceeds the bound 1/(eta (1 - 5 eta/4) c^2 t), c the least P(a*) until then"),
        true => {
            paint.mark(Tone::Bad, "a loss exceeds the bound 1/(eta (1 - 5 eta/4) c^2 t), c the least P(a*) until then")
        }
    } + "\n"
}
