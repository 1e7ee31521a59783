//! How findings about carriers name what they are about.

use crate::diag::wording::joined;
use crate::rules::Rule;
use crate::site::Site;

/// How many names a message lists.
const MOST_NAMED: usize = 4;

/// A rule as messages call it.
pub fn rule(rule: &Rule) -> String {
    let kind = if rule.alert_name().is_some() { "alert" } else { "recording rule" };
    format!("the {kind} `{}`", rule.name())
}

/// Carriers, given as indexes, as messages call them.
pub fn carriers(site: &Site, indexes: &[usize]) -> String {
    let all = site.config.all_carriers();
    let names = indexes.iter().filter_map(|index| all.get(*index));
    let names: Vec<&str> = names.map(|carrier| carrier.name.as_str()).collect();
    let plural = if names.len() == 1 { "" } else { "s" };
    format!("the carrier{plural} {}", listed(&names))
}

/// Names as a person lists them, the first few of many: `a`, `b` and 3 others.
pub fn listed(names: &[&str]) -> String {
    let shown = if names.len() > MOST_NAMED + 1 { MOST_NAMED } else { names.len() };
    let (first, others) = names.split_at(shown);
    let mut parts: Vec<String> = first.iter().map(|name| format!("`{name}`")).collect();
    if !others.is_empty() {
        parts.push(format!("{} others", others.len()));
    }
    joined(&parts)
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn a_few_names_are_listed() {
        assert_eq!(listed(&["a"]), "`a`");
        assert_eq!(listed(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(listed(&["a"; 5]), "`a`, `a`, `a`, `a` and `a`");
        assert_eq!(listed(&["a"; 6]), "`a`, `a`, `a`, `a` and 2 others");
    }
}
