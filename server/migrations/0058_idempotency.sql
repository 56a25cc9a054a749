-- What was answered to a request that carried an Idempotency-Key, so that the same request sent again is answered the
-- same. Kept for a day.
CREATE TABLE api_request (
    -- whose: a person, a key, a browser, or nobody that is known
    owner TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    -- hash of what was sent
    fingerprint TEXT NOT NULL,
    -- 0: it is being dealt with
    status BIGINT NOT NULL DEFAULT 0,
    -- headers and body, sealed
    answer_sealed TEXT NOT NULL DEFAULT '',
    created_at BIGINT NOT NULL,
    PRIMARY KEY (owner, idempotency_key)
);
CREATE INDEX api_request_created ON api_request (created_at);
