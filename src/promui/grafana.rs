//! Explore, Grafana's page for queries of any data source.
//!
//! Its state is a JSON object of panes in one parameter (`schemaVersion=1`, since Grafana 10).

use serde_json::Value;

/// The address of a query over the last hour, asked of the data source with this UID, or else of
/// Grafana's default one.
///
/// ```
/// use alertbook::promui::grafana::link;
///
/// assert_eq!(
///     link("http://h", "up", None),
///     "http://h/explore?schemaVersion=1&panes=%7B%22A%22%3A%7B%22queries%22%3A%5B%7B%22refId%22%3A%22A%22%2C\
///      %22expr%22%3A%22up%22%7D%5D%2C%22range%22%3A%7B%22from%22%3A%22now-1h%22%2C%22to%22%3A%22now%22%7D%7D%7D\
///      &orgId=1",
/// );
/// ```
pub fn link(base: &str, expression: &str, datasource: Option<&str>) -> String {
    let expression = Value::from(expression);
    let (of_pane, of_query) = match datasource.map(Value::from) {
        Some(uid) => (
            format!("\"datasource\":{uid},"),
            format!("\"datasource\":{{\"type\":\"prometheus\",\"uid\":{uid}}},"),
        ),
        None => (String::new(), String::new()),
    };
    let panes = format!(
        "{{\"A\":{{{of_pane}\"queries\":[{{\"refId\":\"A\",{of_query}\"expr\":{expression}}}],\
         \"range\":{{\"from\":\"now-1h\",\"to\":\"now\"}}}}}}"
    );
    format!("{base}/explore?schemaVersion=1&panes={}&orgId=1", encode_component(&panes))
}

/// Escapes a text as JavaScript's `encodeURIComponent` does.
fn encode_component(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len() * 2);
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                escaped.push(char::from(byte));
            }
            _ => escaped += &format!("%{byte:02X}"),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::address::percent_decode;
    use proptest::prelude::*;

    #[test]
    fn the_panes_are_those_of_explore() {
        let link = link("https://g.example/grafana", "sum(rate(x{a=\"b\"}[5m]))", Some("P1"));
        let panes = link
            .strip_prefix("https://g.example/grafana/explore?schemaVersion=1&panes=")
            .and_then(|rest| rest.strip_suffix("&orgId=1"));
        assert_eq!(
            percent_decode(panes.unwrap()),
            "{\"A\":{\"datasource\":\"P1\",\"queries\":[{\"refId\":\"A\",\"datasource\":{\"type\":\
             \"prometheus\",\"uid\":\"P1\"},\"expr\":\"sum(rate(x{a=\\\"b\\\"}[5m]))\"}],\"range\":\
             {\"from\":\"now-1h\",\"to\":\"now\"}}}"
        );
        assert!(link.contains("sum(rate("), "encodeURIComponent leaves brackets: {link}");
    }

    proptest! {
        #[test]
        fn any_expression_is_read_back(expression in any::<String>(), uid in any::<String>()) {
            let link = link("http://h", &expression, Some(&uid));
            prop_assert!(link.is_ascii());
            let (_, panes) = link.split_once("panes=").unwrap();
            let (panes, _) = panes.rsplit_once("&orgId=1").unwrap();
            let panes: Value = serde_json::from_str(&percent_decode(panes)).unwrap();
            prop_assert_eq!(panes["A"]["queries"][0]["expr"].as_str(), Some(&*expression));
            prop_assert_eq!(panes["A"]["datasource"].as_str(), Some(&*uid));
        }
    }
}
