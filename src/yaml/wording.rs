//! What is wrong with a file that is no YAML, in words for its author.

use serde_yaml::granit_parser::ErrorKind;

/// A sentence for a syntax error: no full stop, lower case first. `before` is what stands before
/// the place on its line.
pub(super) fn describe(kind: &ErrorKind, before: &str) -> String {
    use ErrorKind as Kind;
    let words = match kind {
        Kind::UnclosedQuotedScalar => "this quote is never closed",
        Kind::InvalidTrailingSingleQuotedScalar | Kind::InvalidTrailingDoubleQuotedScalar => {
            "nothing may follow the closing quote; quote the whole value, or none of it"
        }
        Kind::UnknownQuotedScalarEscape => {
            "unknown escape in a double-quoted text; write `\\\\` for a backslash, or use single quotes"
        }
        Kind::InvalidQuotedScalarHexEscape
        | Kind::InvalidLowSurrogateHexEscape
        | Kind::InvalidLowSurrogate
        | Kind::MissingLowSurrogate
        | Kind::UnpairedLowSurrogate
        | Kind::InvalidUnicodeEscape => "an escape in this text stands for no character",
        Kind::DocumentIndicatorInQuotedScalar => "a quoted text runs into the end of its document",
        Kind::MismatchedFlowCollectionEnd { open, close } => {
            return format!("this `{open}` is closed by `{close}`");
        }
        Kind::UnclosedFlowCollection { open } => return format!("this `{open}` is never closed"),
        Kind::MisplacedFlowCollectionEnd => "a bracket is closed that was never opened",
        Kind::UnexpectedEofFlowSequence | Kind::ExpectedFlowSequenceSeparator => {
            "a list in `[…]` needs `,` between its values and `]` at its end"
        }
        Kind::UnexpectedEofFlowMapping
        | Kind::UnexpectedEofImplicitFlowMapping
        | Kind::ExpectedFlowMappingSeparator
        | Kind::InvalidColonPlacement
        | Kind::FlowMappingValueAdjacentCollection
        | Kind::BlockEntryInFlowCollection => {
            "a value that begins with `{` or `[` goes on to its closing bracket, with `,` in between; \
             quote it if it is a text"
        }
        Kind::MappingValueNotAllowed | Kind::MappingKeyNotAllowed => {
            "a `:` can't stand here; quote the value if it contains one, or check the indentation"
        }
        Kind::UnexpectedCharacter { character: '`' } => {
            "a value can't begin with a backtick; put it in quotes"
        }
        Kind::UnexpectedCharacter { character } => {
            return format!("a value can't begin with `{character}`; put it in quotes");
        }
        Kind::PlainScalarStartsWithDashFlowIndicator => {
            "a text can't begin like this; put it in quotes"
        }
        _ if is_about_tabs(kind) => "a tab can't indent YAML; use spaces",
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::BlockSequenceEntryNotAllowed
            if before.ends_with([']', '}']) =>
        {
            "nothing may follow the closing bracket; quote the whole value if it is a text"
        }
        Kind::BlockSequenceEntryNotAllowed if before.ends_with(':') => {
            "a list begins on the line below its key; quote the value if it is a text"
        }
        Kind::ExpectedBlockMappingKey
        | Kind::ExpectedBlockSequenceEntry
        | Kind::InvalidIndentation
        | Kind::InvalidBlockScalarIndent
        | Kind::InvalidQuotedScalarIndent
        | Kind::InvalidFlowScalarIndent
        | Kind::BlockSequenceEntryNotAllowed
        | Kind::UnexpectedEofBlockMapping
        | Kind::UnexpectedEofBlockSequence => {
            "this is indented unlike the lines that it belongs to"
        }
        Kind::SimpleKeyExpected | Kind::InvalidSimpleKey => "a `key: value` was expected here",
        Kind::InvalidMappingValueWhitespace | Kind::InvalidBlockEntryWhitespace => {
            "a space is missing after the `:` or the `-`"
        }
        Kind::CommentInterceptedScalar => "a comment can't stand inside of a text",
        Kind::CommentNotSeparated => "a space is missing before the `#` of a comment",
        Kind::InvalidBlockScalarHeader | Kind::ZeroBlockScalarIndent => {
            "after `|` or `>`, the text begins on the next line"
        }
        Kind::UnknownAnchor => "no anchor of this name stands above",
        Kind::MissingAnchorOrAliasName => {
            "a value can't begin with `*` or `&` alone; put it in quotes"
        }
        Kind::RecursionLimitExceeded => TOO_DEEP,
        Kind::InvalidDocumentEnd => "only a comment may follow the end of a document",
        Kind::UndeclaredTagHandle
        | Kind::ExpectedTagBang
        | Kind::InvalidGlobalTagCharacter
        | Kind::InvalidTagTerminator
        | Kind::InvalidTagEscape => "a value can't begin with `!` like this; put it in quotes",
        _ => "this is no valid YAML",
    };
    words.to_owned()
}

/// The words for more nesting than is read.
pub(super) const TOO_DEEP: &str = "this is nested too deeply";

/// Whether an error is that of a tab.
pub(super) fn is_about_tabs(kind: &ErrorKind) -> bool {
    use ErrorKind as Kind;
    matches!(
        kind,
        Kind::TabNotAllowed
            | Kind::TabInBlockIndentation
            | Kind::TabAtBlockScalarStart
            | Kind::TabInIndentation
            | Kind::TabInPlainScalar
    )
}
