//! The catalogue: Fluent messages of one language, compiled in and parsed once.

use super::Lang;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::sync::LazyLock;

/// Every Fluent file of a language. A new room adds its file to both lists; `tests/catalogue.rs` compares them.
macro_rules! catalogue {
    ($lang:literal) => {
        &[
            include_str!(concat!("../../locales/", $lang, "/activities.ftl")),
            include_str!(concat!("../../locales/", $lang, "/api.ftl")),
            include_str!(concat!("../../locales/", $lang, "/appeals.ftl")),
            include_str!(concat!("../../locales/", $lang, "/booking.ftl")),
            include_str!(concat!("../../locales/", $lang, "/bulletins.ftl")),
            include_str!(concat!("../../locales/", $lang, "/calendar.ftl")),
            include_str!(concat!("../../locales/", $lang, "/common.ftl")),
            include_str!(concat!("../../locales/", $lang, "/consultations.ftl")),
            include_str!(concat!("../../locales/", $lang, "/exports.ftl")),
            include_str!(concat!("../../locales/", $lang, "/follows.ftl")),
            include_str!(concat!("../../locales/", $lang, "/grids.ftl")),
            include_str!(concat!("../../locales/", $lang, "/hallday.ftl")),
            include_str!(concat!("../../locales/", $lang, "/handbook.ftl")),
            include_str!(concat!("../../locales/", $lang, "/imports.ftl")),
            include_str!(concat!("../../locales/", $lang, "/items.ftl")),
            include_str!(concat!("../../locales/", $lang, "/mail.ftl")),
            include_str!(concat!("../../locales/", $lang, "/managers.ftl")),
            include_str!(concat!("../../locales/", $lang, "/matters.ftl")),
            include_str!(concat!("../../locales/", $lang, "/meetings.ftl")),
            include_str!(concat!("../../locales/", $lang, "/net.ftl")),
            include_str!(concat!("../../locales/", $lang, "/notices.ftl")),
            include_str!(concat!("../../locales/", $lang, "/notices_write.ftl")),
            include_str!(concat!("../../locales/", $lang, "/open311.ftl")),
            include_str!(concat!("../../locales/", $lang, "/partners.ftl")),
            include_str!(concat!("../../locales/", $lang, "/patrol.ftl")),
            include_str!(concat!("../../locales/", $lang, "/people.ftl")),
            include_str!(concat!("../../locales/", $lang, "/people_data.ftl")),
            include_str!(concat!("../../locales/", $lang, "/places.ftl")),
            include_str!(concat!("../../locales/", $lang, "/property.ftl")),
            include_str!(concat!("../../locales/", $lang, "/questions.ftl")),
            include_str!(concat!("../../locales/", $lang, "/queue.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reading.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_desk.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_life.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_mine.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_more.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_ratings.ftl")),
            include_str!(concat!("../../locales/", $lang, "/reports_staff.ftl")),
            include_str!(concat!("../../locales/", $lang, "/supervision.ftl")),
            include_str!(concat!("../../locales/", $lang, "/today.ftl")),
            include_str!(concat!("../../locales/", $lang, "/ui.ftl")),
            include_str!(concat!("../../locales/", $lang, "/webhooks.ftl")),
            include_str!(concat!("../../locales/", $lang, "/windows.ftl")),
        ]
    };
}

static ZH: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| load(Lang::Zh, catalogue!("zh-CN")));
static EN: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| load(Lang::En, catalogue!("en")));

fn load(lang: Lang, files: &[&str]) -> FluentBundle<FluentResource> {
    let id = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks around arguments are for mixed-direction text; neither language needs them.
    bundle.set_use_isolating(false);
    for file in files {
        let resource = match FluentResource::try_new((*file).to_owned()) {
            Ok(resource) => resource,
            // A file with a mistake still gives its good messages; the catalogue test names the bad ones.
            Err((resource, _)) => resource,
        };
        // A key that two files define keeps its first text; the catalogue test refuses it.
        let _ = bundle.add_resource(resource);
    }
    bundle
}

/// The words of one language: a small copyable handle that every page gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// The language these words are in.
    pub lang: Lang,
}

impl Words {
    /// The catalogue of `lang`.
    pub fn new(lang: Lang) -> Words {
        Words { lang }
    }

    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        match self.lang {
            Lang::Zh => &ZH,
            Lang::En => &EN,
        }
    }

    /// The text of `key`. A key that is missing shows as itself, so that a page never fails over a word;
    /// the catalogue test makes sure that none is missing.
    pub fn t(self, key: &str) -> String {
        self.format(key, None)
    }

    /// The text of `key` with named arguments, e.g. `w.tf("inbox-unread", &[("count", 3.into())])`.
    pub fn tf(self, key: &str, args: &[(&str, FluentValue<'_>)]) -> String {
        let mut named = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            named.set((*name).to_owned(), value.clone());
        }
        self.format(key, Some(&named))
    }

    fn format(self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let bundle = self.bundle();
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let mut errors = Vec::new();
        bundle.format_pattern(pattern, args, &mut errors).into_owned()
    }

    /// Picks between a Chinese and an English text from the data; an empty English one falls back to Chinese.
    pub fn pick<'a>(self, zh: &'a str, en: &'a str) -> &'a str {
        self.lang.pick(zh, en)
    }
}
