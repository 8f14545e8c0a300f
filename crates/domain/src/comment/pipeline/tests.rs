//! The pipeline as a whole, and the phases that look at circumstances.

use chrono::{TimeDelta, TimeZone, Utc};

use super::*;
use crate::comment::Policy;

const TEXT: &str = "The harbour wall needs repair before the winter storms.";

fn with_words() -> (Rules, WordLists, SpamModel) {
    let rules = Rules {
        suspect_words: vec!["casino".into()],
        banned_words: vec!["crétin".into(), "أحمق".into()],
        close_after_days: Some(30),
        needs_form_token: true,
        ..Rules::default()
    };
    let words = WordLists::compile(&rules);
    (rules, words, SpamModel::default())
}

/// What a change to an innocent case leads to: the phases with their verdicts.
fn phases(change: impl for<'a> FnOnce(&mut Case<'a>)) -> Vec<(Phase, Verdict)> {
    let (rules, words, spam) = with_words();
    let mut case = Case::of(TEXT, &rules, &words, &spam);
    case.open_for = Some(TimeDelta::seconds(40));
    case.article_age = Some(TimeDelta::days(1));
    change(&mut case);
    let findings = judge(&case);
    assert!(findings.is_sorted_by_key(|finding| finding.phase));
    findings.into_iter().map(|finding| (finding.phase, finding.verdict)).collect()
}

#[test]
fn a_quiet_case_is_published() {
    assert_eq!(phases(|_| ()), []);
    assert_eq!(outcome(&[]), Verdict::Publish);
}

#[test]
fn each_phase_finds_what_is_its_own() {
    use Phase::{Banned, Closed, Links, Shape, Trap, Words};
    use Verdict::{Hold, Refuse, Reword};
    let history = |approved, rejected, recent_rejections| History {
        published: approved,
        approved: Some(approved),
        rejected,
        recent_rejections,
        ..History::default()
    };
    let until = Utc.with_ymd_and_hms(2026, 5, 1, 12, 0, 0).single();
    assert_eq!(phases(|case| case.policy = Policy::Closed), [(Closed, Refuse)]);
    assert_eq!(phases(|case| case.policy = Policy::Members), [(Phase::Policy, Refuse)]);
    assert_eq!(
        phases(|case| {
            case.policy = Policy::Members;
            case.signed_in = true;
        }),
        []
    );
    assert_eq!(phases(|case| case.policy = Policy::Moderated), [(Phase::Policy, Hold)]);
    assert_eq!(phases(|case| case.policy = Policy::FirstTime), [(Phase::Policy, Hold)]);
    assert_eq!(
        phases(|case| {
            case.policy = Policy::FirstTime;
            case.history = history(1, 0, 0);
        }),
        []
    );
    assert_eq!(
        phases(|case| {
            case.policy = Policy::FirstTime;
            case.history = History { published: 9, ..History::default() };
        }),
        [(Phase::Policy, Hold)],
        "public is not yet approved"
    );
    assert_eq!(phases(|case| case.article_age = Some(TimeDelta::days(30))), [(Closed, Refuse)]);
    assert_eq!(phases(|case| case.article_age = None), []);
    assert_eq!(phases(|case| case.ban = Some(Ban { until, shadow: false })), [(Banned, Refuse)]);
    assert_eq!(phases(|case| case.ban = Some(Ban { until: None, shadow: true })), [(Banned, Hold)]);
    assert_eq!(phases(|case| case.honeypot = true), [(Trap, Hold)]);
    assert_eq!(phases(|case| case.open_for = None), [(Trap, Hold)]);
    assert_eq!(phases(|case| case.open_for = Some(TimeDelta::seconds(-5))), [(Trap, Hold)]);
    assert_eq!(phases(|case| case.open_for = Some(TimeDelta::milliseconds(2999))), [(Trap, Hold)]);
    assert_eq!(phases(|case| case.open_for = Some(TimeDelta::seconds(3))), []);
    assert_eq!(
        phases(|case| {
            case.open_for = Some(TimeDelta::zero());
            case.throttles_off = true;
        }),
        []
    );
    assert_eq!(phases(|case| case.history = history(9, 2, 2)), [(Phase::History, Hold)]);
    assert_eq!(phases(|case| case.history = history(0, 1, 0)), [(Phase::History, Hold)]);
    assert_eq!(phases(|case| case.history = history(5, 1, 1)), []);
    assert_eq!(phases(|case| case.text = "quel crétin"), [(Words, Reword)]);
    assert_eq!(phases(|case| case.text = "the c.a.s.i.n.o"), [(Words, Hold)]);
    assert_eq!(phases(|case| case.author_name = Some("الأحمق")), [(Words, Reword)]);
    assert_eq!(phases(|case| case.text = "STOP SHOUTING AT ALL OF US, ALL OF YOU"), [(Shape, Reword)]);
    assert_eq!(phases(|case| case.text = "https://bit.ly/x"), [(Links, Hold)]);
}

#[test]
fn the_gravest_decides_and_all_are_kept() {
    let found = phases(|case| {
        case.text = "crétin, https://bit.ly/x";
        case.honeypot = true;
        case.policy = Policy::Moderated;
    });
    let expected = [
        (Phase::Words, Verdict::Reword),
        (Phase::Links, Verdict::Hold),
        (Phase::Trap, Verdict::Hold),
        (Phase::Policy, Verdict::Hold),
    ];
    assert_eq!(found, expected);
    let findings: Vec<_> =
        found.into_iter().map(|(phase, verdict)| Finding::new(phase, verdict, "")).collect();
    assert_eq!(outcome(&findings), Verdict::Reword);
}

#[test]
fn length_and_reports_have_their_limits() {
    let (mut rules, words, spam) = with_words();
    rules.max_length = 5;
    rules.needs_form_token = false;
    for (text, refused) in [("سلام!", false), ("سلام!!", true)] {
        assert_eq!(!judge(&Case::of(text, &rules, &words, &spam)).is_empty(), refused, "{text}");
    }
    assert_eq!(reports(2, &rules), None);
    assert_eq!(reports(3, &rules).map(|finding| finding.verdict), Some(Verdict::Hold));
}

#[test]
fn a_model_that_learnt_holds_and_says_why() {
    let (rules, words, mut spam) = with_words();
    for _ in 0..spam::FEWEST_TEXTS {
        spam.learn("cheap watches, message me for prices", true);
        spam.learn(TEXT, false);
    }
    let mut case = Case::of("Cheap WATCHES! message me", &rules, &words, &spam);
    case.open_for = Some(TimeDelta::minutes(1));
    let findings = judge(&case);
    assert_eq!(findings.len(), 1, "{findings:?}");
    assert_eq!((findings[0].phase, findings[0].verdict), (Phase::Spam, Verdict::Hold));
    assert!(findings[0].detail.contains("cheap"), "{}", findings[0].detail);
}

#[test]
fn writers_are_told_what_they_can_do() {
    let (mut rules, words, spam) = with_words();
    rules.needs_form_token = false;
    rules.max_length = 60;
    let told = |change: &dyn Fn(&mut Case<'_>)| {
        let mut case = Case::of(TEXT, &rules, &words, &spam);
        change(&mut case);
        refused(case.text, case.rules, &judge(&case))
    };
    assert_eq!(told(&|_| ()), None);
    assert_eq!(told(&|case| case.policy = Policy::Moderated), None);
    assert_eq!(told(&|case| case.policy = Policy::Closed), Some(Refused::Closed));
    assert_eq!(told(&|case| case.policy = Policy::Members), Some(Refused::MembersOnly));
    assert_eq!(told(&|case| case.ban = Some(Ban { until: None, shadow: false })), Some(Refused::Banned));
    assert_eq!(told(&|case| case.ban = Some(Ban { until: None, shadow: true })), None);
    let why = "“crétin” is not used here: find another word, please.".to_owned();
    assert_eq!(told(&|case| case.text = "crétin ! cr3tin !"), Some(Refused::Reword { why }));
    let long = "long ".repeat(20);
    let case = Case::of(&long, &rules, &words, &spam);
    let too_long = Refused::TooLong { field: Field::Body, max: 60, len: 100 };
    assert_eq!(refused(case.text, case.rules, &judge(&case)), Some(too_long));
}

proptest::proptest! {
    #[test]
    fn any_text_is_judged(text in "[\\PC\n]{0,120}") {
        let (rules, words, spam) = with_words();
        for finding in judge(&Case::of(&text, &rules, &words, &spam)) {
            proptest::prop_assert!(finding.span.is_none_or(|span| text.get(span).is_some()));
            proptest::prop_assert!(!finding.detail.is_empty());
        }
    }
}
