//! Markdown to HTML that is safe to show: parsed by pulldown-cmark, then cut down to an allow-list by ammonia.
//!
//! HTML inside the text is shown as the characters it is. A picture is one of the notice's own, `![…](picture:1)`; any
//! other is left out (its description stays), and those that the text does not place stand at its end. A single line
//! break is kept as one, as people write who never heard of Markdown.

use ammonia::Builder;
use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Deepest nesting of lists and quotes that is kept; deeper ones are flattened, so that no text makes a tree that
/// takes long to build.
const MAX_DEPTH: usize = 12;

static CLEANER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut cleaner = Builder::empty();
    cleaner
        .generic_attributes(HashSet::new())
        .tags(HashSet::from([
            "p",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "li",
            "strong",
            "em",
            "del",
            "a",
            "blockquote",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "code",
            "pre",
            "hr",
            "br",
            "img",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href"])),
            ("img", HashSet::from(["src", "alt", "width", "height", "loading"])),
            ("ol", HashSet::from(["start"])),
            ("div", HashSet::from(["role", "tabindex", "aria-label"])),
        ]))
        .allowed_classes(HashMap::from([
            ("div", HashSet::from(["table-wrap"])),
            ("th", HashSet::from(["num"])),
            ("td", HashSet::from(["num"])),
        ]))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .url_schemes(HashSet::from(["http", "https"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(Some("nofollow noopener"))
        .strip_comments(true);
    cleaner
});

/// A picture that a text may show.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What the text calls it.
    pub number: i64,
    /// What it shows, where the text does not say it.
    pub alt: String,
    /// Address of the small form.
    pub thumb: String,
    /// Address of the whole.
    pub full: String,
    /// Of the small form, in pixels.
    pub width: i64,
    /// Of the small form, in pixels.
    pub height: i64,
}

impl Picture {
    /// The small form, leading to the whole one.
    fn html(&self, alt: &str) -> String {
        let alt = if alt.trim().is_empty() { &self.alt } else { alt.trim() };
        let Picture { thumb, full, width, height, .. } = self;
        let [alt, thumb, full] = [alt, thumb, full].map(ammonia::clean_text);
        format!(
            "<a href=\"{full}\"><img src=\"{thumb}\" alt=\"{alt}\" width=\"{width}\" height=\"{height}\" loading=\"lazy\"></a>"
        )
    }
}

/// The number in `picture:1`.
fn picture_number(address: &str) -> Option<i64> {
    address.strip_prefix("picture:")?.parse().ok()
}

/// Puts the pictures in the places that the text gives them. Gives the numbers of those that were placed.
fn with_pictures<'a>(events: impl Iterator<Item = Event<'a>>, pictures: &[Picture]) -> (Vec<Event<'a>>, Vec<i64>) {
    let (mut out, mut placed) = (Vec::new(), Vec::new());
    let mut open: Option<(&Picture, String)> = None;
    for event in events {
        match (event, &mut open) {
            (Event::Start(Tag::Image { dest_url, .. }), None) => {
                let number = picture_number(&dest_url);
                open = pictures.iter().find(|picture| Some(picture.number) == number).map(|p| (p, String::new()));
            }
            (Event::End(TagEnd::Image), Some((picture, alt))) => {
                placed.push(picture.number);
                out.push(Event::InlineHtml(picture.html(alt).into()));
                open = None;
            }
            (Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image), _) => {}
            (Event::Text(words) | Event::Code(words), Some((_, alt))) => alt.push_str(&words),
            (_, Some(_)) => {}
            (other, None) => out.push(other),
        }
    }
    (out, placed)
}

/// The HTML of `markdown` with these pictures. `table_label` names the regions in which wide tables scroll.
pub fn render(markdown: &str, table_label: &str, pictures: &[Picture]) -> String {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let mut depth = 0_usize;
    let label = ammonia::clean_text(table_label);
    // Each region has a name of its own: who jumps from one to the next hears where they are.
    let mut tables = 0;
    let mut open = || {
        tables += 1;
        let number = if tables > 1 { format!(" {tables}") } else { String::new() };
        format!("<div class=\"table-wrap\" role=\"region\" tabindex=\"0\" aria-label=\"{label}{number}\">")
    };
    // Raw HTML of the text becomes words: the only HTML after this is ours.
    let parsed = Parser::new_ext(markdown, options).filter_map(|event| tame(event, &mut depth));
    let (events, placed) = with_pictures(parsed, pictures);
    let events = events.into_iter().flat_map(|event| {
        let before = matches!(event, Event::Start(Tag::Table(_))).then(|| Event::Html(open().into()));
        let after = matches!(event, Event::End(TagEnd::Table)).then_some(Event::Html("</div>".into()));
        [before, Some(event), after].into_iter().flatten()
    });
    let mut html = String::with_capacity(markdown.len() * 3 / 2);
    pulldown_cmark::html::push_html(&mut html, events);
    for picture in pictures.iter().filter(|picture| !placed.contains(&picture.number)) {
        html.push_str(&format!("<p>{}</p>\n", picture.html("")));
    }
    // Numbers line up; the attribute that says so would be an inline style, which pages must not have.
    let html = html.replace(" style=\"text-align: right\"", " class=\"num\"");
    CLEANER.clean(&html).to_string()
}

fn tame<'a>(event: Event<'a>, depth: &mut usize) -> Option<Event<'a>> {
    match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(Event::Text(text)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::SoftBreak => Some(Event::HardBreak),
        // The page's own title is the only first-level heading.
        Event::Start(Tag::Heading { level, .. }) => {
            Some(Event::Start(Tag::Heading { level: shift(level), id: None, classes: Vec::new(), attrs: Vec::new() }))
        }
        Event::End(TagEnd::Heading(level)) => Some(Event::End(TagEnd::Heading(shift(level)))),
        Event::Start(Tag::CodeBlock(_)) => Some(Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Indented))),
        Event::Start(Tag::BlockQuote(_) | Tag::List(_) | Tag::Item) => {
            *depth += 1;
            (*depth <= MAX_DEPTH).then_some(event)
        }
        Event::End(TagEnd::BlockQuote(_) | TagEnd::List(_) | TagEnd::Item) => {
            *depth = depth.saturating_sub(1);
            (*depth < MAX_DEPTH).then_some(event)
        }
        other => Some(other),
    }
}

fn shift(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 | HeadingLevel::H2 => HeadingLevel::H2,
        HeadingLevel::H3 => HeadingLevel::H3,
        _ => HeadingLevel::H4,
    }
}

/// The first words of `markdown` without any marks, at most `chars` characters: for share cards.
pub fn plain(markdown: &str, chars: usize) -> String {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Text(words) | Event::Code(words) => text.push_str(&words),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item | TagEnd::TableCell) => text.push(' '),
            _ => {}
        }
        if text.len() > chars * 4 {
            break;
        }
    }
    let text = text.trim();
    match text.char_indices().nth(chars) {
        Some((at, _)) => format!("{}…", text[..at].trim_end()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Picture, plain, render};

    fn html(markdown: &str) -> String {
        render(markdown, "表格", &[])
    }

    fn picture(number: i64, alt: &str) -> Picture {
        let address = |variant: &str| format!("/photos/p{number}/{variant}");
        Picture { number, alt: alt.into(), thumb: address("thumb"), full: address("full"), width: 480, height: 360 }
    }

    #[test]
    fn pictures_stand_where_the_text_says_and_else_at_its_end() {
        let two = [picture(1, "取水点"), picture(2, "路线")];
        assert_eq!(
            render("看图：![](picture:1)\n\n![别的](https://x.example/a.png) ![没有的](picture:7)", "表格", &two),
            "<p>看图：<a href=\"/photos/p1/full\" rel=\"nofollow noopener\"><img src=\"/photos/p1/thumb\" alt=\"取水点\" \
             width=\"480\" height=\"360\" loading=\"lazy\"></a></p>\n<p>别的 没有的</p>\n\
             <p><a href=\"/photos/p2/full\" rel=\"nofollow noopener\"><img src=\"/photos/p2/thumb\" alt=\"路线\" \
             width=\"480\" height=\"360\" loading=\"lazy\"></a></p>\n"
        );
        assert!(
            render("![**3 栋** `门口`](picture:1)", "表格", &two).contains("alt=\"3 栋 门口\""),
            "said in the text"
        );
        for nothing in ["picture:", "picture:-1", "picture:1x", "PICTURE:1", "picture:99999999999999999999"] {
            let html = render(&format!("![x]({nothing})"), "表格", &two);
            assert_eq!(html.matches("<img").count(), 2, "{nothing}: both at the end: {html}");
            assert!(html.starts_with("<p>x</p>"), "{html}");
        }
    }

    #[test]
    fn what_people_write_looks_as_they_mean() {
        assert_eq!(
            html("# 停水\n\n**8:00** 至 *12:00*"),
            "<h2>停水</h2>\n<p><strong>8:00</strong> 至 <em>12:00</em></p>\n"
        );
        assert_eq!(html("一\n二"), "<p>一<br>\n二</p>\n", "a line break stays one");
        assert_eq!(html("~~原定 8:00~~"), "<p><del>原定 8:00</del></p>\n");
        assert!(html("[表](/services)").contains(r#"<a href="/services" rel="nofollow noopener">表</a>"#));
        let table = html("| 项目 | 元 |\n| --- | ---: |\n| 结余 | 58,236.90 |");
        assert!(table.starts_with(r#"<div class="table-wrap" role="region" tabindex="0" aria-label="表格"><table>"#));
        assert!(
            table.contains(r#"<td class="num">58,236.90</td>"#) && table.trim_end().ends_with("</table>\n</div>"),
            "{table}"
        );
        let two = html("| a |\n| - |\n| 1 |\n\n二\n\n| b |\n| - |\n| 2 |");
        assert!(two.contains("aria-label=\"表格\"") && two.contains("aria-label=\"表格 2\""), "{two}");
        assert_eq!(html("3. 三"), "<ol start=\"3\">\n<li>三</li>\n</ol>\n");
        assert_eq!(html("![路口](https://x.example/a.png)"), "<p>路口</p>\n", "no pictures from elsewhere");
    }

    /// Nothing of this may become an element, attribute or address that does something: the corpus of all tests of hostile
    /// text, its entries apart by a line of their own.
    const HOSTILE: &str = include_str!("../../tests/fixtures/hostile-markdown.txt");

    #[test]
    fn nothing_hostile_gets_through() {
        for nested in ["{}", "> {}", "- {}", "**{}**", "x {} y", "> - > {}"] {
            for evil in HOSTILE.trim_end().split("\n=====\n") {
                let text = nested.replace("{}", evil);
                inert(&html(&text), evil);
                // What a picture shows is typed by somebody, too.
                let pictures = [picture(1, evil), picture(2, evil)];
                inert(&render(&format!("{text}\n\n![{evil}](picture:1)"), "表格", &pictures), evil);
            }
        }
    }

    /// Parses the result as a browser does and looks at every element.
    fn inert(html: &str, evil: &str) {
        let fragment = scraper::Html::parse_fragment(html);
        let all = scraper::Selector::parse("*").expect("valid");
        const KNOWN: &[&str] = &[
            "html",
            "p",
            "h2",
            "h3",
            "h4",
            "ul",
            "ol",
            "li",
            "strong",
            "em",
            "del",
            "a",
            "blockquote",
            "div",
            "table",
            "thead",
            "tbody",
            "tr",
            "th",
            "td",
            "code",
            "pre",
            "hr",
            "br",
            "img",
        ];
        for element in fragment.select(&all) {
            let element = element.value();
            assert!(KNOWN.contains(&element.name()), "{evil} gave <{}>: {html}", element.name());
            for (name, value) in element.attrs() {
                let fine = match (element.name(), name) {
                    ("a", "href") => {
                        value.starts_with("https://") || value.starts_with("http://") || !value.contains(':')
                    }
                    ("a", "rel") => value == "nofollow noopener",
                    ("img", "src") => value.starts_with("/photos/p") && value.ends_with("/thumb"),
                    ("img", "alt") => true,
                    ("img", "width" | "height" | "loading") => ["480", "360", "lazy"].contains(&value),
                    ("ol", "start") => value.parse::<u32>().is_ok(),
                    ("td" | "th", "class") => value == "num",
                    ("div", "class" | "role" | "tabindex" | "aria-label") => true,
                    _ => false,
                };
                assert!(fine, "{evil} gave {name}={value:?} on <{}>: {html}", element.name());
            }
        }
    }

    #[test]
    fn a_deep_or_long_text_is_rendered_quickly_and_flat() {
        for text in
            [">".repeat(20_000), "- ".repeat(10_000), "[".repeat(20_000), "*a ".repeat(6_000), "|".repeat(20_000)]
        {
            let html = html(&text);
            assert!(html.matches("<blockquote>").count() <= super::MAX_DEPTH);
            inert(&html, "a long text");
        }
    }

    #[test]
    fn share_cards_get_words_only() {
        assert_eq!(plain("## 停水\n\n因**清洗**，[详情](/x)", 40), "停水 因清洗，详情");
        assert_eq!(plain("一二三四五", 3), "一二三…");
        assert_eq!(plain("<script>alert(1)</script>", 40), "");
    }
}
