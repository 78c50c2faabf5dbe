//! What can be cited: a claim or a study.

use crate::claims::{self, Claim, claims};
use crate::dynamics::studies::{self, TRAINING_STUDIES, TrainingStudy};
use crate::study::{STUDIES, Study, registry};

use super::{study_text, training_text};

/// A claim or a study; ids are unique among both.
#[derive(Clone, Copy, Debug)]
pub enum Subject<'a> {
    /// A statement with its derivation and evidence.
    Claim(&'a Claim),
    /// A comparison of precision modes with its figures.
    Study(&'a Study),
    /// A study of training with its figures.
    Training(&'a TrainingStudy),
}

impl<'a> From<&'a Claim> for Subject<'a> {
    fn from(claim: &'a Claim) -> Self {
        Subject::Claim(claim)
    }
}

impl<'a> From<&'a Study> for Subject<'a> {
    fn from(study: &'a Study) -> Self {
        Subject::Study(study)
    }
}

impl<'a> From<&'a TrainingStudy> for Subject<'a> {
    fn from(study: &'a TrainingStudy) -> Self {
        Subject::Training(study)
    }
}

impl<'a> Subject<'a> {
    /// Everything that the crate ships: the claims, then the studies.
    pub fn all() -> impl Iterator<Item = Subject<'static>> {
        let studies = STUDIES.iter().map(Subject::Study).chain(TRAINING_STUDIES.iter().map(Subject::Training));
        claims().iter().map(Subject::Claim).chain(studies)
    }

    /// What the crate ships under this id.
    ///
    /// ```
    /// use logitlab::cite::Subject;
    ///
    /// assert_eq!(Subject::find("norm-identity").unwrap().kind(), "claim");
    /// assert_eq!(Subject::find("study-modes").unwrap().kind(), "study");
    /// assert!(Subject::find("nothing").is_none());
    /// ```
    pub fn find(id: &str) -> Option<Subject<'static>> {
        let study = || registry::find(id).map(Subject::Study).or_else(|| studies::find(id).map(Subject::Training));
        claims::find(id).map(Subject::Claim).or_else(study)
    }

    /// The claim, if it is one.
    pub fn claim(self) -> Option<&'a Claim> {
        match self {
            Subject::Claim(claim) => Some(claim),
            Subject::Study(_) | Subject::Training(_) => None,
        }
    }

    /// `claim` or `study`, as the second line of a snapshot names it.
    pub fn kind(self) -> &'static str {
        match self {
            Subject::Claim(_) => "claim",
            Subject::Study(_) | Subject::Training(_) => "study",
        }
    }

    /// The same with a capital letter.
    pub fn capitalised_kind(self) -> &'static str {
        match self {
            Subject::Claim(_) => "Claim",
            Subject::Study(_) | Subject::Training(_) => "Study",
        }
    }

    /// Its id.
    pub fn id(self) -> &'a str {
        match self {
            Subject::Claim(claim) => &claim.id,
            Subject::Study(study) => study.id,
            Subject::Training(study) => study.id,
        }
    }

    /// Its title.
    pub fn title(self) -> &'a str {
        match self {
            Subject::Claim(claim) => &claim.title,
            Subject::Study(study) => study.title,
            Subject::Training(study) => study.title,
        }
    }

    /// The LaTeX of a study's figures, from its snapshot; `None` of a claim.
    pub fn figures_as_latex(self, snapshot: &str) -> Option<String> {
        match self {
            Subject::Claim(_) => None,
            Subject::Study(study) => Some(study_text::latex(study, snapshot)),
            Subject::Training(study) => Some(training_text::latex(study, snapshot)),
        }
    }

    /// What is stated: of a claim the statement, of a study its parameters.
    pub fn statement(self) -> String {
        match self {
            Subject::Claim(claim) => claim.statement.to_string(),
            Subject::Study(study) => study_text::parameters(study),
            Subject::Training(study) => training_text::parameters(study),
        }
    }
}
