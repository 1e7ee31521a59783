//! Which places of a text are within fences of code. Templates of other programs stand there, which
//! look like Liquid.

/// Goes through a text once, for places in order.
#[derive(Debug)]
pub(super) struct Fences {
    /// Where the next line begins.
    at: usize,
    /// The mark of the fence that is open, and how many of it.
    open: Option<(char, usize)>,
}

impl Fences {
    /// From a byte of a text on.
    pub fn new(at: usize) -> Self {
        Self { at, open: None }
    }

    /// Whether a place, which is none before the last one that was asked for, is within a fence.
    pub fn holds(&mut self, text: &str, place: usize) -> bool {
        while let Some(rest) = text.get(self.at..).filter(|rest| !rest.is_empty()) {
            let line = rest.split_inclusive('\n').next().unwrap_or(rest);
            if self.at + line.len() > place {
                break;
            }
            self.at += line.len();
            self.line(line.trim_matches([' ', '\t', '>', '\n', '\r']));
        }
        self.open.is_some()
    }

    fn line(&mut self, line: &str) {
        let Some(mark) = line.chars().next().filter(|mark| matches!(mark, '`' | '~')) else {
            return;
        };
        let behind = line.trim_start_matches(mark);
        let count = line.len() - behind.len();
        match self.open {
            None if count >= 3 && !behind.contains('`') => self.open = Some((mark, count)),
            Some((open, least)) if open == mark && count >= least && behind.is_empty() => {
                self.open = None;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_fences_are_told_from_those_in_text() {
        let text = "a\n```\nb\n~~~\nc\n```\nd\n- ~~~~ x\n> ~~~~\ne\n~~~~~\nf";
        let mut fences = Fences::new(0);
        let held: String = "abcdef"
            .chars()
            .filter(|name| fences.holds(text, text.find(*name).unwrap_or_default()))
            .collect();
        assert_eq!(held, "bce");
    }
}
