//! Queries on a page: colours, the link into the carrier's Prometheus, the copy button.

use super::escape::{first_special, push, push_escaped};
use super::placeholders::{self, Hole};
use crate::config::Carrier;
use crate::promql::{self, TokenKind};
use crate::promui;
use rustc_hash::FxHashMap;
use std::borrow::Cow;
use std::ops::Range;

/// Appends a query, its tokens in spans that name their kinds, its holes as placeholders. The text
/// stays the query's, to the byte.
pub fn push_highlighted(html: &mut String, query: &str, holes: &[Hole]) {
    let ranges: Vec<_> = holes.iter().map(|hole| hole.range.clone()).collect();
    let (mut at, mut special) = (0, first_special(query));
    // Few parts have anything that is not written as it is, and where that is is asked but once for each.
    let mut push_escaped = |html: &mut String, range: Range<usize>| {
        let text = &query[range.clone()];
        if range.end <= special {
            html.push_str(text);
            return;
        }
        push_escaped(html, text);
        special = range.end + first_special(&query[range.end..]);
    };
    for token in promql::tokens(query, &ranges) {
        // Most tokens stand right behind another.
        if at < token.range.start {
            push_escaped(html, at..token.range.start);
        }
        let range = token.range.clone();
        match opening_tag(token.kind) {
            None if token.kind == TokenKind::Placeholder => {
                match holes.iter().find(|hole| hole.range == token.range) {
                    Some(hole) => hole.push_element(html, &query[range]),
                    None => push_escaped(html, range),
                }
            }
            Some(tag) => {
                html.push_str(tag);
                push_escaped(html, range);
                html.push_str("</span>");
            }
            None => push_escaped(html, range),
        }
        at = token.range.end;
    }
    push_escaped(html, at..query.len());
}

/// Queries without holes as they are shown, with where they open. A page has those of its cards in its text
/// as well, where it says what raises an alert.
pub struct ShownQueries<'q> {
    /// Where queries open of which nobody says otherwise.
    opens: Opens<'q>,
    queries: FxHashMap<&'q str, ShownQuery>,
}

/// A query without holes as it is shown.
pub struct ShownQuery {
    /// It in colours.
    pub html: String,
    /// Its address in the carrier's Prometheus.
    pub url: Option<String>,
}

impl<'q> ShownQueries<'q> {
    /// None yet, of queries that open there.
    pub fn opening(opens: Opens<'q>) -> Self {
        Self { opens, queries: FxHashMap::default() }
    }

    /// The query UI in which they open.
    pub fn open_in(&self) -> Option<&'static str> {
        self.opens.carrier.map(|carrier| carrier.ui.title())
    }

    /// Keeps a query as it is shown.
    pub fn keep(&mut self, query: &'q str) {
        self.queries.entry(query).or_insert_with(|| {
            let mut html = String::with_capacity(12 * query.len());
            push_highlighted(&mut html, query, &[]);
            ShownQuery { html, url: self.opens.url(query) }
        });
    }

    /// A query that is kept.
    pub fn kept(&self, query: &str) -> Option<&ShownQuery> {
        self.queries.get(query)
    }

    /// Appends a query in colours.
    pub fn push(&self, html: &mut String, query: &str) {
        match self.kept(query) {
            Some(known) => html.push_str(&known.html),
            None => push_highlighted(html, query, &[]),
        }
    }

    /// The address of a query where it opens.
    fn url(&self, query: &str, opens: Opens<'_>) -> Option<Cow<'_, str>> {
        let is_kept_for = |kept: &&ShownQuery| kept.url.is_some() && opens.is_where(self.opens);
        match self.kept(query).filter(is_kept_for) {
            Some(known) => known.url.as_deref().map(Cow::from),
            None => opens.url(query).map(Cow::from),
        }
    }

    /// Appends the tools behind a query in a line of text.
    pub fn push_inline_tools(
        &self,
        html: &mut String,
        query: &str,
        holes: &[Hole],
        opens: Opens<'_>,
    ) {
        self.push_tools(html, "span", query, holes, opens);
    }

    /// Appends the tools below a query in a block.
    pub fn push_block_tools(
        &self,
        html: &mut String,
        query: &str,
        holes: &[Hole],
        opens: Opens<'_>,
    ) {
        self.push_tools(html, "div", query, holes, opens);
    }

    fn push_tools(
        &self,
        html: &mut String,
        element: &str,
        query: &str,
        holes: &[Hole],
        opens: Opens<'_>,
    ) {
        html.reserve(320 + 4 * query.len());
        push(html, &["<", element, " class=\"query-tools\" data-added"]);
        placeholders::push_attribute(html, query, holes);
        html.push('>');
        if let (Some(url), Some(carrier)) = (self.url(query, opens), opens.carrier) {
            let name = carrier.name.as_str();
            html.push_str("<a class=\"promql-open\" data-expr=\"");
            push_escaped(html, query);
            html.push_str("\" href=\"");
            push_escaped(html, &url);
            html.push('"');
            if opens.pinned {
                html.push_str(" data-pinned=\"");
                push_escaped(html, name);
                html.push('"');
            }
            let ui = carrier.ui.title();
            push(html, &[" title=\"Open in ", ui, "\">Open in ", ui, "</a>"]);
            if opens.pinned {
                html.push_str("<span class=\"pinned\">on ");
                push_escaped(html, name);
                html.push_str("</span>");
            }
            html.push_str("<button type=\"button\" class=\"run\" hidden>Run</button>");
        }
        html.push_str("<button type=\"button\" class=\"copy\"");
        if opens.carrier.is_none() {
            // Where there is no link to read it from, the button itself knows the query.
            html.push_str(" data-text=\"");
            push_escaped(html, query);
            html.push('"');
        }
        push(html, &[" hidden>Copy</button></", element, ">"]);
    }
}

/// What begins the element of a token, whose class is its kind.
fn opening_tag(kind: TokenKind) -> Option<&'static str> {
    Some(match kind {
        TokenKind::Metric => "<span class=\"q-metric\">",
        TokenKind::Function => "<span class=\"q-function\">",
        TokenKind::Aggregation => "<span class=\"q-aggregation\">",
        TokenKind::Keyword => "<span class=\"q-keyword\">",
        TokenKind::Label => "<span class=\"q-label\">",
        TokenKind::String => "<span class=\"q-string\">",
        TokenKind::Number => "<span class=\"q-number\">",
        TokenKind::Duration => "<span class=\"q-duration\">",
        TokenKind::Operator => "<span class=\"q-operator\">",
        TokenKind::Bracket => "<span class=\"q-bracket\">",
        TokenKind::Comment => "<span class=\"q-comment\">",
        TokenKind::Placeholder | TokenKind::Separator | TokenKind::Other => return None,
    })
}

/// Where a query opens: in which carrier's Prometheus, and whether its author said so.
#[derive(Debug, Clone, Copy)]
pub struct Opens<'c> {
    /// The carrier; without one there is no link.
    pub carrier: Option<&'c Carrier>,
    /// Whether the reader's choice of a carrier leaves the query alone.
    pub pinned: bool,
}

impl Opens<'_> {
    /// The address of the query in the carrier's Prometheus.
    pub fn url(&self, query: &str) -> Option<String> {
        self.carrier.map(|carrier| promui::link(carrier, query))
    }

    /// Whether a query that opens here opens there as well, whoever said so.
    fn is_where(&self, other: Opens<'_>) -> bool {
        let place = |opens: &Opens<'_>| opens.carrier.map(std::ptr::from_ref);
        place(self) == place(&other)
    }
}

/// The button behind a command in a line of text, or in a session.
pub const INLINE_COPY: &str = "<span class=\"query-tools\" data-added>\
    <button type=\"button\" class=\"copy\" hidden>Copy</button></span>";

/// The button below a block of code.
pub const BLOCK_COPY: &str = "<div class=\"query-tools\" data-added>\
    <button type=\"button\" class=\"copy\" hidden>Copy</button></div>";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config;
    use crate::source::Source;

    #[test]
    fn a_query_that_is_kept_opens_where_it_is_asked_to() {
        let text = "title: T\ncarriers:\n  url: https://p.example/{carrier}\n  default: a\n  names: [a, b]\n";
        let config = config::parse(&Source::new("alertbook.yaml", text)).unwrap();
        let opens = |name: &str, pinned| Opens { carrier: config.carrier(name), pinned };
        let mut queries = ShownQueries::opening(opens("a", false));
        queries.keep("up");
        let at = |opens| queries.url("up", opens).map(Cow::into_owned);
        let address =
            |carrier: &str| Some(format!("https://p.example/{carrier}/graph?g0.expr=up&g0.tab=0"));
        assert_eq!(at(opens("a", false)), address("a"));
        assert_eq!(at(opens("a", true)), address("a"));
        assert_eq!(at(opens("b", true)), address("b"));
        assert_eq!(at(Opens { carrier: None, pinned: true }), None);
    }
}
