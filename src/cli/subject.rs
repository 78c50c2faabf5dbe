//! Claims and studies as users name them.

use super::Failure;
use crate::cite::Subject;
use crate::text::{did_you_mean, nearest};

/// The claim or study with this id.
pub fn find(id: &str) -> Result<Subject<'static>, Failure> {
    Subject::find(id).ok_or_else(|| {
        let ids: Vec<&str> = Subject::all().map(Subject::id).collect();
        let hint = match nearest(id, ids).as_slice() {
            [] => "`logitlab list` shows all of them".to_string(),
            near => did_you_mean(near),
        };
        Failure::Unusable(format!("unknown claim or study `{id}`; {hint}"))
    })
}
