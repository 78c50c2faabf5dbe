//! logitlab: a symbolic and numeric verification workbench for the logit dynamics of softmax policy gradients.

pub mod arith;
pub mod claims;
#[cfg(feature = "cli")]
pub mod cli;
pub mod expr;
pub mod formulas;
pub mod judges;
pub mod measure;
pub mod outcome;
pub mod policy;
pub mod report;
