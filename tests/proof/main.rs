//! The kernel and the derivations, tried from every side.

mod alternatives;
mod attacks;
mod defined;
mod derivations;
mod hostile;
mod instances;
mod mutations;
mod rejections;
mod rules;
mod scripts;
mod trusted;
