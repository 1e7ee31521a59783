//! When files of the site were changed last, as its repository knows it.

use super::Date;
use std::collections::HashMap;

/// The last change of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LastChange {
    /// When it was committed.
    pub day: Date,
    /// Who wrote it.
    pub author: String,
}

/// The last change of each file that has one, by its path relative to the site.
pub type LastChanges = HashMap<String, LastChange>;
