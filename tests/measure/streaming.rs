//! Whole files: in order, whatever the blocks and the threads, and nothing before all of it is known to be good.

use crate::files::File;
use logitlab::measure::{InputError, MeasureError, Measurement, Place, Row, Tally, measure};
use logitlab::policy::random::Rng;
use std::ops::{ControlFlow, Range};

const INF: f32 = f32::INFINITY;

/// 700 rows of 12 Gaussian logits of different scales, some of them masked.
fn random_file() -> File {
    let mut rng = Rng::new(8, 0);
    let rows: Vec<Vec<f32>> = (0..700)
        .map(|row| {
            let scale = [0.1, 3.0, 40.0][row % 3];
            let mut logits: Vec<f32> = (0..12).map(|_| (scale * rng.gaussian()) as f32).collect();
            logits[row % 11] = if row % 5 == 0 { -INF } else { 0.0 };
            logits
        })
        .collect();
    let actions: Vec<i64> = (0..700).map(|_| rng.index(12) as i64).collect();
    File::new(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>(), &actions)
}

fn all(file: &File, bits: u32, rows: Range<u64>) -> Vec<Measurement> {
    let mut all = Vec::new();
    let end = measure(&file.source, bits, rows, |measured| {
        all.push(measured);
        ControlFlow::<()>::Continue(())
    });
    assert_eq!(end.unwrap(), ControlFlow::Continue(()));
    all
}

fn json(measured: &[Measurement]) -> String {
    measured.iter().map(|measured| serde_json::to_string(&Row::from(measured)).unwrap() + "\n").collect()
}

#[test]
fn results_depend_neither_on_blocks_nor_on_threads() {
    let file = random_file();
    let whole = all(&file, 64, 0..700);
    assert!(whole.iter().zip(0..).all(|(measured, row)| measured.row == row));
    let whole = json(&whole);
    for threads in [1, 2, 5] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| json(&all(&file, 64, 0..700))), whole, "{threads} threads");
    }
    for step in [1, 7, 256, 699] {
        let ranges = (0..700).step_by(step).map(|start| start..700.min(start + step as u64));
        let parts: String = ranges.map(|range| json(&all(&file, 64, range))).collect();
        assert_eq!(parts, whole, "{step} rows at a time");
    }
    assert!(all(&file, 64, 5..5).is_empty());
}

#[test]
fn it_stops_where_it_is_told_to() {
    let file = random_file();
    let mut count = 0;
    let end = measure(&file.source, 64, 100..700, |measured| {
        count += 1;
        if measured.row == 400 { ControlFlow::Break("enough") } else { ControlFlow::Continue(()) }
    });
    assert_eq!((end.unwrap(), count), (ControlFlow::Break("enough"), 301));
}

#[test]
fn nothing_is_handed_on_of_a_file_with_a_fault() {
    let good: &[f32] = &[0.0, 1.0];
    let mut rows = vec![good; 400];
    rows[399] = &[0.0, f32::NAN];
    let fails = |file: &File, rows: Range<u64>| match measure(&file.source, 64, rows, |row| -> ControlFlow<()> {
        panic!("row {} was measured", row.row)
    }) {
        Err(MeasureError::Input(error)) => *error,
        other => panic!("{other:?}"),
    };
    let file = File::new(&rows, &[0; 400]);
    assert!(matches!(fails(&file, 0..400), InputError::BadLogit { place: Place { row: 399, .. }, column: 1, .. }));
    assert_eq!(all(&file, 64, 0..399).len(), 399);
    let file = File::new(&[good; 400], &[0; 400]);
    assert!(matches!(fails(&file, 0..401), InputError::RowsOutOfRange { .. }));
}

#[test]
fn rows_as_json() {
    let rows: &[&[f32]] = &[
        &[0.0, 0.0, 0.0, 0.0],
        &[2.0, 1.0, 0.5, -0.5],
        &[30.0, 0.0, -1.0, 1.0],
        &[1.0, -INF, -INF, 1.0],
        &[1.0, -INF, -INF, 1.0],
        &[-INF, -3.0, -INF, -INF],
        &[-INF, -3.0, -INF, -INF],
        &[1e4, 0.0, -1e4, 0.0],
    ];
    let measured = all(&File::new(rows, &[1, 0, 0, 3, 1, 1, 0, 0]), 64, 0..8);
    insta::assert_snapshot!(json(&measured));

    let mut tally = Tally::new(64);
    measured.iter().for_each(|measured| tally.add(measured));
    insta::assert_snapshot!(serde_json::to_string_pretty(&tally.summary()).unwrap());
}
