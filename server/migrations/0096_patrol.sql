-- Patrol plans: where a grid is walked, on which days, and what to look at. What was looked at is kept by plan and day; nothing
-- here counts people, and no track of anybody is asked for.
CREATE TABLE patrol_plan (
    id TEXT PRIMARY KEY,
    community_id TEXT NOT NULL REFERENCES organisation (id),
    grid_id TEXT NOT NULL REFERENCES organisation (id),
    -- of the grid, for permission
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    -- days of the week, Monday = 1, in order: '135'
    weekdays TEXT NOT NULL,
    -- first and last day, YYYY-MM-DD; an empty last day: until it is ended
    from_day TEXT NOT NULL,
    until_day TEXT NOT NULL DEFAULT '',
    version BIGINT NOT NULL DEFAULT 1,
    form_key TEXT NOT NULL UNIQUE,
    created_by TEXT NOT NULL REFERENCES person (id),
    created_at BIGINT NOT NULL
);
CREATE INDEX patrol_plan_community ON patrol_plan (community_id, name);
CREATE INDEX patrol_plan_grid ON patrol_plan (grid_id);

-- Where to look, in order. Points are kept when a plan changes: what was looked at stays readable.
CREATE TABLE patrol_point (
    plan_id TEXT NOT NULL REFERENCES patrol_plan (id),
    version BIGINT NOT NULL,
    position BIGINT NOT NULL,
    place TEXT NOT NULL,
    look_at TEXT NOT NULL,
    PRIMARY KEY (plan_id, version, position)
);

-- A plan on a day. The points are those of the version with which the day began.
CREATE TABLE patrol_walk (
    id TEXT PRIMARY KEY,
    plan_id TEXT NOT NULL REFERENCES patrol_plan (id),
    day TEXT NOT NULL,
    plan_version BIGINT NOT NULL,
    -- who was last on it
    walker_id TEXT NOT NULL REFERENCES person (id),
    note TEXT NOT NULL DEFAULT '',
    done_at BIGINT,
    UNIQUE (plan_id, day)
);
CREATE TABLE patrol_look (
    walk_id TEXT NOT NULL REFERENCES patrol_walk (id),
    position BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('fine', 'found')),
    at BIGINT NOT NULL,
    PRIMARY KEY (walk_id, position)
);
