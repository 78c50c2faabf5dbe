//! A file of claims: which other files it uses, and the claims that it states, one after the other.

use crate::expr::error::{Span, SyntaxError};
use crate::expr::lexer::Kind;
use crate::expr::parse::Parser;

use super::file::{Stated, one};

/// What a file of claims holds.
#[derive(Clone, Debug, Default)]
pub struct Collection {
    /// The files whose claims may be cited.
    pub uses: Vec<Use>,
    /// The claims, in the order in which they stand; at least one, and no two with one id.
    pub claims: Vec<Stated>,
}

/// A line `use "path"`: the claims of a file, or of all files of a folder, may be cited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// A file, or a folder with a slash at the end, from the folder of the file that uses it.
    pub path: String,
    /// Where the path stands.
    pub span: Span,
}

impl Use {
    /// Whether it names a folder.
    pub fn is_folder(&self) -> bool {
        self.path.ends_with('/')
    }
}

impl Collection {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Syntax, names or types, with the place in the text; a second claim of the same id.
    ///
    /// # Examples
    /// ```
    /// use logitlab_claims::claims::Collection;
    ///
    /// let collection = Collection::read(
    ///     "use   \"lemmas/\"
    ///      claim mass given P : distribution show sum(P) = 1
    ///      claim gap  given P : distribution, c : action show sum(e[c] - P) = 0",
    /// )?;
    /// assert_eq!(collection.uses[0].path, "lemmas/");
    /// assert_eq!(collection.claims[1].claim.id, "gap");
    /// # Ok::<(), logitlab_kernel::expr::SyntaxError>(())
    /// ```
    pub fn read(text: &str) -> Result<Collection, SyntaxError> {
        let mut parser = Parser::new(text)?;
        let mut collection = Collection::default();
        while parser.accept("use") {
            collection.uses.push(path(&mut parser)?);
        }
        loop {
            let stated = one(&mut parser)?;
            let id = &stated.claim.id;
            if collection.claims.iter().any(|other| other.claim.id == *id) {
                let problem = format!("a second claim `{id}`: give it another id, by which it can be cited");
                return Err(SyntaxError::claim(problem, stated.id));
            }
            collection.claims.push(stated);
            if parser.peek().kind == Kind::End {
                return Ok(collection);
            }
        }
    }
}

/// The path of a line `use`.
fn path(parser: &mut Parser<'_>) -> Result<Use, SyntaxError> {
    let what = "a path in double quotes, such as `use \"lemmas/\"` or `use \"lemmas.proof\"`";
    let (quoted, span) = parser.take(Kind::Text, what)?;
    let path = quoted[1..quoted.len() - 1].to_string();
    if path.trim().is_empty() {
        return Err(SyntaxError::claim(format!("the path is empty: write {what}"), span));
    }
    Ok(Use { path, span })
}
