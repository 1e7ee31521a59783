//! Reading takes no longer than the length of a text allows, whatever the text.

#[path = "support/site.rs"]
mod site;

use alertbook::diag::text::{self, Style};
use alertbook::markdown;
use alertbook::source::Source;
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::time::TimeValLike;
use site::Site;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How much processor time something takes: what else a machine does meanwhile does not count, and of
/// the tests in this file one is measured at a time.
fn processor_time(of: impl FnOnce()) -> Duration {
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
    let used = || {
        let usage = getrusage(UsageWho::RUSAGE_SELF).expect("the usage of this process");
        (usage.user_time() + usage.system_time()).num_microseconds().unsigned_abs()
    };
    let before = used();
    of();
    Duration::from_micros(used() - before)
}

/// Texts of nothing but marks. What reads one of them quadratically takes minutes.
#[test]
fn no_text_takes_longer_than_its_length_allows() {
    const LENGTH: usize = 100_000;
    const LONGEST: Duration = Duration::from_secs(10);
    let one_line = [
        "*a ",
        "**a ",
        "_a ",
        "*a _b ",
        "[",
        "![",
        "[a](",
        "[a](b \"",
        "[a] [",
        "`a ",
        "`` a ",
        "<a ",
        "<b>",
        "<a b=\"",
        "<pod ",
        "<b markdown=\"span\">",
        "<p markdown=\"1\">a</p>",
        "<div><p markdown=\"1\">a</p>",
        "</b>",
        "<!-- ",
        "~~a ",
        "{: .a}",
        "a{: .x} ",
        "a{: ",
        "{: `",
        "{:",
        "{::comment}",
        "&a",
        "\\",
        "\"a ",
        "'\"",
        "https://a ",
        "http://",
        "http://a",
        "a: x{b} ",
        "|a",
        "|`a",
        "a\\|",
        "[^a]",
        "--",
        "<<",
        "x{",
    ];
    let many_lines = [
        "*a\n",
        "[a\n",
        "`a\n",
        "<b>\n",
        "> a\n",
        "- a\n",
        "1. a\n",
        "  - a\n",
        "- - a\n",
        "    a\n",
        "```a\n",
        "```bash\n",
        "```bash\n\n```\n",
        "~~~\n",
        "~~~a b\n",
        "```a b\n```\n",
        "````` a b\n",
        "|a\n",
        "|a|\n|--\n",
        "| a\nb\n",
        "<p>\n",
        "<div>\n\n",
        "</p>\n",
        "<!--\n",
        "<pod>\n",
        "<div markdown=\"1\">\n",
        "<div markdown=\"1\">a</div>\n",
        "<div><p markdown=\"1\">a\n</p></div>\n",
        "<div><p markdown=\"block\">\na</p>\n",
        "{: .a}\n\n",
        "{::comment}\n",
        "[^a]: b\n",
        "[a]: b\n",
        "[a]: b\n\"c\n",
        "*[a]: b\n",
        "a\n: b\n",
        "# a\n",
        "a\n=\n\n",
        "- a\n```\n",
        "- a\n\n      ```\n",
        "      ```\n",
        "^\n",
        "a  \n",
    ];
    for part in one_line.iter().chain(&many_lines) {
        let text = part.repeat(LENGTH / part.len());
        let source = Source::new("a.md", text);
        let took = processor_time(|| {
            markdown::parse(&source, 0, &|_, _| markdown::Kept::default());
        });
        assert!(took < LONGEST, "{part:?} took {took:?}");
    }
}

/// The same for all of `check`, of texts that are more than marks: commands, queries, numbers.
#[test]
fn no_text_takes_longer_to_check_than_its_length_allows() {
    const LENGTH: usize = 100_000;
    const LONGEST: Duration = Duration::from_secs(60);
    let prose = [
        "more than 3 times in the past 5 hours kubectl get pods {a=\"b\"} <x> ",
        "x: (",
        "[[a",
        "<cluster id> ",
        "foo{a=\"b\"} ",
        "a{: .x} ",
        "{: .x}",
    ];
    let shell = [
        "echo \"$(echo ",
        "(",
        "( ",
        "$((",
        "${a:-",
        "a=(\"$(",
        "<a ",
        "<(",
        "# a\n",
        "fi\n",
        "if a\n",
        "kubectl get pods (\n",
    ];
    let promql = [
        "sum(\n\n",
        "x{...} ",
        "*a* ",
        "[(",
        "x[5m + ",
        "x offset (",
        "up == 0\nx{a=b}\n",
        "a smoothed ",
    ];
    let fence = |language: &str, part: &str| {
        format!("```{language}\n{}\n```\n", part.repeat(LENGTH / part.len()))
    };
    let texts = prose.iter().map(|part| part.repeat(LENGTH / part.len()));
    let texts = texts.chain(shell.iter().map(|part| fence("bash", part)));
    let texts = texts.chain(promql.iter().map(|part| fence("promql", part)));
    for text in texts {
        let page = format!("---\ntitle: A\n---\n\n{text}\n");
        let site = Site::new(&[("alertbook.yaml", "title: Long\n"), ("content/a.md", &page)]);
        let took = processor_time(|| {
            text::render(&site.check().report, Style::default());
        });
        let start_of_text: String = text.chars().take(40).collect();
        assert!(took < LONGEST, "{start_of_text:?} took {took:?}");
    }
}

/// The same of descriptions of an alert, of nothing but numbers and times that the rule may have.
#[test]
fn no_description_takes_longer_to_compare_than_its_length_allows() {
    const LENGTH: usize = 300_000;
    const LONGEST: Duration = Duration::from_secs(30);
    const RULE: &str = "groups:\n  - name: a\n    rules:\n      - alert: DiskFull\n        \
                        expr: changes(disk_failures[1h]) > 5\n        for: 7m\n";
    for part in [
        "for 10 minutes ",
        "more than 5 times in the past 5 hours ",
        "in the past 2 days it failed. ",
        "It fires when 2 of 3 disks are down. ",
        "50% more than 2 days ago ",
        "if more than 3 disks fail (5 by default), which is over 5% of all for 2 days, ",
    ] {
        let text = part.repeat(LENGTH / part.len());
        let page = format!("---\ntitle: DiskFull\n---\n\n# DiskFull\n\n{text}\n");
        let site = Site::new(&[
            ("alertbook.yaml", "title: Long\nrules: [\"rules/*.yaml\"]\n"),
            ("rules/a.yaml", RULE),
            ("content/DiskFull.md", &page),
        ]);
        let took = processor_time(|| {
            site.check();
        });
        assert!(took < LONGEST, "{part:?} took {took:?}");
    }
}
