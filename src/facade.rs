//! What a user of the library needs, by one name each; the modules have the rest.

/// Reads a claim.
///
/// ```
/// let claim = logitlab::parse_claim("claim mass given P : distribution show sum(P) = 1")?;
/// assert_eq!(claim.statement.shows[0].to_string(), "sum(P) = 1");
/// let error = logitlab::parse_claim("claim mass given P : distribution show sum(P)").unwrap_err();
/// assert!(error.span.start > 0);
/// # Ok::<(), logitlab::SyntaxError>(())
/// ```
pub use logitlab_claims::claims::parse as parse_claim;

/// A statement with its id, and its derivation where it has one.
///
/// ```
/// let claims: Vec<&logitlab::Claim> = logitlab::shipped_claims().iter().collect();
/// assert!(claims.iter().any(|claim| claim.id == "norm-identity" && claim.proof.is_some()));
/// ```
pub use logitlab_claims::claims::Claim;

/// The claims of a file, and what they cite.
///
/// ```
/// let text = "claim a given P : distribution show sum(P) = 1 claim b given v : vector show sum(v - v) = 0";
/// let ids: Vec<String> = logitlab::Collection::read(text)?.claims.into_iter().map(|stated| stated.claim.id).collect();
/// assert_eq!(ids, ["a", "b"]);
/// # Ok::<(), logitlab::SyntaxError>(())
/// ```
pub use logitlab_claims::claims::Collection;

/// The claims of `proofs/`.
///
/// ```
/// assert!(logitlab::shipped_claims().len() > 30);
/// ```
pub use logitlab_claims::claims::claims as shipped_claims;

/// The shipped claim of an id.
///
/// ```
/// assert_eq!(logitlab::find_claim("zero-sum").unwrap().id, "zero-sum");
/// assert!(logitlab::find_claim("no-such-claim").is_none());
/// ```
pub use logitlab_claims::claims::find as find_claim;

/// Asks judges about claims.
///
/// ```
/// let claim = logitlab::parse_claim("claim squares given P : distribution show C(P) = 1")?;
/// let judges = [logitlab::find_judge("exact").unwrap()];
/// let report = logitlab::verify(&[&claim], &judges, &logitlab::JudgeOptions::default(), &|_, _| {});
/// assert_eq!(report.claims[0].verdict, logitlab::Verdict::Refuted);
/// assert!(report.claims[0].judges[0].witness.is_some());
/// # Ok::<(), logitlab::SyntaxError>(())
/// ```
pub use logitlab_claims::judges::verify;

/// One independent way to decide a claim.
///
/// ```
/// let judge: &logitlab::Judge = logitlab::find_judge("script").unwrap();
/// assert!(judge.default && !judge.summary.is_empty());
/// ```
pub use logitlab_claims::judges::Judge;

/// Every judge.
///
/// ```
/// assert!(logitlab::JUDGES.iter().any(|judge| judge.name == "enclosure"));
/// ```
pub use logitlab_claims::judges::JUDGES;

/// The judge of a name.
///
/// ```
/// assert_eq!(logitlab::find_judge("coq").unwrap().name, "coq");
/// ```
pub use logitlab_claims::judges::find as find_judge;

/// How hard judges try.
///
/// ```
/// let more = logitlab::JudgeOptions { cases: 1000, seed: 7, ..Default::default() };
/// assert!(more.cases > logitlab::JudgeOptions::default().cases);
/// ```
pub use logitlab_claims::judges::Options as JudgeOptions;

/// What judges say of a claim.
///
/// ```
/// let claim = logitlab::find_claim("zero-sum").unwrap();
/// let judges = [logitlab::find_judge("script").unwrap()];
/// let report = logitlab::verify(&[claim], &judges, &Default::default(), &|_, _| {});
/// assert_eq!(report.claims[0].verdict, logitlab::Verdict::Proved);
/// ```
pub use logitlab_record::outcome::Verdict;

/// What a run of judges found.
///
/// ```
/// let report: logitlab::VerifyReport = logitlab::verify(&[], &[], &Default::default(), &|_, _| {});
/// assert_eq!(report.summary.unexpected, 0);
/// ```
pub use logitlab_record::outcome::VerifyReport;

/// Looks for a derivation.
///
/// ```
/// let claim = logitlab::parse_claim("claim mass given P : distribution, g : real show sum(g*P) = g")?;
/// let outcome = logitlab::find_proof("mass", &claim.statement, &Default::default(), &Default::default());
/// assert!(outcome.found.unwrap().text.contains("by algebra"));
/// # Ok::<(), logitlab::SyntaxError>(())
/// ```
pub use logitlab_claims::prove::prove as find_proof;

/// Lets the kernel check a derivation: it alone makes theorems.
///
/// ```
/// let claim = logitlab::find_claim("zero-sum").unwrap();
/// let theorems = logitlab::check_proof(&claim.statement, claim.proof.as_ref().unwrap(), &|_| Ok(None))?;
/// assert!(theorems[0].proves(&claim.statement, &claim.statement.shows[0]));
/// # Ok::<(), logitlab::proof::Rejection>(())
/// ```
pub use logitlab_kernel::proof::check::check as check_proof;

/// What the kernel has proved; nothing else makes one.
///
/// ```
/// fn first(theorems: &[logitlab::Theorem]) -> Option<&logitlab::Theorem> {
///     theorems.first()
/// }
/// assert!(first(&[]).is_none());
/// ```
pub use logitlab_kernel::proof::Theorem;

/// The laws that derivations may use.
///
/// ```
/// let unit = logitlab::RULES.iter().find(|rule| rule.name == "sum.unit").unwrap();
/// assert_eq!(unit.laws, ["sum(e[c]) = 1"]);
/// ```
pub use logitlab_kernel::proof::RULES;

/// What is given, what is supposed, and what is shown.
///
/// ```
/// let claim = logitlab::parse_claim("claim a given P : distribution show C(P) <= 1")?;
/// let statement: logitlab::Statement = claim.statement;
/// assert_eq!(statement.shows.len(), 1);
/// # Ok::<(), logitlab::SyntaxError>(())
/// ```
pub use logitlab_kernel::expr::Statement;

/// A typed expression of the language.
///
/// ```
/// use logitlab::expr::{Action, Op};
/// let norm = logitlab::Tree::apply(Op::NormSquared, [logitlab::Tree::unit(Action::Name("c".into()))])?;
/// assert_eq!(norm.to_string(), "|e[c]|^2");
/// # Ok::<(), logitlab::expr::tree::BuildError>(())
/// ```
pub use logitlab_kernel::expr::Tree;

/// What is wrong with the text of a claim, and where.
///
/// ```
/// let error: logitlab::SyntaxError = logitlab::parse_claim("claim a show").unwrap_err();
/// assert!(!error.to_string().is_empty());
/// ```
pub use logitlab_kernel::expr::SyntaxError;

/// Yes, no, or not known.
///
/// ```
/// assert_ne!(logitlab::Truth::from(true), logitlab::Truth::Unknown);
/// ```
pub use logitlab_words::Truth;

/// Intervals of a given number of bits, rounded outward.
///
/// ```
/// let third = logitlab::Intervals::new(64).enclose(&rug::Rational::from((1, 3)));
/// assert!(*third.lo() < *third.hi() && !third.is_point());
/// ```
pub use logitlab_numbers::arith::interval::Intervals;

/// A floating-point format.
///
/// ```
/// let bf16: logitlab::Format = "bf16".parse().unwrap();
/// assert_eq!((bf16.bits(), bf16.precision), (16, 8));
/// ```
pub use logitlab_numbers::formats::Format;

/// How to round to a format.
///
/// ```
/// assert_eq!("f32".parse::<logitlab::Target>().unwrap().unit_roundoff(), 0.5f64.powi(24));
/// ```
pub use logitlab_numbers::formats::Target;

/// A policy, made from a seed.
///
/// ```
/// let spec: logitlab::PolicySpec = "integers:K=4,bits=8".parse()?;
/// assert_eq!(logitlab::Policy::generate(&spec, 1, 0), logitlab::Policy::generate(&spec, 1, 0));
/// # Ok::<(), logitlab::policy::SpecError>(())
/// ```
pub use logitlab_values::policy::Policy;

/// The kind of policies that is made.
///
/// ```
/// assert!("integer:K=4".parse::<logitlab::PolicySpec>().unwrap_err().to_string().contains("integers"));
/// ```
pub use logitlab_values::policy::Spec as PolicySpec;

/// One way to compute a quantity of a softmax.
///
/// ```
/// let claim = logitlab::parse_claim(
///     "claim mine given z : logits, c : action let P = softmax(z) show |e[c] - P|^2 = 1 + C(P) - 2*P[c]",
/// )?;
/// let mine = logitlab::Formula::from_statement("mine", &claim.statement)?;
/// assert_eq!(mine.text, "1 + C(P) - 2*P[c]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use logitlab_floats::formulas::Formula;

/// The shipped formula of a name.
///
/// ```
/// assert_eq!(logitlab::find_formula("tail").unwrap().meaning.to_string(), "|e[c] - P|^2");
/// ```
pub use logitlab_floats::formulas::find as find_formula;

/// Where each rounding of a computation happens, and how.
///
/// ```
/// let mode: logitlab::Mode = "bf16-stored".parse().unwrap();
/// assert_eq!(mode.to_string(), "f32+logits=bf16");
/// ```
pub use logitlab_floats::study::Mode;

/// What formulas give in a mode on rows of logits.
///
/// ```
/// let tail = logitlab::find_formula("tail").unwrap();
/// let emulator = logitlab::Emulator::new(&"f32".parse().unwrap(), &[tail], 1.0).unwrap();
/// let w = emulator.run(0, &[0.0, 0.0], &[1]);
/// assert_eq!(w, [[0.5]]);
/// ```
pub use logitlab_floats::study::Emulator;

/// Encloses what an update of one row of logits does.
///
/// ```
/// let (row, _) = logitlab::enclose_row(&Default::default(), &[3.0, 3.0, f64::NEG_INFINITY], 1)?;
/// let [low, high] = row.w.outward();
/// assert!(low <= 0.5 && 0.5 <= high && high - low < 1e-12);
/// # Ok::<(), logitlab::arith::Fault>(())
/// ```
pub use logitlab_logits::certified::enclose as enclose_row;

/// Encloses the same from the largest log-probabilities alone.
///
/// ```
/// use logitlab::certified::partial::{ChosenAction, Partial, Slack};
/// let top = [0.9f64, 0.06].map(f64::ln);
/// let row = Partial { top: &top, actions: 50_000, chosen: ChosenAction::Top(0), slack: Slack::uniform(1e-15) };
/// let [low, high] = logitlab::enclose_partial(&row)?.w.outward();
/// assert!(0.0135 < low && high < 0.0153);
/// # Ok::<(), logitlab::certified::partial::PartialError>(())
/// ```
pub use logitlab_logits::certified::partial::enclose as enclose_partial;

/// Rows of logits from files.
///
/// ```
/// let folder = tempfile::tempdir()?;
/// let file = folder.path().join("rows.jsonl");
/// std::fs::write(&file, "{\"logits\": [0.5, 2], \"actions\": 1}\n")?;
/// let source = logitlab::Source::open(&logitlab::LogitsRequest::new([file]))?;
/// assert_eq!(source.read(0, 1)?.row(0), [0.5, 2.0]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use logitlab_logits::source::Source;

/// Which files, and what in them.
///
/// ```
/// use logitlab::LogitsRequest;
/// let asked = LogitsRequest { mask: Some("keep".to_string()), ..LogitsRequest::new(["dump-*.npz"]) };
/// assert_eq!(asked.logits, "logits");
/// ```
pub use logitlab_logits::source::Request as LogitsRequest;

/// A training experiment.
///
/// ```
/// let experiment = logitlab::Experiment::new("bernoulli:0.3,0.7".parse()?);
/// assert!(experiment.check().is_ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use logitlab_training::dynamics::Experiment;

/// Trains it exactly and in float modes, and holds every step against the claims.
///
/// ```
/// let experiment = logitlab::Experiment { steps: 10, ..logitlab::Experiment::new("bernoulli:0.3,0.7".parse()?) };
/// let watched = logitlab::watch(&experiment, &["bf16".parse()?], 0, 128, &|| false)?;
/// assert!(watched.steps == 10 && watched.violation.is_none());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub use logitlab_training::dynamics::watch::watch;

/// How to cite a claim or a study.
///
/// ```
/// let subject = logitlab::cite::Subject::find("norm-identity").unwrap();
/// assert!(logitlab::Citation::of(subject).unwrap().command.starts_with("logitlab check sha256:"));
/// ```
pub use crate::cite::Citation;
