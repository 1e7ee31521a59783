//! The variables that the commands of a section set: `export NAMESPACE="$(…)"`, and a step further down
//! `kubectl -n $NAMESPACE get pods`. Who follows the steps has them, so nobody asks for them.

use crate::lang::placeholder::CodeText;
use crate::render::placeholders::Hole;

/// The variables that are set where a page is read now.
#[derive(Debug, Default)]
pub(super) struct Variables {
    /// Each with the level of the heading that it is set below.
    set: Vec<(String, u8)>,
    level: u8,
}

impl Variables {
    /// A heading ends the sections of its level and of those below it.
    pub(super) fn begin_section(&mut self, level: u8) {
        self.set.retain(|(_, of)| *of < level);
        self.level = level;
    }

    /// Leaves out the holes of a command that an earlier one fills, and takes note of what it sets.
    pub(super) fn run(&mut self, code_text: &CodeText<'_>, holes: &mut Vec<Hole>) {
        let text = code_text.text();
        if !self.set.is_empty() {
            holes.retain(|hole| {
                let name = text[hole.range.clone()].strip_prefix('$').unwrap_or_default();
                let name = name.trim_start_matches('{').trim_end_matches('}');
                !self.set.iter().any(|(set, _)| set == name)
            });
        }
        // A sentence's `namespace=web` speaks of a label.
        let is_label =
            !text.contains(char::is_whitespace) && text.starts_with(|c: char| c.is_lowercase());
        if !is_label && (text.contains('=') || text.contains("read")) {
            self.set.extend(code_text.names_set().map(|name| (name.to_owned(), self.level)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lang::placeholder::Code;
    use crate::render::placeholders::Placeholders;
    use crate::source::Source;

    #[test]
    fn what_a_command_of_the_section_sets_is_not_asked_for() {
        let config = crate::config::parse(&Source::new("alertbook.yaml", "title: T\n")).unwrap();
        let known = Placeholders::new(&config);
        let mut variables = Variables::default();
        let mut keys = |text: &str, level: Option<u8>| {
            level.inspect(|level| variables.begin_section(*level));
            let code_text = CodeText::new(text);
            let mut holes = known.of_code(&code_text, Code::Shell);
            variables.run(&code_text, &mut holes);
            holes.into_iter().map(|hole| hole.key).collect::<Vec<_>>()
        };
        assert_eq!(keys("export NS=\"$(kubectl get ns | head -1)\"", Some(2)), [""; 0]);
        assert_eq!(keys("kubectl -n $NS delete pod $POD <pod>", None), ["pod", "pod"]);
        assert_eq!(keys("kubectl -n ${NS} get pods", Some(3)), [""; 0]);
        assert_eq!(keys("POD=<pod>", None), ["pod"]);
        assert_eq!(keys("kubectl get $POD -n $NS -l a=NS", None), [""; 0]);
        assert_eq!(keys("kubectl -n $NS get $POD", Some(3)), ["pod"]);
        assert_eq!(keys("kubectl -n $NS get pods", Some(2)), ["ns"]);
        assert_eq!(keys("namespace=web", None), [""; 0]);
        assert_eq!(keys("kubectl -n $namespace get pods", None), ["namespace"]);
    }
}
