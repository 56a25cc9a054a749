//! Filing a report as another system.

use super::{
    Asked,
    answer::{Node, Refused, write},
    jurisdiction, named,
    reading::notice,
    with_key,
};
use crate::{
    auth::secrets::sha256,
    clock, grids,
    http::{Ctx, Error},
    photos::intake::PhotoForm,
    places::{self, Organisation, OrganisationKind, landmarks},
    reports::{
        categories::{self, Category},
        file::{self, FileError, Filed, Source, System},
        public, store,
    },
};
use app::reports::{
    MAX_PLACE,
    call::{MAX_CALLER, MAX_FOREIGN, Number},
    form::ReportForm,
    place::Position,
};
use axum::{http::HeaderMap, response::Response};

/// `POST /open311/v2/requests`. A header `Idempotency-Key` makes sending it again harmless.
pub async fn file(ctx: Ctx, headers: HeaderMap, form: Result<PhotoForm, Error>) -> Response {
    let format = named(&ctx).1;
    let answer = match form {
        Ok(form) => create(ctx, &headers, form).await,
        Err(error) => Err(error.into()),
    };
    write(format, "service_requests", answer)
}

async fn create(ctx: Ctx, headers: &HeaderMap, mut form: PhotoForm) -> Result<Node, Refused> {
    let query = Asked::query(&ctx);
    let asked = Asked::of(form.fields.clone());
    let key = asked.get("api_key").or(query.get("api_key"));
    // A call without a key is refused like one with a wrong key.
    let ctx = with_key(ctx, Some(key.unwrap_or_default())).await?;
    let category = service(&ctx, &asked).await?;
    let position = position(&asked)?;
    let building = building(&ctx, &asked).await?;
    let named_in = if asked.get("jurisdiction_id").is_some() { &asked } else { &query };
    let community = community(&ctx, named_in, position, building.as_ref().map(|(_, path)| path.as_str())).await?;
    let place = place_words(&asked, position.is_some() || building.is_some())?;
    let number = Number::parse(asked.get("phone").unwrap_or_default())
        .map_err(|_| Refused::wrong("phone is no telephone number"))?;
    let caller = [asked.get("last_name"), asked.get("first_name")].into_iter().flatten().collect::<String>();
    if caller.chars().count() > MAX_CALLER {
        return Err(Refused::wrong(format!("first_name and last_name: at most {MAX_CALLER} characters together")));
    }
    let foreign = asked.get("attribute[number]").unwrap_or_default();
    if foreign.chars().count() > MAX_FOREIGN {
        return Err(Refused::wrong(format!("attribute[number]: at most {MAX_FOREIGN} characters")));
    }
    let mut description = asked.get("description").unwrap_or(ctx.w.pick(&category.name, &category.name_en)).to_owned();
    if let Some(media) = asked.get("media_url") {
        // Not fetched: an address from outside may lead anywhere. Whoever works on it can open it.
        description = format!("{description}\n{media}");
    }
    let report = ReportForm {
        key: key_of(&ctx, headers),
        category: category.code.clone(),
        building: building.map(|(code, _)| code).unwrap_or_default(),
        place,
        longitude: position.map(|at| at.longitude.to_string()).unwrap_or_default(),
        latitude: position.map(|at| at.latitude.to_string()).unwrap_or_default(),
        description,
        ..ReportForm::default()
    };
    let photos = public::take_photos(&ctx, &mut form).await?;
    if let Some(trouble) = photos.troubles.first() {
        return Err(Refused::wrong(trouble.clone()));
    }
    let system = System { foreign, caller: &caller, number };
    let filed = file::file_from(&ctx, &report, &community, &photos.ids, Source::System(&system)).await;
    let filed = filed.map_err(|error| refused(&ctx, error))?;
    request(&ctx, &filed).await
}

/// The answer: its id, and what is promised.
async fn request(ctx: &Ctx, filed: &Filed) -> Result<Node, Refused> {
    let report = store::by_code(&ctx.app.db, &filed.code).await?;
    let due = report.and_then(|report| report.due_at);
    let request = Node::Fields(vec![
        ("service_request_id", Node::Text(filed.code.clone())),
        ("service_notice", Node::maybe(due.map(|due| notice(ctx, due)))),
        ("account_id", Node::Text(String::new())),
    ]);
    Ok(Node::List("request", vec![request]))
}

/// The key of the report: from `Idempotency-Key`, one system's apart from another's; else a new one.
fn key_of(ctx: &Ctx, headers: &HeaderMap) -> String {
    let sent = headers.get("idempotency-key").and_then(|value| value.to_str().ok()).filter(|key| !key.is_empty());
    match sent {
        Some(sent) => sha256(&format!("{}:{sent}", ctx.device)),
        None => clock::token(),
    }
}

fn refused(ctx: &Ctx, error: FileError) -> Refused {
    match error {
        FileError::Failed(error) => error.into(),
        FileError::OtherContent(_) => Refused::wrong("Idempotency-Key was used for other content"),
        FileError::Mistakes(mistakes) => {
            let all: Vec<String> = mistakes.iter().map(|(field, key)| format!("{field}: {}", ctx.w.t(key))).collect();
            Refused::wrong(all.join("; "))
        }
    }
}

async fn service(ctx: &Ctx, asked: &Asked) -> Result<Category, Refused> {
    let code = asked.get("service_code").ok_or_else(|| Refused::wrong("service_code is missing"))?;
    let found = categories::by_code(&ctx.app.db, code).await?;
    found.ok_or_else(|| Refused::missing("service_code was not found"))
}

fn position(asked: &Asked) -> Result<Option<Position>, Refused> {
    match (asked.get("long"), asked.get("lat")) {
        (None, None) => Ok(None),
        (Some(longitude), Some(latitude)) => match Position::parse(longitude, latitude) {
            Some(position) => Ok(Some(position)),
            None => Err(Refused::wrong("lat and long are no place on earth")),
        },
        _ => Err(Refused::wrong("lat and long go together")),
    }
}

/// The building or landmark that `address_id` or the attribute names: its code, and the path it lies on.
async fn building(ctx: &Ctx, asked: &Asked) -> Result<Option<(String, String)>, Refused> {
    let db = &ctx.app.db;
    let Some(code) = asked.get("attribute[building]").or(asked.get("address_id")) else { return Ok(None) };
    let found = places::store::by_code(db, code).await?;
    if let Some(building) = found.filter(|place| place.kind == OrganisationKind::Building.code()) {
        return Ok(Some((building.code, building.path)));
    }
    let Some(landmark) = landmarks::by_code(db, code).await? else {
        return Err(Refused::wrong("address_id is no building or landmark here"));
    };
    let community = places::store::by_id(db, &landmark.community_id).await?;
    Ok(community.map(|community| (landmark.code, community.path)))
}

/// The place in words; needed when nothing else says where it is.
fn place_words(asked: &Asked, known: bool) -> Result<String, Refused> {
    let words = [asked.get("address_string"), asked.get("attribute[place]")].into_iter().flatten().collect::<Vec<_>>();
    let words = words.join(" ");
    if words.is_empty() && !known {
        return Err(Refused::wrong("a place is missing: lat and long, address_string, or address_id"));
    }
    if words.chars().count() > MAX_PLACE {
        return Err(Refused::wrong(format!("address_string: at most {MAX_PLACE} characters")));
    }
    Ok(words)
}

/// The community that is named, or that of the building or landmark at this path, or the one around the position.
async fn community(
    ctx: &Ctx,
    asked: &Asked,
    position: Option<Position>,
    building: Option<&str>,
) -> Result<Organisation, Refused> {
    if let Some(named) = jurisdiction(ctx, asked).await? {
        return Ok(named);
    }
    let db = &ctx.app.db;
    let mut inside = building.map(str::to_owned);
    if let (None, Some(position)) = (&inside, position) {
        let reach = ctx.key.as_ref().map_or("", |key| key.path.as_str());
        inside = grids::store::around(db, reach, position).await?.map(|grid| grid.path);
    }
    if let Some(path) = inside {
        let communities = places::store::under(db, "", OrganisationKind::Community).await?;
        if let Some(community) = communities.into_iter().find(|community| path.starts_with(&community.path)) {
            return Ok(community);
        }
    }
    Err(Refused::wrong("jurisdiction_id is needed: the place lies in no community that this key opens"))
}
