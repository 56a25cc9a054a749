//! "Where would this go?": the page answers with the rule of the grid that was tried.

use super::*;
use crate::support::on_both;

const PAGE: &str = "/staff/reports/routing";

/// What the page answers, and which category and place stand chosen in the form.
async fn tried(browser: &mut Browser, category: &str, place: &str) -> (String, Vec<String>) {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("category", category), ("place", place)])
        .finish();
    let page = browser.get(&format!("{PAGE}?{query}")).await;
    assert_eq!(page.status, StatusCode::OK);
    let html = scraper::Html::parse_document(&page.text());
    let select = |css: &str| scraper::Selector::parse(css).expect("a selector");
    let said = html.select(&select(".say")).flat_map(|part| part.text()).collect::<String>();
    let chosen = html
        .select(&select("form[method=get] option[selected]"))
        .filter_map(|option| option.value().attr("value").map(str::to_owned))
        .collect();
    (said, chosen)
}

#[tokio::test]
async fn a_rule_for_a_grid_is_found_for_that_grid() {
    on_both(|test| async move {
        let mut staff = test.signed_in(STAFF).await;
        let path = |code: &str| test.loaded.organisations[code].1.clone();
        let [one, two, three] = ["wutong-g1", "wutong-g2", "wutong-g3"].map(path);
        for (place, category, owner) in
            [(&one, "street-light", VOLUNTEER), (&one, "", GRID_WORKER), (&three, "street-light", OTHER_VOLUNTEER)]
        {
            let rule = [("act", "add"), ("category", category), ("place", place), ("owner", test.person(owner))];
            let answer = staff.post(PAGE, &rule).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        }
        for (category, place, goes) in [
            ("street-light", &one, "会派给方敏。"),
            ("elevator", &one, "会派给陆海峰。"),
            ("street-light", &three, "会派给唐卫东。"),
            ("elevator", &three, "没有符合的规则，由派遣的人选。"),
            ("street-light", &two, "没有符合的规则，由派遣的人选。"),
        ] {
            let (said, chosen) = tried(&mut staff, category, place).await;
            assert_eq!(said, goes, "{category} in {place}");
            assert_eq!(chosen, [category.to_owned(), place.clone()], "what was tried stays chosen");
        }
        // Without a grid the rules of grids do not fit.
        assert_eq!(tried(&mut staff, "street-light", "").await.0, "没有符合的规则，由派遣的人选。");
        // Another community's grid is not this one's to ask about or to write rules for.
        let elsewhere = path("xingwu-g1");
        assert_eq!(tried(&mut staff, "street-light", &elsewhere).await.0, "没有符合的规则，由派遣的人选。");
        let rule = [("act", "add"), ("place", elsewhere.as_str()), ("owner", test.person(VOLUNTEER))];
        assert_eq!(staff.post(PAGE, &rule).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        // What the page says is what the dispatch form proposes.
        let code = filed(&mut test.signed_in(RESIDENT).await, &key(1), 0).await;
        staff_step(&mut staff, &code, "accept", &[]).await;
        let form = staff.get(&format!("/staff/reports/{code}?step=dispatch")).await.text();
        let html = scraper::Html::parse_document(&form);
        let chosen = scraper::Selector::parse("input[name=to][checked]").expect("a selector");
        let chosen: Vec<_> = html.select(&chosen).filter_map(|input| input.value().attr("value")).collect();
        assert_eq!(chosen, [test.person(VOLUNTEER)]);
    })
    .await;
}
