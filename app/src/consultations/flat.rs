//! The number of a flat as residents type it, made one: 3栋2单元501室, 3-2-501, 三栋二单元５０１ are the same door.
//!
//! Households are told apart by the building of the profile and this number: source is the rule on the page of a
//! consultation (one voice for a household).

/// Longest number that is looked at, in characters as typed.
pub const TYPED_CHARS: usize = 40;
/// Longest part of a number, in characters.
const PART_CHARS: usize = 8;

/// A flat.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Flat {
    /// The building, where it was typed: 3 of 3-2-501.
    pub building: Option<String>,
    /// The entrance, where it was typed: 2.
    pub unit: Option<String>,
    /// The door: 501.
    pub room: String,
}

impl Flat {
    /// The flat within its building: 2-501, or 501 without an entrance.
    pub fn key(&self) -> String {
        match &self.unit {
            Some(unit) => format!("{unit}-{}", self.room),
            None => self.room.clone(),
        }
    }
}

/// What a word says of the number beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mark {
    Building,
    Unit,
    Floor,
    Room,
}

/// Units of Chinese numbers.
fn power(c: char) -> Option<u32> {
    match c {
        '十' | '拾' => Some(10),
        '百' | '佰' => Some(100),
        '千' | '仟' => Some(1000),
        _ => None,
    }
}

/// Digits of Chinese numbers.
fn digit(c: char) -> Option<u32> {
    Some(match c {
        '〇' | '零' => 0,
        '一' | '壹' => 1,
        '二' | '贰' | '两' => 2,
        '三' | '叁' => 3,
        '四' | '肆' => 4,
        '五' | '伍' => 5,
        '六' | '陆' => 6,
        '七' | '柒' => 7,
        '八' | '捌' => 8,
        '九' | '玖' => 9,
        _ => return None,
    })
}

/// A Chinese number in digits: 二十一 → 21, 五〇一 → 501, 五百零一 → 501.
fn chinese(run: &[char]) -> String {
    if !run.iter().any(|c| power(*c).is_some()) {
        return run.iter().filter_map(|c| digit(*c)).map(|n| n.to_string()).collect();
    }
    let (mut sum, mut last) = (0_u32, None);
    for c in run {
        if let Some(power) = power(*c) {
            sum = sum.saturating_add(last.take().unwrap_or(1) * power);
        } else {
            last = digit(*c);
        }
    }
    sum.saturating_add(last.unwrap_or(0)).to_string()
}

/// Half-width, capital.
fn plain(c: char) -> char {
    let half = match u32::from(c) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    };
    half.to_ascii_uppercase()
}

/// Numbers with what was said of them.
#[derive(Default)]
struct Reader {
    parts: Vec<(Option<Mark>, String)>,
    /// English says it before the number.
    announced: Option<Mark>,
}

impl Reader {
    /// A run of letters and digits.
    fn run(&mut self, run: &str) -> Option<()> {
        const WORDS: [(&str, Mark); 11] = [
            ("BUILDING", Mark::Building),
            ("BLOCK", Mark::Building),
            ("BLDG", Mark::Building),
            ("UNIT", Mark::Unit),
            ("FLOOR", Mark::Floor),
            ("ROOM", Mark::Room),
            ("FLAT", Mark::Room),
            ("APARTMENT", Mark::Room),
            ("APT", Mark::Room),
            ("RM", Mark::Room),
            ("NO", Mark::Room),
        ];
        let word = WORDS.iter().find_map(|(word, mark)| run.strip_prefix(word).map(|rest| (*mark, rest)));
        let rest = match word {
            // A word with its number, or alone; other letters are a number's own.
            Some((mark, rest)) if rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_digit()) => {
                self.announced = Some(mark);
                rest
            }
            _ => run,
        };
        if rest.is_empty() {
            return Some(());
        }
        let digits = rest.trim_start_matches('0');
        let bare = digits.is_empty() || !digits.starts_with(|c: char| c.is_ascii_digit());
        let number =
            if bare { format!("{}{digits}", if rest.starts_with('0') { "0" } else { "" }) } else { digits.to_owned() };
        (number.len() <= PART_CHARS).then(|| self.parts.push((self.announced.take(), number)))
    }

    /// Chinese says it after the number.
    fn mark(&mut self, mark: Mark) -> Option<()> {
        match self.parts.last_mut() {
            Some((said @ None, _)) => {
                *said = Some(mark);
                Some(())
            }
            // 号 after 2单元 and the like says nothing.
            Some(_) if mark == Mark::Room => Some(()),
            _ => None,
        }
    }
}

/// Reads a number as it was typed. `None`: it cannot be told which door it is.
pub fn read(typed: &str) -> Option<Flat> {
    if typed.chars().count() > TYPED_CHARS {
        return None;
    }
    let text: Vec<char> = typed.trim().chars().map(plain).collect();
    let mut reader = Reader::default();
    let mut at = 0;
    while let Some(c) = text.get(at).copied() {
        let length = |wanted: fn(char) -> bool| text[at..].iter().take_while(|c| wanted(**c)).count();
        if c.is_ascii_alphanumeric() {
            let length = length(|c| c.is_ascii_alphanumeric());
            let run: String = text[at..at + length].iter().collect();
            reader.run(&run)?;
            at += length;
        } else if digit(c).is_some() || power(c).is_some() {
            let length = length(|c| digit(c).is_some() || power(c).is_some());
            reader.run(&chinese(&text[at..at + length]))?;
            at += length;
        } else if matches!(c, '甲' | '乙' | '丙' | '丁') {
            reader.parts.push((reader.announced.take(), c.to_string()));
            at += 1;
        } else {
            at += word(&mut reader, &text[at..])?;
        }
    }
    arrange(reader.parts)
}

/// A Chinese word or a separator; gives how many characters it has.
fn word(reader: &mut Reader, rest: &[char]) -> Option<usize> {
    let begins = |word: &str| rest.len() >= word.chars().count() && word.chars().zip(rest).all(|(a, b)| a == *b);
    for (name, mark) in [("号楼", Mark::Building), ("单元", Mark::Unit)] {
        if begins(name) {
            reader.mark(mark)?;
            return Some(2);
        }
    }
    let mark = match rest.first()? {
        '栋' | '幢' | '座' => Mark::Building,
        '门' => Mark::Unit,
        // 3楼2单元501 names a building, 2单元5楼501 a floor.
        '楼' => match rest.iter().collect::<String>().contains("单元") {
            true => Mark::Building,
            false => Mark::Floor,
        },
        '层' => Mark::Floor,
        // 5号502 names a building, 501号 a door.
        '号' if rest[1..].iter().any(|c| c.is_ascii_digit() || digit(*c).is_some()) => Mark::Building,
        '室' | '房' | '户' | '号' => Mark::Room,
        '第' => return Some(1),
        c if c.is_whitespace() || "-–—_/\\.,，。、·#:：~～".contains(*c) => return Some(1),
        _ => return None,
    };
    reader.mark(mark)?;
    Some(1)
}

/// Building, entrance, door: what was not named is read from the end, 3-2-501.
fn arrange(parts: Vec<(Option<Mark>, String)>) -> Option<Flat> {
    let (mut building, mut unit, mut room, mut unnamed) = (None, None, None, Vec::new());
    for (mark, number) in parts {
        let place = match mark {
            Some(Mark::Building) => &mut building,
            Some(Mark::Unit) => &mut unit,
            Some(Mark::Room) => &mut room,
            Some(Mark::Floor) => continue,
            None => {
                unnamed.push(number);
                continue;
            }
        };
        if place.replace(number).is_some() {
            return None;
        }
    }
    let room = match room {
        Some(room) => room,
        None => unnamed.pop()?,
    };
    let unit = unit.or_else(|| unnamed.pop());
    let building = building.or_else(|| unnamed.pop());
    unnamed.is_empty().then_some(Flat { building, unit, room })
}

/// The number in a building's name: 3 of 3 栋, 12 of Building 12 and of 十二栋; `None` where it has none.
pub fn number_of(name: &str) -> Option<String> {
    let text: Vec<char> = name.chars().map(plain).collect();
    let spoken = |c: char| digit(c).is_some() || power(c).is_some();
    let number = if let Some(begin) = text.iter().position(char::is_ascii_digit) {
        text[begin..].iter().take_while(|c| c.is_ascii_digit()).collect::<String>()
    } else {
        // 百合苑 has no number: it is one where 栋 or the like follows.
        let end = text.iter().position(|c| matches!(c, '栋' | '幢' | '座' | '号'))?;
        let length = text[..end].iter().rev().take_while(|c| spoken(**c)).count();
        chinese(&text[end - length..end])
    };
    let number = number.trim_start_matches('0');
    (!number.is_empty()).then(|| number.to_owned())
}

/// Whether what was typed names another building than the one with this name.
pub fn is_elsewhere(flat: &Flat, building_name: &str) -> bool {
    match (&flat.building, number_of(building_name)) {
        (Some(typed), Some(number)) => *typed != number,
        _ => false,
    }
}

/// Whether two numbers of one building, as [`Flat::key`] writes them, may be the same door: one lacks the entrance, or was
/// typed without a line between entrance and door.
pub fn alike(one: &str, other: &str) -> bool {
    if one == other {
        return !one.is_empty();
    }
    let room = |key: &str| key.rsplit('-').next().unwrap_or_default().to_owned();
    let joined = |key: &str| key.replace('-', "");
    let has_unit = |key: &str| key.contains('-');
    if one.is_empty() || other.is_empty() {
        return false;
    }
    joined(one) == joined(other) || (has_unit(one) != has_unit(other) && room(one) == room(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(typed: &str) -> Option<String> {
        read(typed).map(|flat| flat.key())
    }

    #[test]
    fn one_door_is_one_however_it_is_written() {
        for typed in [
            "3栋2单元501",
            "3-2-501",
            "三栋二单元501",
            "３栋２单元５０１室",
            "3幢2单元501室",
            "三号楼二单元五〇一",
            "3号楼 2门 501",
            "3 – 2 – 501",
            "3／2／501",
            "3.2.0501",
            "第3栋第2单元501号",
            "叁栋贰单元伍佰零壹",
            "3楼2单元501",
            "3栋2单元5楼501室",
            "Building 3, Unit 2, Room 501",
            "bldg3 unit2 rm501",
        ] {
            let flat = read(typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!((flat.building.as_deref(), flat.key().as_str()), (Some("3"), "2-501"), "{typed}");
        }
        assert_eq!(key("501"), Some("501".into()));
        assert_eq!(key("二单元1201a"), Some("2-1201A".into()));
        assert_eq!(key("十二单元2001"), Some("12-2001".into()));
        assert_eq!(key("5楼502"), Some("502".into()));
        assert_eq!(read("5号502室").and_then(|flat| flat.building).as_deref(), Some("5"));
        assert_eq!(key("甲单元301"), Some("甲-301".into()));
        for nothing in ["", "  ", "栋", "我家", "3-2-1-501", "3栋4栋501", "501室502室", "<script>", "123456789"]
        {
            assert_eq!(read(nothing), None, "{nothing}");
        }
    }

    #[test]
    fn another_building_is_noticed() {
        let flat = read("3-2-501").expect("a flat");
        assert!(!is_elsewhere(&flat, "3 栋") && !is_elsewhere(&flat, "三号楼") && !is_elsewhere(&flat, "听澜苑"));
        assert!(is_elsewhere(&flat, "5 栋") && is_elsewhere(&flat, "Building 13"));
        assert!(!is_elsewhere(&read("2-501").expect("a flat"), "5 栋"));
        assert_eq!(number_of("梧桐十二栋").as_deref(), Some("12"));
        assert_eq!((number_of("百合苑"), number_of("百合苑 7 栋").as_deref()), (None, Some("7")));
    }

    #[test]
    fn doors_that_may_be_one() {
        assert!(alike("2-501", "501") && alike("2-501", "2501") && alike("501", "501"));
        assert!(!alike("2-501", "3-501") && !alike("501", "502") && !alike("", "") && !alike("", "501"));
    }

    /// A number below 100 in Chinese.
    fn in_chinese(n: u32) -> String {
        const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
        let (tens, ones) = ((n / 10) as usize, (n % 10) as usize);
        let tail = if ones == 0 && tens > 0 { "" } else { DIGITS[ones] };
        match tens {
            0 => tail.to_owned(),
            1 => format!("十{tail}"),
            _ => format!("{}十{tail}", DIGITS[tens]),
        }
    }

    /// The same in full width.
    fn wide(text: &str) -> String {
        text.chars()
            .map(|c| if ('!'..='~').contains(&c) { char::from_u32(u32::from(c) + 0xfee0).unwrap_or(c) } else { c })
            .collect()
    }

    proptest::proptest! {
        #[test]
        fn every_way_to_write_it_is_the_same(b in 1_u32..100, u in 1_u32..20, r in 101_u32..9999) {
            let spoken: String = r.to_string().chars().map(|c| in_chinese(c.to_digit(10).unwrap_or(0))).collect();
            let expected = Flat { building: Some(b.to_string()), unit: Some(u.to_string()), room: r.to_string() };
            for typed in [
                format!("{b}-{u}-{r}"),
                format!("{b}栋{u}单元{r}室"),
                format!("{b:02}幢{u:02}单元{r:05}"),
                format!(" {b} 号楼 {u} 门 {r} 号 "),
                format!("{}栋{}单元{r}", in_chinese(b), in_chinese(u)),
                format!("{}号楼{}单元{spoken}", in_chinese(b), in_chinese(u)),
                wide(&format!("{b}-{u}-{r}")),
                wide(&format!("{b}栋{u}单元{r}室")),
                format!("Unit {u} Building {b} Room {r}"),
            ] {
                proptest::prop_assert_eq!(read(&typed), Some(expected.clone()), "{}", typed);
            }
        }

        #[test]
        fn nothing_typed_breaks_it_and_what_is_read_reads_as_itself(typed in "\\PC{0,50}") {
            if let Some(flat) = read(&typed) {
                proptest::prop_assert_eq!(read(&flat.key()).map(|again| again.key()), Some(flat.key()));
            }
        }

        #[test]
        fn numbers_read_as_themselves(typed in "[0-9栋单元室号楼层一二十百零A-C\\- ]{0,14}") {
            if let Some(flat) = read(&typed) {
                proptest::prop_assert_eq!(read(&flat.key()).map(|again| again.key()), Some(flat.key()), "{}", typed);
            }
        }

        #[test]
        fn likeness_goes_both_ways(one in "([1-9]-)?[1-9][0-9]{2}", other in "([1-9]-)?[1-9][0-9]{2}") {
            proptest::prop_assert_eq!(alike(&one, &other), alike(&other, &one));
            proptest::prop_assert!(alike(&one, &one));
        }
    }
}
