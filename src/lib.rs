//! logitlab: a symbolic and numeric verification workbench for the logit dynamics of softmax policy gradients.

pub mod measure;
pub mod policy;
