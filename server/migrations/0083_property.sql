-- Property companies, the estates they look after, and from when to when.
CREATE TABLE property_company (
    id TEXT PRIMARY KEY,
    -- of the organisation that keeps it; staff see it besides where it has, or had, an estate
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    -- 统一社会信用代码
    registration TEXT NOT NULL UNIQUE,
    -- the office's telephone, public
    phone TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    -- one form makes one
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);

-- People who act for a company here.
CREATE TABLE property_member (
    company_id TEXT NOT NULL REFERENCES property_company (id),
    person_id TEXT NOT NULL REFERENCES person (id),
    added_at BIGINT NOT NULL,
    PRIMARY KEY (company_id, person_id)
);
CREATE INDEX property_member_person ON property_member (person_id);

CREATE TABLE property_estate (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    -- of the community
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_at BIGINT NOT NULL
);
CREATE INDEX property_estate_path ON property_estate (path);

-- A building belongs to one estate.
CREATE TABLE property_building (
    building_id TEXT PRIMARY KEY REFERENCES organisation (id),
    estate_id TEXT NOT NULL REFERENCES property_estate (id)
);
CREATE INDEX property_building_estate ON property_building (estate_id);

-- Days are YYYY-MM-DD, the last one included. Contracts of an estate never overlap: they are written under the estate's lock.
CREATE TABLE property_contract (
    id TEXT PRIMARY KEY,
    estate_id TEXT NOT NULL REFERENCES property_estate (id),
    company_id TEXT NOT NULL REFERENCES property_company (id),
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    CHECK (from_day <= until_day)
);
CREATE INDEX property_contract_estate ON property_contract (estate_id, from_day);
CREATE INDEX property_contract_company ON property_contract (company_id, from_day);
