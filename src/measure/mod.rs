//! Real logits, read from files and enclosed rigorously.
