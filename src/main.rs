//! The command `alertbook`.
fn main() {}
