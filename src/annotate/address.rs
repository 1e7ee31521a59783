//! Addresses of runbooks in rules: text with holes that Prometheus fills.

use crate::config::RunbookLinks;
use crate::rules::template::{MASK, masked};
use crate::site::address::{encode_fragment, encode_path};
use crate::site::{Destination, Resolved, Site, Start};

/// An address within the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The path below the base address, as it is written in URLs.
    pub path: String,
    /// The parameters behind `?`, as they are written.
    pub parameters: Vec<String>,
    /// The fragment, as it is written.
    pub fragment: Option<String>,
}

/// What an address is worth that a rule has.
#[derive(Debug, PartialEq, Eq)]
pub enum Standing {
    /// It leads to the runbook.
    Right(Address),
    /// It leads nowhere, or to the runbook of something else, or it is no address.
    Wrong,
    /// It leads out of the site.
    External,
}

impl Address {
    /// The whole address; the base address has no slash at its end.
    pub fn written(&self, base_url: &str) -> String {
        let mut text = format!("{base_url}/{}", self.path);
        for (index, parameter) in self.parameters.iter().enumerate() {
            text.push(if index == 0 { '?' } else { '&' });
            text.push_str(parameter);
        }
        if let Some(fragment) = &self.fragment {
            text.push('#');
            text.push_str(fragment);
        }
        text
    }

    /// Takes the part of an address behind the base apart. What a template fills in is passed over.
    fn parse(text: &str) -> Self {
        let masked = masked(text);
        let (before, fragment) = match masked.find('#') {
            Some(at) => (&text[..at], Some(text[at + 1..].to_owned())),
            None => (text, None),
        };
        let (path, query) = match masked[..before.len()].find('?') {
            Some(at) => (&before[..at], &before[at + 1..]),
            None => (before, ""),
        };
        let start = before.len() - query.len();
        let mut parameters = Vec::new();
        let mut from = start;
        for (at, _) in masked[start..before.len()].match_indices('&') {
            parameters.push(text[from..start + at].to_owned());
            from = start + at + 1;
        }
        parameters.push(text[from..before.len()].to_owned());
        parameters.retain(|parameter| !parameter.is_empty());
        Self { path: path.trim_start_matches('/').to_owned(), parameters, fragment }
    }
}

/// The address by which an alert's runbook is reached, in the form that the site prefers.
pub fn new(site: &Site, alert: &str, start: &Start) -> Address {
    match site.config.runbook_links {
        RunbookLinks::Alerts => {
            let page = site.alert_page(alert);
            let page = encode_path(&page);
            let path = page.strip_suffix("index.html").unwrap_or(&page).to_owned();
            Address { path, parameters: Vec::new(), fragment: None }
        }
        RunbookLinks::Sections => Address {
            path: encode_path(&site.pages[start.page].path).into_owned(),
            parameters: Vec::new(),
            fragment: start.fragment.as_deref().map(|it| encode_fragment(it).into_owned()),
        },
    }
}

/// What the address of an alert's rule is worth.
pub fn standing(site: &Site, alert: &str, text: &str) -> Standing {
    let text = text.trim();
    if !text.contains("://") {
        return Standing::Wrong;
    }
    let masked = masked(text);
    let Some(inside) = site.internal_part(&masked) else {
        // `TBD`, a path, a host that a template fills: nobody can be sent there from a pager.
        let host = masked.split("://").nth(1).and_then(|rest| rest.split('/').next());
        let is_known = host.is_some_and(|host| !host.is_empty() && !host.contains(MASK));
        return if is_known { Standing::External } else { Standing::Wrong };
    };
    let address = Address::parse(&text[text.len() - inside.len()..]);
    if address.path.contains("{{") {
        return Standing::Wrong;
    }
    let Resolved::Internal { destination, fragment, .. } = site.resolve("", &masked) else {
        return Standing::Wrong;
    };
    let is_landing = fragment
        .as_deref()
        .is_none_or(|it| it.contains(MASK) || site.has_anchor(destination, it) != Some(false));
    let fragment = fragment.filter(|it| !it.is_empty() && !it.contains(MASK));
    if is_landing && documents(site, destination, alert, fragment.as_deref()) {
        Standing::Right(address)
    } else {
        Standing::Wrong
    }
}

/// Whether what stands there is the runbook of an alert, and not the section of another one.
fn documents(site: &Site, destination: &Destination, alert: &str, fragment: Option<&str>) -> bool {
    if let Destination::Alert(name) = destination {
        return name == alert;
    }
    let Some(known) = site.alerts.get(alert) else { return false };
    let claims = known.claims.iter().map(|claim| site.claims[*claim].page);
    let mentions = known.mentions.iter().map(|named| named.page);
    let documenting: Vec<usize> =
        if known.claims.is_empty() { mentions.collect() } else { claims.collect() };
    let page = site.landing_pages(destination).iter().find(|page| documenting.contains(page));
    page.is_some_and(|page| {
        fragment.is_none_or(|fragment| site.start_of_another(alert, *page, fragment).is_none())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_taken_apart_and_put_together() {
        for text in [
            "a/b.html",
            "a.html?x={{ $labels.x | urlquery }}&y=1#s",
            "a.html#s?t",
            "a.html?x={{ printf \"}}&#\" }}&y=1#s",
            "a.html?x={{ if eq $labels.a \"?&#\" }}1{{ end }}&{{ $y }}",
            "",
        ] {
            assert_eq!(Address::parse(text).written("http://b"), format!("http://b/{text}"));
        }
        let address = Address::parse("/a?x=1&&y={{ \"&\" }}#z");
        assert_eq!(address.parameters, ["x=1", "y={{ \"&\" }}"]);
        assert_eq!((address.path.as_str(), address.fragment.as_deref()), ("a", Some("z")));
        let address = Address::parse("a?x={{ printf \"}}&#\" }}#z");
        assert_eq!((address.parameters.len(), address.fragment.as_deref()), (1, Some("z")));
    }
}
