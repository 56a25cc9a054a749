-- Rules of assessment and credit: weights, scales, categories, levels. A version is never changed.
CREATE TABLE property_rules (
    id TEXT PRIMARY KEY,
    -- holds from this day on, until a later one does
    from_day TEXT NOT NULL UNIQUE,
    -- JSON, see app::property::rules
    rules TEXT NOT NULL,
    made_by TEXT REFERENCES person (id),
    created_at BIGINT NOT NULL
);

CREATE TABLE property_inspection (
    id TEXT PRIMARY KEY,
    estate_id TEXT NOT NULL REFERENCES property_estate (id),
    -- whose contract it was on that day
    company_id TEXT NOT NULL REFERENCES property_company (id),
    day TEXT NOT NULL,
    -- 0 to 100: 100 less what the findings take
    points BIGINT NOT NULL CHECK (points BETWEEN 0 AND 100),
    -- JSON array of {item, lost}
    findings TEXT NOT NULL,
    note TEXT NOT NULL DEFAULT '',
    made_by TEXT NOT NULL REFERENCES person (id),
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX property_inspection_estate ON property_inspection (estate_id, day);
CREATE INDEX property_inspection_company ON property_inspection (company_id, day);

-- What residents of an estate think of its property company: one voice per person and quarter. Shown only as sums.
CREATE TABLE property_rating (
    estate_id TEXT NOT NULL REFERENCES property_estate (id),
    -- 2026-Q4
    quarter TEXT NOT NULL,
    person_id TEXT NOT NULL REFERENCES person (id),
    company_id TEXT NOT NULL REFERENCES property_company (id),
    stars BIGINT NOT NULL CHECK (stars BETWEEN 1 AND 5),
    reason TEXT NOT NULL DEFAULT '',
    rated_at BIGINT NOT NULL,
    PRIMARY KEY (estate_id, quarter, person_id)
);
CREATE INDEX property_rating_person ON property_rating (person_id);

-- An assessment as it was made, with everything that went into it. Made again with other inputs it is another row.
CREATE TABLE property_assessment (
    id TEXT PRIMARY KEY,
    company_id TEXT NOT NULL REFERENCES property_company (id),
    -- 2026-09 or 2026-Q3
    period TEXT NOT NULL,
    number BIGINT NOT NULL,
    -- hundredths of a point; NULL: nothing could be counted
    points BIGINT,
    -- JSON, see app::property::assess::Inputs
    inputs TEXT NOT NULL,
    made_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL,
    UNIQUE (company_id, period, number)
);
