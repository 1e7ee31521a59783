//! What the theme's own templates ask for of a view.
//!
//! Templates of a site may ask for all that the manual says they have. The built-in ones ask for less,
//! and, before they show something that may not be there, whether it is: so where all templates are
//! built in, what nobody asks for is not made, and what is not there needs no field. The engine goes
//! through the fields of a value one by one, as long as they are few.

use super::views::{AlertView, RuleView};
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A view without what only templates of a site's own may ask for.
pub(super) struct Asked<'v, V>(pub &'v V);

/// Adds a field that is there.
fn put<S: SerializeStruct>(
    fields: &mut S,
    name: &'static str,
    value: Option<&(impl Serialize + ?Sized)>,
) -> Result<(), S::Error> {
    value.map_or(Ok(()), |value| fields.serialize_field(name, value))
}

impl Serialize for Asked<'_, RuleView<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let rule = self.0;
        let mut fields = serializer.serialize_struct("RuleView", 14)?;
        put(&mut fields, "severity", rule.severity)?;
        put(&mut fields, "for", rule.for_duration)?;
        put(&mut fields, "keep_firing_for", rule.keep_firing_for)?;
        put(&mut fields, "change", rule.change.as_ref())?;
        fields.serialize_field("texts", &rule.texts)?;
        fields.serialize_field("query_html", &rule.query_html)?;
        put(&mut fields, "open_href", rule.open_href)?;
        fields.serialize_field("expr", rule.expr)?;
        put(&mut fields, "open_in", rule.open_in)?;
        fields.serialize_field("dashboards", &rule.dashboards)?;
        fields.serialize_field("details", &rule.details)?;
        fields.serialize_field("group", rule.group)?;
        fields.serialize_field("file", rule.file)?;
        fields.serialize_field("line", &rule.line)?;
        fields.end()
    }
}

impl Serialize for Asked<'_, AlertView<'_>> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let alert = self.0;
        let mut fields = serializer.serialize_struct("AlertView", 7)?;
        fields.serialize_field("href", &alert.href)?;
        fields.serialize_field("alert", alert.alert)?;
        fields.serialize_field("rules", &alert.rules)?;
        put(&mut fields, "severity", alert.severity)?;
        put(&mut fields, "service", alert.service)?;
        put(&mut fields, "runbook", alert.runbook.as_ref())?;
        fields.serialize_field("is_stale", &alert.is_stale)?;
        fields.end()
    }
}
