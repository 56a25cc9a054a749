//! `/staff/property/rules`.

use super::{done, or_errors};
use crate::{
    http::{Ctx, FormBody, Page, Result},
    property::service::{
        rules::{self, Form, NUMBERS, form_of},
        today,
    },
};
use app::{
    people::Action,
    property::{
        pages::{
            Errors,
            rules::{self as pages, RulesPage, VersionView},
        },
        rules::{Indicator, Rules},
    },
    ui::shell::Tab,
};
use axum::http::StatusCode;

pub async fn page(ctx: Ctx) -> Result {
    show(&ctx, None, Errors::new(), StatusCode::OK).await
}

async fn show(ctx: &Ctx, typed: Option<Form>, errors: Errors, status: StatusCode) -> Result {
    let w = ctx.w;
    let versions = rules::list(ctx).await?;
    let day = today(ctx);
    let current = versions.iter().rev().find(|version| version.from <= day).map(|version| version.from);
    let latest = versions.last().map_or_else(Rules::default, |version| version.rules.clone());
    let form = typed.unwrap_or_else(|| form_of(&latest));
    let categories = rules::all_categories(ctx).await?;
    let named = |rules: &Rules| {
        let names: Vec<&str> = categories
            .iter()
            .filter(|category| rules.categories.contains(&category.code))
            .map(|category| w.pick(&category.name, &category.name_en))
            .collect();
        names.join(&w.t("property-and"))
    };
    let shown = versions.into_iter().rev().map(|version| VersionView {
        from: if version.id.is_empty() { w.t("property-from-start") } else { version.from.to_string() },
        categories: named(&version.rules),
        current: Some(version.from) == current,
        rules: version.rules,
    });
    let page = RulesPage {
        w,
        versions: shown.collect(),
        manages: ctx.actor()?.require_somewhere(Action::PropertyManage).is_ok(),
        categories: categories
            .iter()
            .map(|category| (category.code.clone(), w.pick(&category.name, &category.name_en).to_owned()))
            .collect(),
        chosen: form.categories,
        typed: form.typed,
        from: form.from,
        errors,
    };
    let page = pages::page(page);
    Ok(Page::new(ctx, w.t("property-rules")).tab(Tab::StaffNet).back("/staff/property").status(status).render(page))
}

/// The fields of a form, of which the names are known.
fn read(fields: Vec<(String, String)>) -> Form {
    let mut form = Form::default();
    let known: Vec<&'static str> = Indicator::ALL.into_iter().flat_map(Indicator::fields).chain(NUMBERS).collect();
    for (name, value) in fields {
        match name.as_str() {
            "from" => form.from = value,
            "categories" => form.categories.push(value),
            name => {
                if let Some(field) = known.iter().find(|field| **field == name) {
                    form.typed.insert(field, value);
                }
            }
        }
    }
    form
}

pub async fn make(ctx: Ctx, FormBody(fields): FormBody<Vec<(String, String)>>) -> Result {
    let form = read(fields);
    match rules::make(&ctx, &form).await {
        Ok(_) => Ok(done(&ctx, "/staff/property/rules")),
        Err(refused) => {
            let errors = or_errors(refused)?;
            show(&ctx, Some(form), errors, StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}
