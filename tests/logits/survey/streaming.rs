//! Whole files: in order, whatever the batches and the threads, each row read once, in bounded memory.

use logitlab::certified::MeasureError;
use logitlab::measure::{MeasureTally, Modes, Schema, line, stream};
use logitlab::source::{Held, HeldArray, InputError, MAX_BLOCK_ROWS, Request, Source, Watch};
use std::cell::Cell;
use std::io::Write;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::survey::given::{Given, how, open};

fn lines(given: &Given, rows: Range<u64>) -> String {
    let how = how(1.0, Some(0.5));
    let schema = Schema::new(&how, &Modes::default(), &given.source);
    let numbers = schema.all_numbers(&how, &given.measured(&how, rows)).unwrap();
    numbers.iter().map(|row| line(&schema, row)).collect()
}

#[test]
fn results_depend_neither_on_ranges_nor_on_threads() {
    let given = Given::random();
    let whole = lines(&given, 0..600);
    assert_eq!(whole.lines().count(), 600);
    assert!(whole.lines().zip(0..).all(|(line, row)| line.starts_with(&format!("{{\"row\":{row},"))));
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| lines(&given, 0..600)), whole, "{threads} threads");
    }
    let parts: String = [0..1, 1..256, 256..600].map(|rows| lines(&given, rows)).concat();
    assert_eq!(parts, whole);
    assert_eq!(lines(&given, 5..5), "");
}

/// What is in memory, each thread reads by itself.
#[test]
fn arrays_in_memory_are_measured_as_the_file_is() {
    let file = Given::random();
    let block = file.source.read(0, 600).unwrap();
    let logits = block.logits.iter().flat_map(|&z| (z as f32).to_le_bytes()).collect::<Vec<_>>();
    let actions = block.actions.iter().flat_map(|&a| (a as i64).to_le_bytes()).collect::<Vec<_>>();
    let array = |name: &str, dtype: &str, shape: &[u64], bytes: &[u8]| HeldArray {
        name: name.into(),
        dtype: dtype.into(),
        shape: shape.into(),
        bytes: Held::new(bytes.to_vec()),
    };
    let arrays = |logits: &[u8]| {
        let arrays = [array("logits", "F32", &[600, 12], logits), array("actions", "I64", &[600], &actions)];
        Source::held(&arrays, &Request::new(Vec::<String>::new())).unwrap()
    };
    let how = how(1.0, Some(0.5));
    let rows = |source: &Source, rows: Range<u64>| {
        let (schema, mut all) = (Schema::new(&how, &Modes::default(), source), String::new());
        let outcome = stream(source, &how, &Modes::default(), rows, Watch::NONE, |more| {
            schema.all_numbers(&how, &more)?.iter().for_each(|row| all += &line(&schema, row));
            Ok::<_, MeasureError>(())
        });
        outcome.map(|_| all.clone()).map_err(|error| (error.to_string(), all))
    };
    assert_eq!(rows(&arrays(&logits), 0..600), rows(&file.source, 0..600));
    assert_eq!(rows(&arrays(&logits), 7..8), rows(&file.source, 7..8));
    let mut bad = logits;
    bad[4 * (12 * 570 + 3)..][..4].copy_from_slice(&f32::NAN.to_le_bytes());
    // What comes before the block of the bad row is handed on.
    let (error, before) = rows(&arrays(&bad), 0..600).unwrap_err();
    assert!(error.contains("row 570, column 3") && before.lines().count() == MAX_BLOCK_ROWS as usize, "{error}");
}

#[test]
fn it_stops_where_it_is_told_to_and_says_so() {
    let given = Given::random();
    let asked = AtomicU64::new(0);
    let stop = || asked.fetch_add(1, Ordering::SeqCst) >= 100;
    let done = Cell::new(0);
    let watch = Watch { stop: &stop, done: &|rows| done.set(done.get() + rows) };
    let mut rows = Vec::new();
    let complete = stream(&given.source, &how(1.0, None), &Modes::default(), 0..600, watch, |more| {
        rows.extend(more.into_iter().map(|row| row.row));
        Ok::<_, MeasureError>(())
    });
    // Those that were begun, without a gap.
    assert!(!complete.unwrap() && rows.len() <= 100 && rows.len() as u64 == done.get(), "{}", rows.len());
    assert!(rows.iter().zip(0..).all(|(row, place)| *row == place));
    let enough = || Err(MeasureError::from(InputError::NoFiles));
    let end = stream(&given.source, &how(1.0, None), &Modes::default(), 0..600, Watch::NONE, |_| enough());
    assert!(matches!(end, Err(MeasureError::Input(error)) if matches!(*error, InputError::NoFiles)));
}

#[test]
fn an_error_comes_after_the_rows_before_it() {
    let rows = MAX_BLOCK_ROWS as usize + 10;
    let mut logits = vec![0.0; 2 * rows];
    logits[2 * rows - 1] = f32::NAN;
    let given = Given::new(2, &logits, &vec![0; rows]);
    let mut count = 0;
    let end = stream(&given.source, &how(1.0, None), &Modes::default(), 0..rows as u64, Watch::NONE, |more| {
        count += more.len();
        Ok(())
    });
    assert_eq!(count as u64, MAX_BLOCK_ROWS);
    match end {
        Err(MeasureError::Input(error)) => {
            assert!(matches!(*error, InputError::BadLogit { place, column: 1, .. } if place.row == rows as u64 - 1));
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn batches_of_long_rows_take_few_megabytes() {
    // 2.5 GiB of zeros that take no room on the disk: what is read of them at once is what counts.
    const COLUMNS: u64 = 1 << 16;
    const ROWS: u64 = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse.safetensors");
    let bytes = ROWS * COLUMNS * 4;
    let header = format!(
        r#"{{"logits":{{"dtype":"F32","shape":[{ROWS},{COLUMNS}],"data_offsets":[0,{bytes}]}},"actions":{{"dtype":"I64","shape":[{ROWS}],"data_offsets":[{bytes},{}]}}}}"#,
        bytes + 8 * ROWS
    );
    let mut file = std::fs::File::create(&path).unwrap();
    file.write_all(&(header.len() as u64).to_le_bytes()).unwrap();
    file.write_all(header.as_bytes()).unwrap();
    file.set_len(8 + header.len() as u64 + bytes + 8 * ROWS).unwrap();
    let source = open(&path);
    let seen = Cell::new(0);
    let stop = AtomicBool::new(false);
    let watch = Watch { stop: &|| stop.load(Ordering::SeqCst), done: &|rows| seen.set(seen.get() + rows) };
    let complete = stream(&source, &how(1.0, None), &Modes::default(), 0..ROWS, watch, |rows| {
        let bytes = rows.len() as u64 * COLUMNS * 8;
        assert!(0 < bytes && bytes <= 16 << 20, "{bytes}");
        let rest = rows[0].found.rest.outward();
        let exact = 1.0 - 1.0 / COLUMNS as f64;
        assert!(rest[0] <= exact && exact <= rest[1]);
        stop.store(rows[0].row > 0, Ordering::SeqCst);
        Ok::<_, MeasureError>(())
    });
    assert!(!complete.unwrap() && seen.get() < 100, "{}", seen.get());
}

#[test]
fn a_tally_of_rows() {
    let given = Given::random();
    let how = how(1.0, None);
    let mut tally = MeasureTally::new(&how, &Modes::default());
    given.measured(&how, 0..600).iter().for_each(|row| tally.add(row));
    let summary = tally.summary(700);
    assert_eq!((summary.rows, summary.asked, summary.fast + summary.mpfr), (600, 700, 600));
    assert_eq!(summary.bands.iter().map(|band| band.rows).sum::<u64>() + summary.bands_undecided, 600);
    assert!(summary.known_bits.unwrap() >= 39);
    let document = serde_json::to_value(&summary).unwrap();
    assert_eq!(document["quantiles"][1]["name"], "w");
    assert_eq!(document["quantiles"][1]["at"][4]["share"], "max");
    assert!(document["sums"][1]["w_lo"].as_str().unwrap().parse::<f64>().unwrap() > 0.0);
    assert!(
        MeasureTally::new(&how, &Modes::default()).summary(5).quantiles.iter().all(|quantiles| quantiles.at.is_empty())
    );
}
