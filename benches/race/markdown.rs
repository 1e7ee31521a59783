//! Generated pages in the Markdown that every generator reads.

use crate::generator::{Page, Shape};

/// A page for a generator that knows neither kramdown's ways nor a runbook's.
pub struct Plain {
    pub title: String,
    pub description: String,
    /// Its text below the front matter.
    pub text: String,
    /// The names of its alerts.
    pub alerts: Vec<String>,
}

/// The pages of a site, in order, each with its number.
pub fn pages(shape: Shape, pages: usize) -> impl Iterator<Item = Page> {
    (0..pages).map(move |number| Page { shape, number, pages })
}

impl Plain {
    /// A page, with the addresses of other pages as `address` writes them: it is given the page's
    /// name without an ending.
    pub fn of(page: Page, address: impl Fn(&str) -> String) -> Self {
        let text = page.text();
        let (front_matter, body) = text
            .strip_prefix("---\n")
            .and_then(|text| text.split_once("\n---\n"))
            .expect("each page has front matter");
        let field = |name: &str| {
            let line = front_matter.lines().find_map(|line| line.strip_prefix(name));
            line.unwrap_or_default().trim_matches([':', ' ', '"']).to_owned()
        };
        let mut text = String::with_capacity(body.len());
        let mut is_in_fence = false;
        for line in body.lines() {
            if line.starts_with("{:") {
                continue;
            }
            text.push_str(&match line {
                "|--" => "|---|---|---|".to_owned(),
                // alertbook sees that it is a query.
                "```" if !is_in_fence => "```promql".to_owned(),
                line => with_addresses(line, &address),
            });
            text.push('\n');
            is_in_fence ^= line.trim_start().starts_with("```");
        }
        let alerts = page.alert_names().collect();
        Self { title: field("title"), description: field("description"), text, alerts }
    }
}

/// A line with the addresses of other pages (`./NAME.html`) as `address` writes them.
fn with_addresses(line: &str, address: impl Fn(&str) -> String) -> String {
    let mut pieces = line.split("](./");
    let mut written = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once(".html").expect("a page has an address in HTML");
        written.push_str("](");
        written.push_str(&address(name));
        written.push_str(rest);
    }
    written
}
