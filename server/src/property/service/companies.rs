//! Keeping companies, and who acts for them.

use super::{Outcome, Refused, checked, kept, key, line, made_before, note, wrong};
use crate::{
    auth::limit::Limit,
    db::is_unique_violation,
    http::{Ctx, Error, FieldErrors},
    people::store as people,
    property::store::{self, Company, Made, Member, NewCompany},
};
use app::{
    people::{Action, Phone},
    property::NAME_MAX,
};

/// Numbers that staff look up to name who acts for a company: nobody finds out who has an account.
const LOOKED_UP: Limit = Limit { what: "property-member", max: 60, seconds: 3600 };

/// A company as a form describes it.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// Name.
    pub name: String,
    /// Name in English.
    pub name_en: String,
    /// Registration code.
    pub registration: String,
    /// The office's telephone.
    pub phone: String,
    /// One form makes one.
    pub key: String,
}

struct Checked {
    name: String,
    name_en: String,
    registration: String,
    phone: String,
}

/// Reads the form; `id` is the company that is changed, empty for a new one.
async fn check(ctx: &Ctx, form: &Form, id: &str) -> Outcome<Checked> {
    let mut errors = FieldErrors::new();
    let name = line(ctx, &form.name, NAME_MAX, "name", true, &mut errors);
    let name_en = line(ctx, &form.name_en, NAME_MAX, "name_en", false, &mut errors);
    let registration = form.registration.trim().to_ascii_uppercase();
    let fits = registration.len() == 18 && registration.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if !fits {
        errors.add("registration", ctx.w.t("property-error-registration"));
    }
    let phone = line(ctx, &form.phone, 30, "phone", false, &mut errors);
    if !phone.chars().all(|c| c.is_ascii_digit() || matches!(c, '+' | '-' | ' ' | '(' | ')')) {
        errors.add("phone", ctx.w.t("property-error-phone"));
    }
    let other = match fits {
        true => store::by_registration(&ctx.app.db, &registration).await?.filter(|other| other.id != id),
        false => None,
    };
    // The same form that was sent before is the use case's matter.
    if other.is_some_and(|other| other.name != name || !id.is_empty()) {
        errors.add("registration", ctx.w.t("property-error-registered"));
    }
    checked(errors)?;
    Ok(Checked { name, name_en, registration, phone })
}

/// The same code is taken while this form was on its way.
fn taken(ctx: &Ctx, error: sqlx::Error) -> Refused {
    if is_unique_violation(&error)
        && let Err(refused) = wrong::<()>(ctx, "registration", "property-error-registered")
    {
        return refused;
    }
    error.into()
}

/// Makes a company, kept where the reader manages; gives its id. One that is there under the same name and code is that one.
pub async fn make(ctx: &Ctx, form: &Form) -> Outcome<String> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyManage)?;
    let checked = check(ctx, form, "").await?;
    let key = key(ctx, &form.key)?;
    if let Some(same) = store::by_registration(&ctx.app.db, &checked.registration).await? {
        return Ok(same.id);
    }
    let path = actor.scopes(Action::PropertyManage).into_iter().min_by_key(|path| path.len()).unwrap_or_default();
    let new = NewCompany {
        path,
        name: &checked.name,
        name_en: &checked.name_en,
        registration: &checked.registration,
        phone: &checked.phone,
        form_key: &key,
    };
    let mut tx = ctx.app.db.begin().await?;
    let made = store::insert(&mut tx, &new, ctx.now).await.map_err(|error| taken(ctx, error))?;
    let Some(id) = made else { return made_before(&mut tx, Made::Company, &key).await };
    note(&mut tx, ctx, "property.company_make", ("property_company", &id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(id)
}

/// Changes a company that still is as the reader saw it.
pub async fn change(ctx: &Ctx, id: &str, version: i64, form: &Form) -> Outcome {
    let company = kept(ctx, id).await?;
    let checked = check(ctx, form, id).await?;
    let new = NewCompany {
        path: &company.path,
        name: &checked.name,
        name_en: &checked.name_en,
        registration: &checked.registration,
        phone: &checked.phone,
        form_key: "",
    };
    let mut tx = ctx.app.db.begin().await?;
    let done = store::set(&mut tx, (id, version), &new).await.map_err(|error| taken(ctx, error))?;
    if !done {
        return Err(Error::Conflict("error-conflict-text").into());
    }
    note(&mut tx, ctx, "property.company_change", ("property_company", id), serde_json::json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// Who acts for a company. That staff look at them is written down.
pub async fn members(ctx: &Ctx, id: &str) -> Result<Vec<Member>, Error> {
    kept(ctx, id).await?;
    let members = store::members(&ctx.app.db, id).await?;
    if !members.is_empty() {
        let mut tx = ctx.app.db.begin().await?;
        note(&mut tx, ctx, "property.see_members", ("property_company", id), serde_json::json!({})).await?;
        tx.commit().await?;
    }
    Ok(members)
}

/// Lets the person with this number act for a company.
pub async fn add_member(ctx: &Ctx, id: &str, phone: &str) -> Outcome {
    kept(ctx, id).await?;
    let Ok(phone) = Phone::parse(phone.trim()) else { return wrong(ctx, "member", "property-error-member") };
    LOOKED_UP.take(&ctx.app.db, &ctx.actor()?.id, ctx.now).await?;
    let Some(person) = people::id_by_phone(&ctx.app.db, &ctx.app.secrets, &phone).await? else {
        return wrong(ctx, "member", "property-error-unknown");
    };
    let mut tx = ctx.app.db.begin().await?;
    if store::add_member(&mut tx, id, &person, ctx.now).await? {
        let detail = serde_json::json!({ "person": person });
        note(&mut tx, ctx, "property.member_add", ("property_company", id), detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Lets somebody act for a company no longer. Twice is once.
pub async fn remove_member(ctx: &Ctx, id: &str, person: &str) -> Result<(), Error> {
    kept(ctx, id).await?;
    let mut tx = ctx.app.db.begin().await?;
    if store::remove_member(&mut tx, id, person).await? {
        let detail = serde_json::json!({ "person": person });
        note(&mut tx, ctx, "property.member_remove", ("property_company", id), detail).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Companies that the reader may see as staff.
pub async fn visible(ctx: &Ctx) -> Result<Vec<Company>, Error> {
    let actor = ctx.actor()?;
    actor.require_somewhere(Action::PropertyRead)?;
    let scopes = actor.scopes(Action::PropertyRead);
    let paths = store::paths(&ctx.app.db).await?;
    let within = |path: &String| scopes.iter().any(|scope| path.starts_with(scope));
    let mut all = store::all(&ctx.app.db).await?;
    all.retain(|company| within(&company.path) || paths.get(&company.id).is_some_and(|paths| paths.iter().any(within)));
    Ok(all)
}
