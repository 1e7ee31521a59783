use super::*;
use crate::markdown::BlockKind;
use crate::source::Source;

fn cell(written: &str, certainty: Certainty) -> Vec<(String, String, KnownBy)> {
    let text = format!("| A | B |\n|--\n| {written} | x |\n");
    let source = Source::new("a.md", text.as_str());
    let document = crate::markdown::parse(&source, 0, &|_, _| crate::markdown::Kept::default());
    let BlockKind::Table(table) = &document.blocks[0].kind else { panic!() };
    in_cell(&DressedText::of(&document, &table.bodies[0][0].cells[0].content), certainty)
        .into_iter()
        .map(|named| (named.name, text[named.range].to_owned(), named.known_by))
        .collect()
}

#[test]
fn no_word_for_nothing_is_too_long_to_be_found() {
    assert_eq!(NO_NAMES.iter().map(|word| word.len()).max(), Some(LONGEST_OF_NONE));
}

#[test]
fn cells_name_one_alert_or_several() {
    for (written, expected) in [
        ("`WorkerFailed`", vec!["WorkerFailed"]),
        ("`Failed6+Hours`", vec!["Failed6+Hours"]),
        ("`A1` or `B1`", vec!["A1", "B1"]),
        ("`A1`<br>`B1`", vec!["A1", "B1"]),
        ("`A1` `B1`", vec!["A1", "B1"]),
        ("`A1`, `B1` and `C1`", vec!["A1", "B1", "C1"]),
        ("`A1 or B1`", vec!["A1", "B1"]),
        ("`Disk is full`", vec!["Disk is full"]),
        ("`A1` when this or `that` happens", vec!["A1"]),
        ("`A1` or the like", vec!["A1"]),
        ("~~`Old`~~ `New`", vec!["New"]),
        ("[`A1`](#a1)", vec!["A1"]),
        ("alertname = `A1`", vec!["A1"]),
        ("`alertname=\"A1\"`", vec!["A1"]),
        ("`app_{Region}_down`", vec!["app_{Region}_down"]),
        ("**armada-kp-events**", vec!["armada-kp-events"]),
        ("Watchdog", vec!["Watchdog"]),
        ("AutomatedFailure6+Hours", vec!["AutomatedFailure6+Hours"]),
        ("`disk_free(5)`", vec![]),
        ("`rate(errors[5m])`", vec![]),
        ("DiskFull or DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull, DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull<br>DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull / DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull (critical)", vec!["DiskFull"]),
        ("DiskFull: it is full or nearly so", vec!["DiskFull"]),
        ("[DiskFull](#full)", vec!["DiskFull"]),
        ("alertname = DiskFull", vec!["DiskFull"]),
        ("app_<Region>_down", vec!["app_<Region>_down"]),
        ("all of them", vec![]),
        ("Disk is full", vec![]),
        ("N/A", vec![]),
        ("-", vec![]),
        ("`#armada-alerts`", vec![]),
        ("DiskFull (critical), DiskSlow (warning, prod)", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull (critical)<br>DiskSlow (warning)", vec!["DiskFull", "DiskSlow"]),
        ("• DiskFull<br>• DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("- DiskFull<br>- DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("DiskFull.", vec!["DiskFull"]),
        ("1. DiskFull<br>2. DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("Disk{Full,Slow}", vec!["DiskFull", "DiskSlow"]),
        ("`Disk{,Too}Full`", vec!["DiskFull", "DiskTooFull"]),
        ("DiskFull/DiskSlow", vec!["DiskFull/DiskSlow"]),
        ("https://example.com/x", vec![]),
        ("`up == 0`", vec![]),
    ] {
        let mut found = cell(written, Certainty::Plain);
        found.retain(|(.., known_by)| *known_by != KnownBy::Part);
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, expected, "{written}");
        for (name, place, _) in found {
            assert!(name == place || place.contains('{'), "{written}");
        }
    }
}

#[test]
fn a_name_may_be_several() {
    for (written, parts) in [
        ("DiskFull/DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("`Failed6+Hours`", vec!["Failed6", "Hours"]),
        ("DiskFull", vec![]),
        ("DiskFull:prod", vec!["DiskFull", "prod"]),
        ("DiskFull🔥DiskSlow", vec!["DiskFull", "DiskSlow"]),
        ("{{DiskFull}}", vec!["DiskFull"]),
        ("告警DiskFull", vec!["告警", "DiskFull"]),
        ("服务慢", vec![]),
        ("DískFull", vec![]),
    ] {
        let mut found = cell(written, Certainty::Plain);
        found.retain(|(.., known_by)| *known_by == KnownBy::Part);
        let names: Vec<&str> = found.iter().map(|(name, ..)| name.as_str()).collect();
        assert_eq!(names, parts, "{written}");
    }
}

#[test]
fn what_is_no_name_with_its_marks_may_be_one_without_if_a_rule_has_it() {
    for written in ["`<DiskFull>`", "#DiskFull", "@DiskFull", "^DiskFull$"] {
        let found = cell(written, Certainty::Plain);
        let found: Vec<_> = found.iter().map(|(name, _, by)| (name.as_str(), *by)).collect();
        assert_eq!(found, [("DiskFull", KnownBy::Rule)], "{written}");
    }
    for written in ["`Disk.*`", "`Disk.+`", "DiskFu…", "Kube..."] {
        assert_eq!(cell(written, Certainty::Plain), [], "{written}");
    }
}

#[test]
fn a_word_that_is_set_off_from_prose_may_be_a_name() {
    for (written, known_by) in [
        ("DiskFull: when `df` says so", Some(KnownBy::Itself)),
        ("A7: when `df` says so", Some(KnownBy::Rule)),
        ("Note: ask first", Some(KnownBy::Rule)),
        ("Watchdog - it always fires", Some(KnownBy::Rule)),
        ("When `df` says so", None),
    ] {
        let found = cell(written, Certainty::Plain);
        assert_eq!(found.first().map(|(.., by)| *by), known_by, "{written}");
    }
}

#[test]
fn what_stands_alone_between_marks_may_be_a_name() {
    for (written, expected) in [
        ("DiskFull – DiskSlow", [("DiskFull", KnownBy::Itself), ("DiskSlow", KnownBy::Rule)]),
        ("DiskFull → DiskSlow", [("DiskFull", KnownBy::Rule), ("DiskSlow", KnownBy::Rule)]),
        ("`DiskFull` -> `DiskSlow`", [("DiskFull", KnownBy::Rule), ("DiskSlow", KnownBy::Rule)]),
        ("DiskFull / Storage", [("DiskFull", KnownBy::Itself), ("Storage", KnownBy::Itself)]),
        ("DiskFull DiskSlow", [("DiskFull", KnownBy::Rule), ("DiskSlow", KnownBy::Rule)]),
    ] {
        let found = cell(written, Certainty::Plain);
        let found: Vec<_> = found.iter().map(|(name, _, by)| (name.as_str(), *by)).collect();
        assert_eq!(found, expected, "{written}");
    }
}

#[test]
fn characters_that_nobody_sees_are_no_part_of_a_name() {
    for written in ["Disk\u{ad}Full", "Disk&shy;Full", "`Disk\u{200b}Full`", "\u{feff}DiskFull"] {
        let found = cell(written, Certainty::Plain);
        assert_eq!(found.len(), 1, "{written}");
        assert_eq!(found[0].0, "DiskFull", "{written}");
    }
}

#[test]
fn below_a_vague_header_a_name_must_look_like_one() {
    for (written, certain) in [
        ("`DiskFull`", true),
        ("`Watchdog`", true),
        ("DiskFull", true),
        ("armada-kp-events", true),
        ("`critical`", false),
        ("`disk-full`", false),
        ("Watchdog", false),
        ("Warning", false),
    ] {
        let found = cell(written, Certainty::Vague);
        let is_certain = found.first().map(|(.., by)| *by == KnownBy::Itself);
        assert_eq!(is_certain, Some(certain), "{written}");
    }
}

#[test]
fn shapes_of_names() {
    for (word, expected) in [
        ("DiskFull", true),
        ("etcdNoLeader", true),
        ("CPUThrottlingHigh", true),
        ("disk_full", true),
        ("armada-kp-events", true),
        ("Watchdog", false),
        ("on-call", false),
        ("KUBE", false),
        ("don't", false),
    ] {
        assert_eq!(is_shaped(word), expected, "{word}");
    }
}
