//! Claims and studies as users name them.

use super::Failure;
use crate::cite::Subject;
use logitlab_words::Unknown;

/// The claim or study with this id.
pub fn find(id: &str) -> Result<Subject<'static>, Failure> {
    Subject::find(id).ok_or_else(|| {
        let ids: Vec<&str> = Subject::all().map(Subject::id).collect();
        Unknown::new("claim or study", id, ids, "`logitlab list` shows all of them").into()
    })
}
