//! What of a site is out of date: rules that changed after their documentation, and pages that are
//! due for a review.

use super::history::Overtaken;
use super::{Date, Page, Site};
use crate::yaml::Text;
use std::collections::BTreeMap;

/// How old the parts of a site are, as far as somebody has found out.
#[derive(Debug, Clone, Default)]
pub struct Age {
    /// What day it is.
    pub today: Option<Date>,
    /// The alerts whose rule changed after their documentation, by name, if the site has a history.
    pub overtaken: Option<BTreeMap<String, Overtaken>>,
}

/// Why a page is due for a review.
#[derive(Debug, Clone)]
pub enum ReviewDue {
    /// It was to be reviewed by this day, and was not.
    By(Date, Text),
    /// It was reviewed on this day, more than so many days ago.
    Last(Date, u64, Text),
}

impl Site {
    /// The same site, of which it is known how old its parts are.
    #[must_use]
    pub fn with_age(self, age: Age) -> Self {
        Self { age, ..self }
    }

    /// Whether it is known which rules changed after their documentation.
    pub fn has_history(&self) -> bool {
        self.age.overtaken.is_some()
    }

    /// The alerts whose rule changed after what documents them, and how, by name.
    pub fn all_outdated(&self) -> impl Iterator<Item = (&str, &Overtaken)> {
        let overtaken = self.age.overtaken.iter().flatten();
        overtaken.filter_map(|(alert, _)| Some((alert.as_str(), self.outdated(alert)?)))
    }

    /// How the rule of an alert changed after what documents it, unless the page was reviewed since.
    pub fn outdated(&self, alert: &str) -> Option<&Overtaken> {
        let overtaken = self.age.overtaken.as_ref()?.get(alert)?;
        let known = self.alerts.get(alert)?;
        let page = known.start.as_ref().map(|start| start.page);
        let page = page.or_else(|| Some(self.claims[*known.claims.first()?].page))?;
        let changed = overtaken.changed.commit.as_ref().map(|(_, date)| *date);
        let reviewed = date(&self.pages[page], &self.config.review.last).map(|(date, _)| date);
        let is_reviewed = changed.zip(reviewed).is_some_and(|(changed, date)| date >= changed);
        (!is_reviewed).then_some(overtaken)
    }

    /// Why a page is due for a review, if it is; nobody knows without knowing what day it is.
    pub fn review_due(&self, page: &Page) -> Option<ReviewDue> {
        let (review, today) = (&self.config.review, self.age.today?);
        let last = || date(page, &review.last);
        // Somebody looked at it after that day.
        let is_done = |due: &Date| last().is_some_and(|(last, _)| last >= *due);
        let by = date(page, &review.by).filter(|(due, _)| *due < today && !is_done(due));
        if let Some((due, text)) = by {
            return Some(ReviewDue::By(due, text));
        }
        let days = review.after?;
        let (last, text) = last()?;
        (last.plus(days) < today).then_some(ReviewDue::Last(last, days, text))
    }

    /// What day it is, if somebody has asked.
    pub fn today(&self) -> Option<Date> {
        self.age.today
    }

    /// Whether what an alert's reader starts with may no longer be what happens.
    pub fn is_stale(&self, alert: &str) -> bool {
        let start = self.alerts.get(alert).and_then(|alert| alert.start.as_ref());
        self.outdated(alert).is_some()
            || start.is_some_and(|start| self.review_due(&self.pages[start.page]).is_some())
    }
}

/// The first of these keys that is a day in the front matter of a page.
fn date(page: &Page, keys: &[String]) -> Option<(Date, Text)> {
    let mut texts = keys.iter().filter_map(|key| page.runbook.front_matter.text(key));
    texts.find_map(|text| Some((Date::parse(text.as_str())?, text)))
}
