//! What the statements of a sentence say of each other.

use super::{Bound, Meant, Said, Statement};

/// Tells numbers how far back the sentence looks, and times that stand behind a comparison that they
/// are said of it: as long as the window that the sentence states beside, they are no window.
pub(super) fn tie_together(statements: &mut [Statement]) {
    let mut windows = statements.iter().filter_map(|statement| match statement.said {
        Said::Window { milliseconds, .. } => Some(milliseconds),
        _ => None,
    });
    #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
    let within = windows.next().map(|milliseconds| milliseconds as f64 / 1000.0);
    let is_stated = |length: u64| {
        #[expect(clippy::cast_precision_loss, reason = "lengths of time are far below 2^53 ms")]
        let seconds = length as f64 / 1000.0;
        within.is_some_and(|within| (within - seconds).abs() < 1e-3)
    };
    let mut is_compared = false;
    for statement in statements {
        match &mut statement.said {
            Said::Number(quantity) => {
                is_compared |= quantity.bound != Bound::Plain;
                quantity.within = within;
            }
            Said::Held(lasting) if is_compared && lasting.meant == Meant::Any => {
                let is_window = is_stated(lasting.milliseconds);
                lasting.meant = if is_window { Meant::Wait } else { Meant::Compared };
            }
            _ => {}
        }
    }
}
