//! Whole files that are checked before anything of them is measured.

use crate::measure::files::File;
use logitlab::source::{InputError, RowPlace, check};

#[test]
fn a_fault_is_found_wherever_it_is() {
    let good: &[f32] = &[0.0, 1.0];
    let mut rows = vec![good; 400];
    rows[399] = &[0.0, f32::NAN];
    let file = File::new(&rows, &[0; 400]);
    let error = check(&file.source, &(0..400)).unwrap_err();
    assert!(matches!(error, InputError::BadLogit { place: RowPlace { row: 399, .. }, column: 1, .. }), "{error}");
    assert!(check(&file.source, &(0..399)).is_ok() && check(&file.source, &(5..5)).is_ok());
    let file = File::new(&[good; 400], &[0; 400]);
    let error = check(&file.source, &(0..401)).unwrap_err();
    assert!(matches!(error, InputError::RowsOutOfRange { .. }), "{error}");
}
