# 公告

notice-kind-outage = 停水停电
notice-kind-activity = 活动
notice-kind-policy = 政策
notice-kind-service = 办事
notice-kind-emergency = 紧急
notice-kind-disclosure = 公示
notice-severity-extreme = 特别重大
notice-severity-severe = 重大
notice-severity-moderate = 较大
notice-severity-minor = 一般
notice-certainty-observed = 已经发生
notice-certainty-likely = 很可能发生
notice-certainty-possible = 可能发生
notice-state-draft = 草稿
notice-state-scheduled = 定时发布
notice-state-published = 已发布
notice-state-withdrawn = 已撤回
