//! The card of an alert's rules as HTML.
//!
//! Most alerts have one rule, and their cards differ by nothing but texts, of which some are not there: so
//! what the built-in template makes of them is kept for each selection of texts.

use super::asked::Asked;
use super::query::ShownQueries;
use super::skeleton::{Piece, Skeleton};
use super::views::{RuleCardView, RuleView};
use super::{Renderer, alerts};
use crate::site::Alert;
use std::collections::BTreeMap;
use std::sync::OnceLock;

const TEMPLATE: &str = "rule.html";

/// About how many bytes the card of a rule has.
pub(super) const SIZE: usize = 4 * 1024;

impl<'s> Renderer<'s> {
    /// Appends the card of an alert's rules, and says whether any rule raises it. The page that documents the
    /// alert may be due for a review.
    pub(super) fn push_card(
        &self,
        html: &mut String,
        alert: (&'s str, &'s Alert),
        review_due: Option<&str>,
        queries: &mut ShownQueries<'s>,
    ) -> Result<bool, String> {
        let is_own = !self.theme.is_built_in(TEMPLATE);
        let labels = is_own.then(|| self.labels());
        let known = (self.site, &self.placeholders);
        let Some(card) = alerts::card(known, labels, alert, review_due, queries) else {
            return Ok(false);
        };
        if let [rule] = &card.rules[..]
            && !is_own
            && rule.change.is_none()
            && card.review_due.is_none()
        {
            self.cards.push(html, self, &card, rule)?;
            return Ok(true);
        }
        let mut context = tera::Context::new();
        context.insert_value("id", card.id.into());
        context.insert_value("alert", card.alert.into());
        if is_own {
            context.insert("rules", &card.rules);
        } else {
            context.insert("rules", &card.rules.iter().map(Asked).collect::<Vec<_>>());
        }
        context.insert_value("review_due", card.review_due.into());
        html.push_str(&filled(self, card.rules.len(), &context)?);
        Ok(true)
    }
}

fn filled(
    renderer: &Renderer<'_>,
    rules: usize,
    context: &tera::Context,
) -> Result<String, String> {
    let html = renderer.filled(SIZE * rules, TEMPLATE, context)?;
    String::from_utf8(html).map_err(|error| error.to_string())
}

/// The texts of a card that may not be there, which the template asks for before it shows them.
const OPTIONAL: [&str; 4] = ["severity", "for", "keep_firing_for", "open_href"];

/// Its other texts: those of the card itself, and those of its rule.
const OF_CARD: [&str; 2] = ["id", "alert"];
const OF_RULE: [&str; 9] =
    ["texts", "query_html", "expr", "open_in", "dashboards", "details", "group", "file", "line"];

/// What the built-in template makes of the card of one rule that has nothing to say of changes and reviews,
/// by which of the optional texts are there, each of them a bit.
#[derive(Default)]
pub(super) struct Cards([OnceLock<Result<Skeleton, String>>; 1 << OPTIONAL.len()]);

impl Cards {
    fn push(
        &self,
        html: &mut String,
        renderer: &Renderer<'_>,
        card: &RuleCardView<'_>,
        rule: &RuleView<'_>,
    ) -> Result<(), String> {
        let text = Option::unwrap_or_default;
        let href = rule.open_href;
        let optional = [rule.severity, rule.for_duration, rule.keep_firing_for, href].map(text);
        // What is empty is as good as not there.
        let bits = optional.iter().enumerate();
        let shape = bits.map(|(bit, text)| usize::from(!text.is_empty()) << bit).sum::<usize>();
        let skeleton = self.0[shape].get_or_init(|| Self::skeleton(renderer, shape));
        let skeleton = skeleton.as_ref().map_err(Clone::clone)?;
        let mut digits = itoa::Buffer::new();
        let [severity, for_duration, keep_firing_for, open_href] = optional.map(Piece::Text);
        let pieces = [
            severity,
            for_duration,
            keep_firing_for,
            open_href,
            Piece::Text(&card.id),
            Piece::Text(card.alert),
            Piece::Html(&rule.texts.0),
            Piece::Html(rule.query_html),
            Piece::Text(rule.expr),
            Piece::Text(text(rule.open_in)),
            Piece::Html(&rule.dashboards.0),
            Piece::Html(&rule.details.0),
            Piece::Text(rule.group),
            Piece::Text(rule.file),
            Piece::Text(digits.format(rule.line)),
        ];
        skeleton.push_with(html, &pieces);
        Ok(())
    }

    fn skeleton(renderer: &Renderer<'_>, shape: usize) -> Result<Skeleton, String> {
        let names = OPTIONAL.iter().chain(&OF_CARD).chain(&OF_RULE).enumerate();
        let is_there = |(bit, _): &(usize, &&str)| OPTIONAL.len() <= *bit || shape >> bit & 1 == 1;
        let holes: BTreeMap<&str, String> =
            names.filter(is_there).map(|(number, name)| (*name, Skeleton::hole(number))).collect();
        let mut context = tera::Context::new();
        for name in OF_CARD {
            context.insert(name, &holes[name]);
        }
        context.insert("rules", &[&holes]);
        context.insert_value("review_due", tera::Value::none());
        filled(renderer, 1, &context).map(|filled| Skeleton::new(&filled))
    }
}
