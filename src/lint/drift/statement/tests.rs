use super::*;
use crate::lint::drift::kinds::Kinds;
use crate::lint::drift::words::tokens;
use crate::promql::duration_text;
use proptest::prelude::*;

/// What a text states: each phrase as it is written, with what it is.
fn stated(text: &str) -> Vec<String> {
    let all = sentences(text, Wanted::All, Bare::Anything)
        .into_iter()
        .flat_map(|sentence| sentence.statements);
    let shown = all.map(|statement| {
        let phrase = &text[statement.range];
        let said = match statement.said {
            Said::Number(Quantity { value, bound, whole, per, .. }) => {
                let bound = match bound {
                    Bound::Above => ">",
                    Bound::AtLeast => ">=",
                    Bound::Below => "<",
                    Bound::AtMost => "<=",
                    Bound::Plain => "=",
                };
                let whole = whole.map(|whole| format!(" of {whole}")).unwrap_or_default();
                let per = per.map(|per| format!(" in {per} s")).unwrap_or_default();
                format!("{bound} {value}{whole}{per}")
            }
            Said::Window { milliseconds, looking: Looking::Back } => {
                format!("looks back {}", duration_text(milliseconds))
            }
            Said::Window { milliseconds, .. } => format!("within {}", duration_text(milliseconds)),
            Said::Held(Lasting { milliseconds, .. }) => {
                format!("goes on {}", duration_text(milliseconds))
            }
            Said::Ahead { milliseconds } => format!("ahead {}", duration_text(milliseconds)),
            Said::Ago { milliseconds } => format!("{} ago", duration_text(milliseconds)),
        };
        format!("{phrase}: {said}")
    });
    shown.collect()
}

#[test]
fn phrases_state_numbers_and_times() {
    for (text, expected) in [
        (
            "A worker failed to bootstrap more than 3 times in the past 5 hours.",
            vec!["more than 3 times: > 3", "past 5 hours: looks back 5h"],
        ),
        ("Failed 3 times in the last hour", vec!["3 times: = 3", "last hour: looks back 1h"]),
        (
            "Over 20 unique workers failed over the past 5 hours",
            vec!["Over 20: > 20", "past 5 hours: looks back 5h"],
        ),
        ("Attempts allowed to fail in an hour", vec!["an hour: within 1h"]),
        (
            "CPU over 70 percent for 10 minutes",
            vec!["over 70 percent: > 70", "for 10 minutes: goes on 10m"],
        ),
        (
            "Above 85% for more than 15 minutes.",
            vec!["Above 85%: > 85", "for more than 15 minutes: goes on 15m"],
        ),
        ("Fewer than 3 etcd members are up", vec!["Fewer than 3: < 3"]),
        ("Two of three masters are down", vec!["Two of three: = 2 of 3"]),
        ("2 out of the 3 replicas are gone", vec!["2 out of the 3: = 2 of 3"]),
        ("More than one pod is crash looping", vec!["More than one: > 1"]),
        ("Latency over 500ms (99th percentile)", vec!["over 500ms: > 500"]),
        (
            "More than 10 requests per second fail",
            vec!["More than 10 requests per second: > 10 in 1 s"],
        ),
        ("Backup is older than 24 hours", vec!["older than 24 hours: > 24"]),
        ("Lag greater than or equal to 30 s", vec!["greater than or equal to 30 s: >= 30"]),
        ("No more than 2 replicas are ready", vec!["No more than 2: <= 2"]),
        ("5 or more restarts within 1h", vec!["5 or more: >= 5", "1h: within 1h"]),
        ("Restarted 3+ times in 10m", vec!["3+ times: >= 3", "10m: within 10m"]),
        ("Errors above 1% in a 5-minute window", vec!["above 1%: > 1", "5-minute: looks back 5m"]),
        ("Lag averaged over 5 minutes is high", vec!["5 minutes: looks back 5m"]),
        ("Stuck for 2 hours and 30 minutes", vec!["for 2 hours and 30 minutes: goes on 2h30m"]),
        ("Failed in the last half an hour", vec!["last half an hour: looks back 30m"]),
        ("The instance has been down for 1h", vec!["for 1h: goes on 1h"]),
        ("Queue > 1,000 items", vec!["> 1,000: > 1000"]),
        ("Above 2 kW", vec!["Above 2 kW: > 2000"]),
        ("Hotter, above 80 °C", vec!["above 80 °C: > 80"]),
        ("More than 2 dozen crates", vec!["More than 2 dozen: > 24"]),
        ("Fewer than a quarter are up", vec!["Fewer than a quarter: < 25"]),
        ("In the last half hour", vec!["last half hour: looks back 30m"]),
        ("50% more errors than a day ago", vec!["50%: = 50", "a day ago: 1d ago"]),
        ("Valid for less than 14 days", vec!["less than 14 days: < 14"]),
        ("It fires at 50", vec!["at 50: >= 50"]),
        (
            "More than 3 failures over a period of 5 hours",
            vec!["More than 3: > 3", "5 hours: looks back 5h"],
        ),
    ] {
        assert_eq!(stated(text), expected, "{text}");
    }
}

#[test]
fn what_leaves_doubt_states_nothing() {
    for text in [
        "5xx HTTP status codes of the _bootstrap handler",
        "Usually more than 3 workers fail",
        "Above 2 bar",
        "Above 140 °F",
        "For more than 20 pods, see the other page",
        "It is critical when it lasts for more than 1 hour",
        "About 5 workers fail in an hour",
        "It should be less than 5",
        "Between 5 and 10 workers failed",
        "Failed 2 to 5 times",
        "Wait for 10 minutes and check again",
        "If more than 3 workers fail, page the squad",
        "Version 1.8.4 is on 3 nodes",
        "Nodes 10.0.0.1 and 10.0.0.2, port 8080",
        "Runs every 5 minutes",
        "Down over 5 minutes",
        "Was more than 3 workers the limit?",
        "The last 3 backups failed",
        "e.g. more than 5 pods",
        "For instance more than 5 pods",
        "An hour and a half is over",
    ] {
        assert_eq!(stated(text), Vec::<String>::new(), "{text}");
    }
}

#[test]
fn sentences_tell_when_an_alert_fires() {
    for (text, expected) in [
        ("This alert is triggered when more than 3 fail", true),
        ("Fires if there are more than 3", true),
        ("The alert means that more than 3 are gone", true),
        ("If this alert fires when you sleep, call", false),
        ("When the alert is raised, look at 3 pods", false),
        ("Delete the pod to trigger a restart", false),
    ] {
        let sentences = sentences(text, Wanted::All, Bare::Anything);
        let tells = sentences.iter().any(|sentence| sentence.tells_when.is_some());
        assert_eq!(tells, expected, "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_is_read(text in "\\PC*", words in prop::collection::vec(prop::sample::select(vec![
        "more", "than", "3", "5h", "of", "three", "in", "the", "past", "hour", "last",
        "twice", "third", "quarter", "once", "day", "for", "%", "70", ".",
        ">", "or", "and", "an", "half", "é", "\n", "1,000", "over", "a", "minute", "window", "per",
    ]), 0..14)) {
        for text in [text, words.join(" "), words.concat()] {
            let tokens = tokens(&text);
            if !Kinds::of(&text).may_have_number() {
                let reader = Reader::new(&text, &tokens, Bare::Threshold);
                prop_assert!(reader.statements().is_empty(), "{text}");
            }
            let mut at = 0;
            let bare = if text.len() % 2 == 0 { Bare::Threshold } else { Bare::Anything };
            for sentence in sentences(&text, Wanted::All, bare) {
                prop_assert!(sentence.range.start >= at);
                at = sentence.range.end;
                for statement in sentence.statements {
                    prop_assert!(!text[statement.range].is_empty());
                }
            }
        }
    }
}
