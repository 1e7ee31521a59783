//! How a value has to be written where a placeholder stands, so that it is a value there and
//! nothing else: neither the end of a string, nor an option, nor a second command.
//!
//! The page fills placeholders in the reader's browser. What it has to know of the language around
//! each is told here, when the page is built: [`Context::name`] is what the mark-up says, and the
//! page's script does the escaping.

use crate::promql::HoleKind;
use std::borrow::Cow;

/// What a placeholder stands in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Context {
    /// A sentence: any value, as it is.
    Text,
    /// A query; what of it, says the kind.
    Promql(HoleKind),
    /// A command, outside of quotes.
    Shell,
    /// A command, in an argument in single quotes that holds nothing but data.
    ShellSingle,
    /// A command, in an argument in double quotes that holds nothing but data.
    ShellDouble,
    /// Code that may be read a second time (by another shell, by awk, as JSON), or whose language
    /// nobody knows: only values that need no quotes anywhere.
    Plain,
    /// A command that another shell reads again: only values that need no quotes there.
    Reread,
    /// A string or a pattern in the program of a command, such as sed's: only a word in which even a
    /// `/` is missing.
    Program,
    /// Such a program outside of those: only letters and digits.
    Word,
    /// The same beside a letter: only digits.
    Digits,
    /// One of several values in an argument of a command, `app=<app>`, which a comma or an `&` would
    /// end; in the quotes that these stand for.
    Item(Quotes),
    /// A line of its own in a text that ends at a line in capitals: only words that are none.
    Line,
    /// A place of a file system, of which `/` is one, for a command that leaves it as it is; in the
    /// quotes that these stand for.
    Place(Quotes),
    /// The same where it is read a second time.
    RereadPlace,
    /// The same as all of a string that a program compares with.
    PlainPlace,
    /// What is killed or deleted, by what it is called: no pattern. In the quotes that these stand for.
    Literal(Quotes),
    /// The path, the query or the fragment of an address.
    Url,
    /// The same, in something that has a language of its own there: only values that need no quotes
    /// anywhere.
    UrlPlain,
    /// A query that is in the query of an address; what of it, says the kind.
    UrlOf(HoleKind),
    /// The host of an address.
    Host,
    /// A place where no value is safe.
    Nowhere,
}

/// What an argument of a command is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Quotes {
    /// Nothing.
    None,
    /// Single quotes.
    Single,
    /// Double quotes.
    Double,
}

impl Context {
    /// What mark-up calls it. `matcher`, `string` and `regex` are of PromQL.
    pub fn name(self) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            Self::Text => "text",
            Self::Promql(HoleKind::InString { quote, regex }) => match (regex, quote) {
                (false, '\'') => "string-single",
                (false, '`') => "string-raw",
                (false, _) => "string",
                (true, '\'') => "regex-single",
                (true, '`') => "regex-raw",
                (true, _) => "regex",
            },
            Self::Promql(HoleKind::Unquoted { regex: false }) => "matcher",
            Self::Promql(HoleKind::Unquoted { regex: true }) => "matcher-regex",
            Self::Promql(HoleKind::Name) => "name",
            Self::Promql(HoleKind::Number) => "number",
            Self::Promql(HoleKind::Duration) => "duration",
            Self::Promql(HoleKind::Operand) => "operand",
            Self::Promql(HoleKind::Comment) => "comment",
            Self::Promql(HoleKind::Fragment) | Self::Nowhere => "nowhere",
            Self::Shell => "shell",
            Self::ShellSingle => "shell-single",
            Self::ShellDouble => "shell-double",
            // In a replacement `$1` would be a part of what was matched.
            Self::Plain | Self::Promql(HoleKind::Replacement) => "plain",
            Self::Program => "program",
            Self::Word => "word",
            Self::Place(Quotes::None) => "shell:place",
            Self::Place(Quotes::Single) => "shell-single:place",
            Self::Place(Quotes::Double) => "shell-double:place",
            Self::RereadPlace => "reread:place",
            Self::PlainPlace => "plain:place",
            Self::Literal(Quotes::None) => "shell:literal",
            Self::Literal(Quotes::Single) => "shell-single:literal",
            Self::Literal(Quotes::Double) => "shell-double:literal",
            Self::Reread => "reread",
            Self::Digits => "digits",
            Self::Item(Quotes::None) => "shell:item",
            Self::Item(Quotes::Single) => "shell-single:item",
            Self::Item(Quotes::Double) => "shell-double:item",
            Self::Line => "line",
            Self::UrlPlain => "url:plain",
            Self::Url => "url",
            Self::UrlOf(kind) => {
                let name = Self::Promql(kind).name();
                return if name == "nowhere" { name } else { format!("url:{name}").into() };
            }
            Self::Host => "host",
        })
    }
}
