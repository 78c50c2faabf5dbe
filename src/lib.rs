//! logitlab: a symbolic and numeric verification workbench for the logit dynamics of softmax policy gradients.

pub mod arith;
pub mod claims;
pub mod expr;
pub mod measure;
pub mod policy;
pub mod proof;
