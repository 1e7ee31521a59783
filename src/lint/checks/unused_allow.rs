//! An `allow` comment has no effect: nothing is to be allowed where it stands.
//!
//! It names a check that does not exist, gives no reason, is written in another way (`ALLOW`, no
//! brackets), or stands before something that the check has no fault to find with any more. Comments
//! that are left behind hide the next finding, and nobody knows whether they are still meant.
//!
//! Comments that name a check which is off, or which does not run without rules, are left alone.
//!
//! # Example
//!
//! ```markdown
//! <!-- allow(broken-link): the page is written next week -->
//!
//! See [the etcd runbook](etcd.html), which is there by now.
//! ```
//!
//! # To fix it
//!
//! Delete the comment, or the name of the check in it; write a reason behind a colon if there is
//! none.

use super::{Check, Needs, Run};
use crate::diag::suggest::did_you_mean;
use crate::diag::{Diagnostic, Severity};
use crate::lint;
use crate::source::Span;

/// The comments are looked at when the other checks have run, by [`lint::run`].
pub const CHECK: Check = Check {
    name: "unused-allow",
    severity: Severity::Note,
    needs: Needs::Pages,
    run: Run::Site(|_| Vec::new()),
};

/// A comment that names nothing.
pub fn without_check(comment: &Span) -> Diagnostic {
    let message = "this `allow` names no check";
    let help =
        "name the checks whose findings are all right here, such as `allow(broken-link): why`";
    Diagnostic::new(CHECK.name, comment.clone(), message).with_help(help)
}

/// A comment that gives no reason.
pub fn without_why(comment: &Span) -> Diagnostic {
    let message = "this `allow` says no why, and has no effect without one";
    let help =
        "write the reason behind a colon, such as `allow(broken-link): the page comes next week`";
    Diagnostic::new(CHECK.name, comment.clone(), message).with_help(help)
}

/// A comment that looks like one, and names this check.
pub fn misspelt(comment: &Span, check: &str) -> Diagnostic {
    let message = "this comment allows nothing, since it is written in another way";
    let help =
        format!("write `allow({check}): why`, in small letters, with the reason behind a colon");
    Diagnostic::new(CHECK.name, comment.clone(), message).with_help(help)
}

/// A name that no check has; `None` if one has it.
pub fn unknown(name: &str, place: &Span) -> Option<Diagnostic> {
    if lint::check_named(name).is_some() {
        return None;
    }
    let message = format!("no check is called `{name}`");
    let found = Diagnostic::new(CHECK.name, place.clone(), message);
    let help = did_you_mean(name, lint::names());
    Some(found.with_help(help.unwrap_or_else(|| "`alertbook explain` lists the checks".to_owned())))
}

/// A name of a check that has nothing to say here.
pub fn unused(name: &str, place: &Span) -> Diagnostic {
    let message = format!("`{name}` finds nothing here that would have to be allowed");
    Diagnostic::new(CHECK.name, place.clone(), message)
        .with_label("not needed")
        .with_help("delete it")
}
