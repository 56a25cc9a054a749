//! Voices in the database.

use crate::{
    clock,
    db::{Db, Tx},
};
use app::consultations::{count, voice::Said};
use jiff::Timestamp;

/// A voice with its building.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Voice {
    /// Id.
    pub id: String,
    /// Who spoke last; `None`: paper, or somebody who has left.
    pub person_id: Option<String>,
    /// Id of the building.
    pub building_id: Option<String>,
    /// Its name.
    pub building: Option<String>,
    /// The same in English.
    pub building_en: Option<String>,
    /// The flat, tidy; may be empty.
    pub flat: String,
    choices: String,
    /// Words, may be empty.
    pub comment: String,
    channel: String,
    /// When it was last changed, in microseconds.
    pub changed_at: i64,
    /// How often it was changed.
    pub changes: i64,
}

impl Voice {
    /// Places of the chosen options.
    pub fn choices(&self) -> Vec<usize> {
        serde_json::from_str(&self.choices).unwrap_or_default()
    }

    /// It came on paper.
    pub fn is_paper(&self) -> bool {
        self.channel == "paper"
    }

    /// As far as counting needs it.
    pub fn counted(&self) -> count::Voice {
        count::Voice {
            id: self.id.clone(),
            building: self.building_id.clone().unwrap_or_default(),
            flat: self.flat.clone(),
            choices: self.choices(),
            has_words: !self.comment.is_empty(),
            paper: self.is_paper(),
        }
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT v.id, v.person_id, v.building_id, b.name AS building, b.name_en AS building_en, v.flat, v.choices, \
             v.comment, v.channel, v.changed_at, v.changes FROM consultation_voice v \
             LEFT JOIN organisation b ON b.id = v.building_id ",
            $rest
        )
    };
}

/// Whose voice it is and how it came.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// What is unique: the household, the person or the sheet.
    pub key: &'a str,
    /// Who speaks; `None`: paper.
    pub person_id: Option<&'a str>,
    /// Id of the building.
    pub building_id: Option<&'a str>,
    /// The flat, tidy.
    pub flat: &'a str,
    /// Who types the paper.
    pub entered_by: Option<&'a str>,
}

impl Source<'_> {
    fn channel(&self) -> &'static str {
        if self.entered_by.is_some() { "paper" } else { "online" }
    }
}

/// The voice with this key.
pub async fn by_key(tx: &mut Tx, consultation: &str, key: &str) -> Result<Option<Voice>, sqlx::Error> {
    sqlx::query_as(select!("WHERE v.consultation_id = $1 AND v.voice_key = $2"))
        .bind(consultation)
        .bind(key)
        .fetch_optional(&mut **tx)
        .await
}

/// The voice for which a person has spoken.
pub async fn of_person(db: &Db, consultation: &str, person: &str) -> Result<Option<Voice>, sqlx::Error> {
    sqlx::query_as(select!(
        "JOIN consultation_speaker s ON s.voice_id = v.id WHERE s.consultation_id = $1 AND s.person_id = $2"
    ))
    .bind(consultation)
    .bind(person)
    .fetch_optional(db.read())
    .await
}

/// All voices of a consultation, the oldest first.
pub async fn all(db: &Db, consultation: &str) -> Result<Vec<Voice>, sqlx::Error> {
    sqlx::query_as(select!("WHERE v.consultation_id = $1 ORDER BY v.first_at, v.id"))
        .bind(consultation)
        .fetch_all(db.read())
        .await
}

/// The voices that count, by what they chose and how they came: figures of a whole district without its words.
pub async fn groups(db: &Db, consultation: &str) -> Result<Vec<count::Group>, sqlx::Error> {
    let rows: Vec<(String, String, i64, i64)> = sqlx::query_as(
        "SELECT v.choices, v.channel, CAST(COUNT(*) AS BIGINT), \
         CAST(SUM(CASE WHEN v.comment = '' THEN 0 ELSE 1 END) AS BIGINT) FROM consultation_voice v \
         WHERE v.consultation_id = $1 AND NOT EXISTS (SELECT 1 FROM consultation_pair p \
         WHERE p.consultation_id = $1 AND p.struck_id = v.id) GROUP BY v.choices, v.channel",
    )
    .bind(consultation)
    .fetch_all(db.read())
    .await?;
    let group = |(choices, channel, voices, words): (String, String, i64, i64)| count::Group {
        choices: serde_json::from_str(&choices).unwrap_or_default(),
        paper: channel == "paper",
        voices,
        words,
    };
    Ok(rows.into_iter().map(group).collect())
}

/// Writes a voice; `None`: the database has one with this key.
pub async fn insert(
    tx: &mut Tx,
    consultation: &str,
    source: Source<'_>,
    said: &Said,
    now: Timestamp,
) -> Result<Option<String>, sqlx::Error> {
    let id = clock::new_id(now);
    let done = sqlx::query(
        "INSERT INTO consultation_voice (id, consultation_id, voice_key, person_id, building_id, flat, choices, comment, \
         channel, entered_by, first_at, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
         ON CONFLICT (consultation_id, voice_key) DO NOTHING",
    )
    .bind(&id)
    .bind(consultation)
    .bind(source.key)
    .bind(source.person_id)
    .bind(source.building_id)
    .bind(source.flat)
    .bind(serde_json::json!(said.choices).to_string())
    .bind(&said.comment)
    .bind(source.channel())
    .bind(source.entered_by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok((done.rows_affected() == 1).then_some(id))
}

/// The latest word counts: overwrites a voice.
pub async fn replace(
    tx: &mut Tx,
    id: &str,
    source: Source<'_>,
    said: &Said,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "UPDATE consultation_voice SET person_id = $2, choices = $3, comment = $4, channel = $5, entered_by = $6, \
         changed_at = $7, changes = changes + 1 WHERE id = $1",
    )
    .bind(id)
    .bind(source.person_id)
    .bind(serde_json::json!(said.choices).to_string())
    .bind(&said.comment)
    .bind(source.channel())
    .bind(source.entered_by)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The voice for which a person has spoken, and how many others have spoken for it.
pub async fn spoken_for(tx: &mut Tx, consultation: &str, person: &str) -> Result<Option<(String, i64)>, sqlx::Error> {
    sqlx::query_as(
        "SELECT s.voice_id, (SELECT CAST(COUNT(*) AS BIGINT) FROM consultation_speaker t WHERE t.voice_id = s.voice_id \
         AND t.person_id <> $2) AS others FROM consultation_speaker s WHERE s.consultation_id = $1 AND s.person_id = $2",
    )
    .bind(consultation)
    .bind(person)
    .fetch_optional(&mut **tx)
    .await
}

/// Writes down for which voice a person has spoken last.
pub async fn set_speaker(
    tx: &mut Tx,
    (consultation, voice): (&str, &str),
    person: &str,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    sqlx::query(
        "INSERT INTO consultation_speaker (consultation_id, person_id, voice_id, spoke_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (consultation_id, person_id) DO UPDATE SET voice_id = $3, spoke_at = $4",
    )
    .bind(consultation)
    .bind(person)
    .bind(voice)
    .bind(now.as_microsecond())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// Removes a voice for which nobody speaks any more.
pub async fn remove(tx: &mut Tx, id: &str) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM consultation_voice WHERE id = $1").bind(id).execute(&mut **tx).await?;
    Ok(())
}

/// Who is to hear of an end, after this id: those who spoke, and those who follow a place that it concerns.
pub async fn to_tell(
    db: &Db,
    (consultation, path): (&str, &str),
    after: &str,
    rows: i64,
) -> Result<Vec<String>, sqlx::Error> {
    let people: Vec<(String,)> = sqlx::query_as(
        "SELECT s.person_id FROM consultation_speaker s WHERE s.consultation_id = $1 AND s.person_id > $3 \
         UNION SELECT f.person_id FROM follow f WHERE f.kind IN ('', 'disclosure') AND f.person_id > $3 \
         AND (substr(f.path, 1, length($2)) = $2 OR substr($2, 1, length(f.path)) = f.path) ORDER BY 1 LIMIT $4",
    )
    .bind(consultation)
    .bind(path)
    .bind(after)
    .bind(rows)
    .fetch_all(db.read())
    .await?;
    Ok(people.into_iter().map(|(id,)| id).collect())
}
