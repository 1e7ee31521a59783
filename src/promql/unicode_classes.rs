//! The names of classes of characters that `\p{…}` takes.
//!
//! Those of Go's package `unicode`: general categories and scripts, and since Go 1.25 the long names of
//! categories too, in any case and without regard to spaces, underscores and hyphens
//! (`regexp/syntax/parse.go`, `unicodeTable`). A name that any version takes is taken here.

/// General categories, with their long names.
const CATEGORIES: &str = "
    c cc cf cn co cs l lc ll lm lo lt lu m mc me mn n nd nl no p pc pd pe pf pi po ps s sc sk sm
    so z zl zp zs other control format unassigned privateuse surrogate letter casedletter
    lowercaseletter modifierletter otherletter titlecaseletter uppercaseletter mark
    combiningmark spacingmark enclosingmark nonspacingmark number decimalnumber digit
    letternumber othernumber punctuation punct connectorpunctuation dashpunctuation
    closepunctuation finalpunctuation initialpunctuation otherpunctuation openpunctuation symbol
    currencysymbol modifiersymbol mathsymbol othersymbol separator lineseparator
    paragraphseparator spaceseparator any ascii assigned cntrl
";

/// Scripts, as of Unicode 16.
const SCRIPTS: &str = "
    adlam ahom anatolianhieroglyphs arabic armenian avestan balinese bamum bassavah batak
    bengali bhaiksuki bopomofo brahmi braille buginese buhid canadianaboriginal carian
    caucasianalbanian chakma cham cherokee chorasmian common coptic cuneiform cypriot
    cyprominoan cyrillic deseret devanagari divesakuru dogra duployan egyptianhieroglyphs
    elbasan elymaic ethiopic garay georgian glagolitic gothic grantha greek gujarati
    gunjalagondi gurmukhi gurungkhema han hangul hanifirohingya hanunoo hatran hebrew hiragana
    imperialaramaic inherited inscriptionalpahlavi inscriptionalparthian javanese kaithi kannada
    katakana kawi kayahli kharoshthi khitansmallscript khmer khojki khudawadi kiratrai lao latin
    lepcha limbu lineara linearb lisu lycian lydian mahajani makasar malayalam mandaic
    manichaean marchen masaramgondi medefaidrin meeteimayek mendekikakui meroiticcursive
    meroitichieroglyphs miao modi mongolian mro multani myanmar nabataean nagmundari nandinagari
    newa newtailue nko nushu nyiakengpuachuehmong ogham olchiki oldhungarian olditalic
    oldnortharabian oldpermic oldpersian oldsogdian oldsoutharabian oldturkic olduyghur olonal
    oriya osage osmanya pahawhhmong palmyrene paucinhau phagspa phoenician psalterpahlavi rejang
    runic samaritan saurashtra sharada shavian siddham signwriting sinhala sogdian sorasompeng
    soyombo sundanese sunuwar sylotinagri syriac tagalog tagbanwa taile taitham taiviet takri
    tamil tangsa tangut telugu thaana thai tibetan tifinagh tirhuta todhri toto tulutigalari
    ugaritic vai vithkuqi wancho warangciti yezidi yi zanabazarsquare
";

/// Whether there is a class of this name.
pub(super) fn is_class(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(|it| !matches!(it, '_' | '-' | ' '))
        .flat_map(char::to_lowercase)
        .collect();
    [CATEGORIES, SCRIPTS].iter().any(|names| names.split_whitespace().any(|it| it == plain))
}

#[cfg(test)]
mod tests {
    use super::is_class;

    #[test]
    fn classes_are_those_of_unicode() {
        for name in ["L", "Lu", "Greek", "Old_Italic", "Letter", "han"] {
            assert!(is_class(name), "{name}");
        }
        for name in ["Foo", "", "Lx", "Greeks"] {
            assert!(!is_class(name), "{name}");
        }
    }
}
