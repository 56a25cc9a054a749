# Notices

notice-kind-outage = Outage
notice-kind-activity = Activity
notice-kind-policy = Policy
notice-kind-service = Services
notice-kind-emergency = Emergency
notice-kind-disclosure = For inspection
notice-severity-extreme = Extreme
notice-severity-severe = Severe
notice-severity-moderate = Moderate
notice-severity-minor = Minor
notice-certainty-observed = Happening
notice-certainty-likely = Likely
notice-certainty-possible = Possible
notice-state-draft = Draft
notice-state-scheduled = Scheduled
notice-state-published = Published
notice-state-withdrawn = Withdrawn
