//! The tree as JSON, for templates.

use super::{Node, Value, scalar};

impl Node {
    /// The value as JSON. Keys keep their order as far as the map does, the last of duplicate keys
    /// wins, and nothing is lost: a number that JSON would write otherwise (`1.50`, `0x1F`, `010`)
    /// is the text that the author wrote.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(value) => (*value).into(),
            Value::String(_) => self.as_str().into(),
            Value::Number(_) => number(self.as_str().unwrap_or_default()),
            Value::Sequence(items) => items.iter().map(Self::to_json).collect(),
            Value::Mapping(entries) => entries
                .iter()
                .map(|entry| (entry.name().to_owned(), entry.value.to_json()))
                .collect(),
        }
    }
}

fn number(text: &str) -> serde_json::Value {
    let whole = text.parse::<i64>().ok().map(serde_json::Number::from);
    let number = whole
        .or_else(|| text.parse::<u64>().ok().map(serde_json::Number::from))
        .or_else(|| scalar::number(text).and_then(serde_json::Number::from_f64));
    match number {
        Some(number) if number.to_string() == text => number.into(),
        _ => text.into(),
    }
}

#[cfg(test)]
mod tests {
    use crate::source::Source;
    use serde_json::json;

    #[test]
    fn json_keeps_what_the_author_wrote() {
        let source = Source::new(
            "a.md",
            "nav_order: 3\nversion: 1.50\nratio: 2.5\nsince: 2024-01-31\nmode: 010\nbig: 99999999999999999999\n\
             empty:\nyes: true\nnested: [a, {b: -1}]\ninf: .inf\ntwice: 1\ntwice: 2\n",
        );
        let documents = super::super::parse(&source, 0..source.text().len()).unwrap();
        assert_eq!(
            documents[0].to_json(),
            json!({
                "nav_order": 3, "version": "1.50", "ratio": 2.5, "since": "2024-01-31",
                "mode": "010", "big": "99999999999999999999", "empty": null, "yes": true,
                "nested": ["a", {"b": -1}], "inf": ".inf", "twice": 2,
            })
        );
    }
}
