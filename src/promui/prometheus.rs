//! Prometheus' own page.
//!
//! The links are, byte for byte, those that Prometheus writes into its alerts as `generatorURL`
//! (`GraphLinkForExpression` in its `util/strutil/strconv.go`), so that what a page links to and
//! what an alert's `Source:` shows are the same address. Prometheus 2 splits them by hand and takes
//! no raw `=`; Prometheus 3 redirects them to its new page and takes no raw `//`. Go's escaping
//! leaves neither.

use super::number;
use crate::config::Tab;
use crate::source::ByteSet;
use std::borrow::Cow;

/// The address of a query, shown in this tab: `BASE/graph?g0.expr=…&g0.tab=…`.
///
/// ```
/// use alertbook::config::Tab;
/// use alertbook::promui::prometheus::link;
///
/// assert_eq!(
///     link("http://localhost/prometheus/", "up == 0", Tab::Graph),
///     "http://localhost/prometheus/graph?g0.expr=up+%3D%3D+0&g0.tab=0",
/// );
/// ```
pub fn link(base: &str, expression: &str, tab: Tab) -> String {
    let base = base.trim_end_matches('/');
    let mut address = Vec::with_capacity(base.len() + 32 + 3 * expression.len());
    address.extend_from_slice(base.as_bytes());
    address.extend_from_slice(b"/graph?g0.expr=");
    push_query_escaped(&mut address, expression);
    address.extend_from_slice(b"&g0.tab=");
    address.extend_from_slice(number(tab).as_bytes());
    // It is made of whole texts.
    String::from_utf8(address).unwrap_or_default()
}

/// What Go's `url.QueryEscape` makes of each byte, and of how many bytes that is.
static ESCAPED: [([u8; 4], usize); 256] = {
    const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
    const KEPT: ByteSet = ByteSet::alphanumeric().and(b"-_.~");
    let mut escaped = [([b' '; 4], 0); 256];
    let mut at = 0;
    let mut byte: u8 = 0;
    while at < escaped.len() {
        escaped[at] = if KEPT.has(byte) {
            ([byte, 0, 0, 0], 1)
        } else if byte == b' ' {
            ([b'+', 0, 0, 0], 1)
        } else {
            ([b'%', DIGITS[at >> 4], DIGITS[at & 0xF], 0], 3)
        };
        at += 1;
        byte = byte.wrapping_add(1);
    }
    escaped
};

/// Escapes a text as Go's `url.QueryEscape` does: letters, digits and `-_.~` stay, a space becomes
/// `+`, and every other byte `%XX` in upper case.
///
/// Neither JavaScript's `encodeURIComponent` nor the form encoding of browsers gives these bytes.
pub fn go_query_escape(text: &str) -> String {
    let mut escaped = Vec::new();
    push_query_escaped(&mut escaped, text);
    // All of it is ASCII by now.
    String::from_utf8(escaped).unwrap_or_default()
}

fn push_query_escaped(address: &mut Vec<u8>, text: &str) {
    // Four bytes are written for each, as processors do at once: those that are too many are written over.
    let mut end = address.len();
    address.resize(end + 3 * text.len() + 1, 0);
    for byte in text.bytes() {
        let (bytes, length) = ESCAPED[usize::from(byte)];
        if let Some(place) = address[end..].first_chunk_mut() {
            *place = bytes;
        }
        end += length;
    }
    address.truncate(end);
}

/// The expression of the first panel that a link to Prometheus' page shows, such as an alert's
/// `Source:`; none if the address has none, or one that no text was escaped to.
pub fn expr_of_link(url: &str) -> Option<String> {
    let (_, query) = url.split_once('?')?;
    let query = query.split_once('#').map_or(query, |(query, _)| query);
    let value = query
        .split('&')
        .filter_map(|parameter| parameter.split_once('='))
        .find_map(|(name, value)| (unescape(name)? == "g0.expr").then_some(value))?;
    unescape(value).map(Cow::into_owned)
}

/// Reads `+` and `%XX` back; none where a `%` is followed by something else, or where the bytes are
/// no UTF-8.
fn unescape(escaped: &str) -> Option<Cow<'_, str>> {
    if !escaped.contains(['+', '%']) {
        return Some(Cow::Borrowed(escaped));
    }
    let mut bytes = Vec::with_capacity(escaped.len());
    let mut rest = escaped.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high << 4 | low).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escaping_is_that_of_go() {
        for (text, escaped) in [
            ("", ""),
            ("aZ09-_.~", "aZ09-_.~"),
            (
                "a b+c~d-e_f.g*(h)'!{i=\"j\"}/k?l&m=n%ü",
                "a+b%2Bc~d-e_f.g%2A%28h%29%27%21%7Bi%3D%22j%22%7D%2Fk%3Fl%26m%3Dn%25%C3%BC",
            ),
            ("\n\u{0}", "%0A%00"),
            ("sum(rate(x[5m])) by (a:b)", "sum%28rate%28x%5B5m%5D%29%29+by+%28a%3Ab%29"),
        ] {
            assert_eq!(go_query_escape(text), escaped);
        }
    }

    #[test]
    fn links_are_those_of_prometheus() {
        let link = "http://h/prod-dal10/carrier3/prometheus/graph?g0.expr=up+%3E+1&g0.tab=0";
        for base in
            ["http://h/prod-dal10/carrier3/prometheus", "http://h/prod-dal10/carrier3/prometheus/"]
        {
            assert_eq!(super::link(base, "up > 1", Tab::Graph), link);
            let table = link.replace("tab=0", "tab=1");
            assert_eq!(super::link(base, "up > 1", Tab::Table), table);
        }
    }

    #[test]
    fn expressions_are_read_out_of_links() {
        for (url, expression) in [
            ("http://h/graph?g0.expr=up+%3e+1&g0.tab=0", Some("up > 1")),
            ("http://h/graph?g0.tab=1&g0.expr=up#x?g0.expr=y", Some("up")),
            ("/graph?g0%2Eexpr=a%2Bb", Some("a+b")),
            ("http://h/graph?g0.expr=", Some("")),
            ("http://h/graph?g1.expr=up", None),
            ("http://h/graph", None),
            ("http://h/graph?g0.expr=%", None),
            ("http://h/graph?g0.expr=%4", None),
            ("http://h/graph?g0.expr=%+4", None),
            ("http://h/graph?g0.expr=%FF", None),
        ] {
            assert_eq!(expr_of_link(url).as_deref(), expression, "{url}");
        }
    }

    proptest! {
        #[test]
        fn what_is_linked_is_read_back(expression in any::<String>()) {
            let link = link("http://h/p", &expression, Tab::Graph);
            prop_assert!(link.is_ascii());
            prop_assert_eq!(expr_of_link(&link), Some(expression));
        }

        #[test]
        fn any_text_is_taken(url in "\\PC*[?]g0.expr=[%+0-9a-fé]*") {
            if let Some(expression) = expr_of_link(&url) {
                prop_assert!(expr_of_link(&link("", &expression, Tab::Graph)) == Some(expression));
            }
        }
    }
}
